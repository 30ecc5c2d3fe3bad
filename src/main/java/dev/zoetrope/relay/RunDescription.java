package dev.zoetrope.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Track;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the payload of a message with {@link RelayMessage#INIT} says of a run. Immutable.
 *
 * @param maker id of the node where it was made: 1 to 64 characters
 * @param format how its fragments are packed; empty where they are the source's own packets
 * @param mime media type of init segment and fragments together
 * @param tracks by their index
 * @param init what a viewer needs before its first fragment; may be empty
 * @see "docs/PROTOCOL.md, 5.4"
 */
public record RunDescription(
    String maker, Optional<Format> format, String mime, List<Track> tracks, Bytes init) {
  private static final int MOST_TRACKS = 8;

  public RunDescription {
    tracks = List.copyOf(tracks);
    boolean hasCard = tracks.stream().anyMatch(track -> track.codec() == Codec.RGB24);
    if (format.isEmpty() && (tracks.isEmpty() || hasCard)) {
      throw new IllegalArgumentException("packets of " + tracks + ": expected a coded track");
    }
  }

  /** Its bytes. */
  public Bytes bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      text(out, maker);
      text(out, format.map(Format::word).orElse(Rendition.PACKETS));
      text(out, mime);
      out.writeByte(tracks.size());
      for (Track track : tracks) {
        text(out, track.codec().name());
        block(out, track.fourcc());
        block(out, track.extradata());
        out.writeInt(track.width());
        out.writeInt(track.height());
        out.writeInt(track.sampleRate());
        out.writeInt(track.channels());
        out.writeInt(track.decodeDelay());
      }
      block(out, init);
    } catch (IOException e) {
      throw new AssertionError("an array takes all", e);
    }
    return Bytes.owning(bytes.toByteArray());
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    block(out, Bytes.owning(text.getBytes(UTF_8)));
  }

  private static void block(DataOutputStream out, Bytes block) throws IOException {
    out.writeInt(block.size());
    block.writeTo(out);
  }

  /**
   * Reads one. What follows it is passed over: a later version may say more.
   *
   * @throws MalformedMediaException if it is none
   */
  public static RunDescription read(Bytes payload) throws MalformedMediaException {
    ByteBuffer in = payload.asByteBuffer();
    try {
      String maker = text(in);
      if (!NodeIdentity.isId(maker)) {
        throw new MalformedMediaException("a run that no node has made");
      }
      String word = text(in);
      Optional<Format> format = Format.ofWord(word);
      if (format.isEmpty() && !word.equals(Rendition.PACKETS)) {
        throw new MalformedMediaException("a format that is not known");
      }
      String mime = text(in);
      int count = in.get() & 0xff;
      if (count > MOST_TRACKS) {
        throw new MalformedMediaException(count + " tracks");
      }
      List<Track> tracks = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        Codec codec = Codec.valueOf(text(in));
        Bytes fourcc = block(in);
        Bytes extradata = block(in);
        tracks.add(
            new Track(
                index,
                codec,
                fourcc,
                extradata,
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt()));
      }
      return new RunDescription(maker, format, mime, tracks, block(in));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new MalformedMediaException("a run's description that is none: " + e.getMessage());
    }
  }

  private static String text(ByteBuffer in) throws MalformedMediaException {
    return new String(block(in).toArray(), UTF_8);
  }

  private static Bytes block(ByteBuffer in) throws MalformedMediaException {
    int size = in.getInt();
    if (size < 0 || size > in.remaining()) {
      throw new MalformedMediaException("a block of " + size + " bytes");
    }
    byte[] block = new byte[size];
    in.get(block);
    return Bytes.owning(block);
  }
}
