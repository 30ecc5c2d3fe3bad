package dev.zoetrope.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;

/**
 * One JPEG, framed for both kinds of multipart client.
 *
 * <p>The three forms are slices of one array, in which the picture stands once:
 *
 * <pre>
 * header with length and time | the JPEG | delimiter line | header of the next part
 *                             '--------' plain
 * '------------------------------------------------------' {@link MultipartJpeg#TIMED_PARTS}
 *                             '--------------------------------------------------'
 *                                                          {@link MultipartJpeg#IMAGE_ELEMENT}
 * </pre>
 *
 * Immutable.
 */
public final class JpegFragment implements Fragment {
  private static final int HEADER_CAPACITY = 112;
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final byte[] END_OF_IMAGE = {(byte) 0xff, (byte) 0xd9};

  private final long ptsMicros;
  private final long captureMicros;
  private final int size;
  private final Bytes jpeg;
  private final Bytes timedPart;
  private final Bytes imageElementPart;

  /**
   * Repairs and frames the picture of a packet: standard Huffman tables where it has none, zeros
   * after it cut off, an end of image where it was cut before. Other segments (AVI1, Exif, …) stay.
   *
   * @throws MalformedMediaException if it is no JPEG up to its first coded sample, has no coded
   *     sample, or holds the multipart boundary
   */
  static JpegFragment of(Packet packet) throws MalformedMediaException {
    return new JpegFragment(packet, JpegHeader.of(packet.data()));
  }

  private JpegFragment(Packet packet, JpegHeader header) throws MalformedMediaException {
    ptsMicros = packet.ptsMicros();
    captureMicros = packet.captureMicros();

    Bytes data = packet.data();
    int end = endWithoutZeros(data, header.samplesAt());
    boolean isCut = !(data.at(end - 2) == 0xff && data.at(end - 1) == 0xd9);
    if (end - (isCut ? 0 : END_OF_IMAGE.length) <= header.samplesAt()) {
      throw new MalformedMediaException("JPEG at byte " + header.samplesAt() + ": no samples");
    }
    Bytes tables = header.lacksHuffmanTables() ? JpegHuffmanTables.SEGMENT : Bytes.EMPTY;
    int jpegSize = end + tables.size() + (isCut ? END_OF_IMAGE.length : 0);
    byte[] partHeader = timedHeader(jpegSize, captureMicros);

    size =
        partHeader.length
            + jpegSize
            + MultipartJpeg.DELIMITER.length
            + MultipartJpeg.NEXT_HEADER.length;
    byte[] all = new byte[size];
    int at = put(partHeader, all, 0);
    int jpegAt = at;
    data.slice(0, header.scanAt()).copyTo(all, at);
    at += header.scanAt();
    tables.copyTo(all, at);
    at += tables.size();
    data.slice(header.scanAt(), end).copyTo(all, at);
    at += end - header.scanAt();
    if (isCut) {
      at = put(END_OF_IMAGE, all, at);
    }
    if (MultipartJpeg.boundaryOccursIn(all, jpegAt, at)) {
      throw new MalformedMediaException("JPEG: holds the multipart boundary");
    }
    int delimiterAt = at;
    at = put(MultipartJpeg.DELIMITER, all, at);
    int nextHeaderAt = at;
    put(MultipartJpeg.NEXT_HEADER, all, at);

    Bytes whole = Bytes.owning(all);
    jpeg = whole.slice(jpegAt, delimiterAt);
    timedPart = whole.slice(0, nextHeaderAt);
    imageElementPart = whole.slice(jpegAt, size);
  }

  private static int endWithoutZeros(Bytes data, int samplesAt) {
    int end = data.size();
    while (end > samplesAt && data.at(end - 1) == 0) {
      end--;
    }
    return end;
  }

  /** Without {@code String.format}: this runs for each picture. */
  private static byte[] timedHeader(int jpegSize, long captureMicros) {
    long micros = Math.floorMod(captureMicros, MICROS_PER_SECOND);
    String header =
        new StringBuilder(HEADER_CAPACITY)
            .append("Content-Type: image/jpeg\r\nContent-Length: ")
            .append(jpegSize)
            .append("\r\nX-Timestamp: ")
            .append(Math.floorDiv(captureMicros, MICROS_PER_SECOND))
            .append('.')
            // Six digits, leading zeros too: the 1 in front makes seven and is left out.
            .append(Long.toString(MICROS_PER_SECOND + micros), 1, 7)
            .append("\r\n\r\n")
            .toString();
    return header.getBytes(US_ASCII);
  }

  private static int put(byte[] part, byte[] target, int at) {
    System.arraycopy(part, 0, target, at, part.length);
    return at + part.length;
  }

  @Override
  public long ptsMicros() {
    return ptsMicros;
  }

  @Override
  public long captureMicros() {
    return captureMicros;
  }

  @Override
  public Codec.Kind kind() {
    return Codec.Kind.VIDEO;
  }

  /** Every picture is one. */
  @Override
  public boolean isJoinPoint() {
    return true;
  }

  @Override
  public int size() {
    return size;
  }

  /** The plain JPEG. */
  @Override
  public Bytes bytes() {
    return jpeg;
  }

  /** Header with length and time, the JPEG, the delimiter line. */
  Bytes timedPart() {
    return timedPart;
  }

  /** The JPEG, the delimiter line, the next part's header. */
  Bytes imageElementPart() {
    return imageElementPart;
  }
}
