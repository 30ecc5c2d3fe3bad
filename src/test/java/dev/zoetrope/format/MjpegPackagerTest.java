package dev.zoetrope.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MjpegPackagerTest {
  private static final int PICTURES = 20;
  private static final long CAPTURED = 1_700_000_000_000_042L;
  private static final Track TRACK =
      Track.video(0, Codec.MJPEG, Bytes.of('M', 'J', 'P', 'G'), Bytes.EMPTY, 320, 240);

  @TempDir static Path folder;
  private static FfmpegTool tool;

  /** With the standard's Huffman tables, so that those can be left out. */
  private static List<Bytes> jpegs;

  private final FragmentRecord record = new FragmentRecord();
  private final MjpegPackager packager = new MjpegPackager(record);

  @BeforeAll
  static void encode() throws IOException, InterruptedException {
    tool = new FfmpegTool(folder);
    jpegs =
        split(
            tool.encode(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x240:rate=25",
                "-frames:v",
                String.valueOf(PICTURES),
                "-pix_fmt",
                "yuvj422p",
                "-c:v",
                "mjpeg",
                "-huffman",
                "default",
                "-q:v",
                "4",
                "-f",
                "mjpeg",
                "pipe:1"));
    assertThat(jpegs).hasSize(PICTURES);
  }

  @Test
  void timedPartsGiveOtherParsersEveryPictureWithLengthAndTime() throws Exception {
    packageAll(jpegs);

    byte[] sent = record.framed(MultipartJpeg.TIMED_PARTS, 0);
    MultipartReader read = MultipartReader.read(sent, record.runs.get(0).mime());

    assertThat(read.parts()).extracting(MultipartReader.Part::body).isEqualTo(jpegs);
    assertThat(read.parts().get(3).headers())
        .containsExactly(
            Map.entry("Content-Type", "image/jpeg"),
            Map.entry("Content-Length", String.valueOf(jpegs.get(3).size())),
            Map.entry("X-Timestamp", "1700000000.120042"));
    assertThat(read.rest()).isEmpty();
    assertThat(tool.checksums(sent, "mpjpeg", "v", "-frames:v", String.valueOf(PICTURES)))
        .isEqualTo(checksumsOfSource());
  }

  @Test
  void imageElementsSeeTheNextPartsHeaderRightAfterEachPicture() throws Exception {
    packageAll(jpegs);

    byte[] sent = record.framed(MultipartJpeg.IMAGE_ELEMENT, 0);
    MultipartReader read = MultipartReader.read(sent, record.runs.get(0).mime());

    assertThat(read.parts()).extracting(MultipartReader.Part::body).isEqualTo(jpegs);
    assertThat(read.parts())
        .allSatisfy(part -> assertThat(part.headers()).containsOnlyKeys("Content-Type"));
    assertThat(read.rest()).isEqualTo("Content-Type: image/jpeg\r\n\r\n");
    // One less: ffmpeg reads one ahead, and the last header here has no picture behind it.
    int shown = PICTURES - 1;
    assertThat(tool.checksums(sent, "mpjpeg", "v", "-frames:v", String.valueOf(shown)))
        .isEqualTo(checksumsOfSource().subList(0, shown));
  }

  @Test
  void bothFramingsAndThePlainPictureShareOneArray() {
    packageAll(jpegs);

    JpegFragment fragment = (JpegFragment) record.fragments.get(0);

    assertThat(fragment.size()).isLessThan(fragment.bytes().size() + 200);
    assertThat(fragment.timedPart()).isSameAs(fragment.timedPart());
    assertThat(MultipartJpeg.IMAGE_ELEMENT.frame(fragment, true))
        .isSameAs(MultipartJpeg.IMAGE_ELEMENT.frame(fragment, false));
  }

  @Test
  void acceptHeaderChoosesTheFraming() {
    assertThat(MultipartJpeg.ofAccept("image/avif,image/webp,*/*"))
        .isEqualTo(MultipartJpeg.IMAGE_ELEMENT);
    assertThat(MultipartJpeg.ofAccept("*/*")).isEqualTo(MultipartJpeg.TIMED_PARTS);
    assertThat(MultipartJpeg.ofAccept("")).isEqualTo(MultipartJpeg.TIMED_PARTS);
  }

  @Test
  void pictureWithoutHuffmanTablesDecodesToTheSamePixels() throws Exception {
    List<Bytes> bare = jpegs.stream().map(MjpegPackagerTest::withoutHuffmanTables).toList();
    assertThat(bare.get(0).size())
        .isEqualTo(jpegs.get(0).size() - JpegHuffmanTables.SEGMENT.size());

    packageAll(bare);

    assertThat(packager.malformed()).isZero();
    assertThat(tool.checksums(record.bytes(0), "mjpeg", "v")).isEqualTo(checksumsOfSource());
    assertThat(pixels(record.fragments.get(5).bytes())).isEqualTo(pixels(jpegs.get(5)));
  }

  @Test
  void addedTablesAreThoseOfTheStandard() {
    byte[] segment = JpegHuffmanTables.SEGMENT.toArray();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(new byte[] {(byte) 0xff, (byte) 0xc4, 0x01, (byte) 0xa2});

    write(expected, 0x00, JPEGHuffmanTable.StdDCLuminance);
    write(expected, 0x10, JPEGHuffmanTable.StdACLuminance);
    write(expected, 0x01, JPEGHuffmanTable.StdDCChrominance);
    write(expected, 0x11, JPEGHuffmanTable.StdACChrominance);

    assertThat(segment).isEqualTo(expected.toByteArray());
  }

  @Test
  void paddingAfterThePictureIsCutOff() {
    Bytes padded = Bytes.concat(jpegs.get(0), Bytes.owning(new byte[1000]));

    packageAll(List.of(padded));

    assertThat(record.fragments.get(0).bytes()).isEqualTo(jpegs.get(0));
  }

  @Test
  void cutPictureGetsAnEndAndIsShown() throws Exception {
    Bytes whole = jpegs.get(0);
    int end = whole.size() - 500;
    while (whole.at(end - 1) == 0) { // would count as padding
      end--;
    }
    Bytes cut = whole.slice(0, end);

    packageAll(List.of(cut));

    Bytes sent = record.fragments.get(0).bytes();
    assertThat(sent).isEqualTo(Bytes.concat(cut, Bytes.of(0xff, 0xd9)));
    assertThat(pixels(sent)).hasSize(320 * 240);
  }

  @Test
  void otherSegmentsStay() {
    Bytes avi1 = Bytes.of(0xff, 0xe0, 0, 16, 'A', 'V', 'I', '1', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Bytes plain = jpegs.get(0);
    Bytes jpeg = Bytes.concat(plain.slice(0, 2), avi1, plain.slice(2, plain.size()));

    packageAll(List.of(jpeg));

    assertThat(record.fragments.get(0).bytes()).isEqualTo(jpeg);
  }

  @Test
  void pictureWithTheBoundaryInACommentIsRefused() {
    byte[] text =
        ("\r\n--" + MultipartJpeg.BOUNDARY + "\r\nContent-Type: text/html").getBytes(US_ASCII);
    Bytes comment = Bytes.concat(Bytes.of(0xff, 0xfe, 0, text.length + 2), Bytes.owning(text));
    Bytes plain = jpegs.get(0);
    Bytes jpeg = Bytes.concat(plain.slice(0, 2), comment, plain.slice(2, plain.size()));

    packageAll(List.of(jpeg, plain));

    assertThat(packager.malformed()).isEqualTo(1);
    assertThat(record.fragments).hasSize(1);
  }

  @Test
  void boundaryIsFoundAtEveryPlace() {
    byte[] needle = ("--" + MultipartJpeg.BOUNDARY).getBytes(US_ASCII);
    for (int at = 0; at < 90; at++) {
      byte[] hay = new byte[200];
      new Random(at).nextBytes(hay);
      System.arraycopy(needle, 0, hay, at, needle.length);

      assertThat(MultipartJpeg.boundaryOccursIn(hay, 0, hay.length)).isTrue();
      assertThat(MultipartJpeg.boundaryOccursIn(hay, at, at + needle.length)).isTrue();
      assertThat(MultipartJpeg.boundaryOccursIn(hay, at + 1, hay.length)).isFalse();
      assertThat(MultipartJpeg.boundaryOccursIn(hay, 0, at + needle.length - 1)).isFalse();
    }
  }

  @Test
  void whatIsNoJpegIsCountedAndLeftOut() {
    Bytes whole = jpegs.get(0);

    packageAll(
        List.of(
            Bytes.EMPTY,
            Bytes.of(0xff, 0xd8),
            Bytes.of('P', 'N', 'G', 0, 0),
            whole.slice(1, whole.size()),
            whole.slice(0, 100),
            whole.slice(0, 2),
            Bytes.of(0xff, 0xd8, 0xff, 0xd9),
            whole));

    assertThat(packager.malformed()).isEqualTo(7);
    assertThat(record.fragments).hasSize(1);
  }

  @Test
  void flippedAndTruncatedPicturesNeverThrow() {
    Random random = new Random(7);
    int tried = 0;
    packager.begin(List.of(TRACK));
    for (int size = 0; size < jpegs.get(0).size(); size += size < 700 ? 1 : 97) {
      packager.accept(packet(tried++, jpegs.get(0).slice(0, size)));
    }
    for (int i = 0; i < 3000; i++) {
      byte[] flipped = jpegs.get(i % PICTURES).toArray();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        int range = random.nextBoolean() ? 650 : flipped.length;
        flipped[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
      }
      packager.accept(packet(tried++, Bytes.owning(flipped)));
    }

    assertThat(record.fragments.size() + packager.malformed()).isEqualTo(tried);
    assertThat(packager.malformed()).isPositive();
    assertThat(record.fragments).isNotEmpty();
  }

  @Test
  void everyPictureIsAJoinPointAndKeepsItsTimes() {
    packageAll(jpegs);

    JpegFragment fragment = (JpegFragment) record.fragments.get(2);

    assertThat(record.fragments).allMatch(one -> one.isJoinPoint());
    assertThat(fragment.ptsMicros()).isEqualTo(80_000);
    assertThat(fragment.captureMicros()).isEqualTo(CAPTURED + 80_000);
    assertThat(fragment.kind()).isEqualTo(Codec.Kind.VIDEO);
  }

  @Test
  void eachBeginIsARunThatViewersTakeUp() {
    Track sound = Track.audio(0, Codec.MP2, Bytes.EMPTY, Bytes.EMPTY, 48_000, 1);
    Track second = TRACK.withIndex(1);

    packageAll(jpegs.subList(0, 1));
    packager.begin(List.of(sound, second));
    packager.accept(new Packet(sound, 0, 0, true, CAPTURED, Bytes.of(0xff, 0xfd, 0, 0)));
    packager.accept(new Packet(second, 0, 0, true, CAPTURED, jpegs.get(1)));

    assertThat(record.runs).extracting(run -> run.number()).containsExactly(0, 1);
    assertThat(record.runs.get(1).tracks()).containsExactly(TRACK);
    assertThat(record.fragments).hasSize(2);
    assertThat(packager.malformed()).isZero();
    assertThat(MultipartJpeg.IMAGE_ELEMENT.continues(record.runs.get(0), record.runs.get(1)))
        .isTrue();
  }

  @Test
  void headerTellsTheSize() throws Exception {
    JpegHeader header = JpegHeader.of(jpegs.get(0));

    assertThat(header.width()).isEqualTo(320);
    assertThat(header.height()).isEqualTo(240);
    assertThat(header.lacksHuffmanTables()).isFalse();
  }

  @Test
  void headerOfTruncatedPictureSaysWhatIsMissing() {
    assertThatThrownBy(() -> JpegHeader.of(jpegs.get(0).slice(0, 20)))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageStartingWith("JPEG at byte ");
  }

  private void packageAll(List<Bytes> pictures) {
    packager.begin(List.of(TRACK));
    for (int i = 0; i < pictures.size(); i++) {
      packager.accept(packet(i, pictures.get(i)));
    }
  }

  private static Packet packet(int number, Bytes data) {
    long pts = number * 40_000L;
    return new Packet(TRACK, pts, pts, true, CAPTURED + pts, data);
  }

  private static List<String> checksumsOfSource() throws IOException, InterruptedException {
    List<String> checksums =
        tool.checksums(Bytes.concat(jpegs.toArray(Bytes[]::new)).toArray(), "mjpeg", "v");
    assertThat(checksums).hasSize(PICTURES);
    return checksums;
  }

  /** Cuts where an end of image meets a start of image, which no coded sample looks like. */
  private static List<Bytes> split(byte[] stream) {
    List<Bytes> pictures = new ArrayList<>();
    int from = 0;
    for (int at = 2; at <= stream.length; at++) {
      boolean isEnd = (stream[at - 2] & 0xff) == 0xff && (stream[at - 1] & 0xff) == 0xd9;
      if (isEnd && (at == stream.length || (stream[at + 1] & 0xff) == 0xd8)) {
        pictures.add(Bytes.copyOf(stream, from, at - from));
        from = at;
      }
    }
    return pictures;
  }

  private static Bytes withoutHuffmanTables(Bytes jpeg) {
    Bytes result = jpeg.slice(0, 2);
    int at = 2;
    while (jpeg.at(at + 1) != 0xda) {
      int end = at + 2 + (jpeg.at(at + 2) << 8 | jpeg.at(at + 3));
      if (jpeg.at(at + 1) != 0xc4) {
        result = Bytes.concat(result, jpeg.slice(at, end));
      }
      at = end;
    }
    return Bytes.concat(result, jpeg.slice(at, jpeg.size()));
  }

  private static void write(ByteArrayOutputStream out, int id, JPEGHuffmanTable table) {
    out.write(id);
    for (short length : table.getLengths()) {
      out.write(length);
    }
    for (short value : table.getValues()) {
      out.write(value);
    }
  }

  private static int[] pixels(Bytes jpeg) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg.toArray()));
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
