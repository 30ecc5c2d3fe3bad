package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against what the yardstick sends, whole, in single bytes and damaged. */
class FrameReaderTest {
  private static final int FRAMES = 3;

  @TempDir Path folder;
  private final List<Long> captured = new ArrayList<>();
  private YardstickStream mjpeg;
  private YardstickStream gif;

  @BeforeEach
  void setUp() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    byte[] picture = new byte[5000];
    picture[0] = picture[4998] = (byte) 0xff;
    picture[1] = (byte) 0xd8;
    picture[4999] = (byte) 0xd9;
    Files.write(pictures.resolve("1.jpg"), picture);
    mjpeg = YardstickStream.mjpeg(pictures, 25);
    Path file = folder.resolve("load.gif");
    GifFile.write(file, 4000);
    gif = YardstickStream.gif(file, 25);
  }

  @Test
  void everyFrameIsCountedInWhateverPieces() throws Exception {
    for (Way way : Way.values()) {
      byte[] sent = sent(way);

      captured.clear();
      reader(way).read(ByteBuffer.wrap(sent));
      assertThat(captured).as("%s, whole", way).hasSize(FRAMES);

      captured.clear();
      FrameReader reader = reader(way);
      for (byte one : sent) {
        reader.read(ByteBuffer.wrap(new byte[] {one}));
      }
      assertThat(captured).as("%s, in single bytes", way).hasSize(FRAMES);
    }
  }

  @Test
  void timeOfCaptureIsRead() throws Exception {
    for (Way way : List.of(Way.MJPEG, Way.GIF, Way.FMP4)) {
      long before = WallClock.micros();
      byte[] sent = sent(way);
      long after = WallClock.micros();

      captured.clear();
      reader(way).read(ByteBuffer.wrap(sent));

      assertThat(captured)
          .as("%s", way)
          .allSatisfy(at -> assertThat(at).isBetween(before - 1, after));
    }
  }

  @Test
  void damageIsFound() {
    assertDamageIsFound(Way.MJPEG, "\u00ff\u00d9\r\n--frame", "EOI");
    assertDamageIsFound(Way.MJPEG, "\u00ff\u00d8", "SOI");
    assertDamageIsFound(Way.MJPEG, "Content-Length", "Content-Length");
    assertDamageIsFound(Way.GIF, ",\0\0\0\0@\u0001", "image or extension");
    assertDamageIsFound(Way.MPEG1, "G\u001f", "sync byte");
    assertDamageIsFound(Way.FMP4, "moof", "moof before mdat");
    assertDamageIsFound(Way.FMP4, "\0\0\0\bmfhd", "box that ends within moof");
  }

  /** Flips the highest bit of the first byte of {@code place}. */
  private void assertDamageIsFound(Way way, String place, String message) {
    byte[] sent = sent(way);
    int at = new String(sent, ISO_8859_1).indexOf(place);
    assertThat(at).as("%s has %s", way, place).isNotNegative();
    sent[at] ^= (byte) 0x80;

    assertThatThrownBy(() -> reader(way).read(ByteBuffer.wrap(sent)))
        .isInstanceOf(BadStreamException.class)
        .hasMessageContaining(message);
  }

  private FrameReader reader(Way way) throws BadStreamException {
    return way.reader("frame", captured::add, ping -> {});
  }

  /** What follows the response's lines. */
  private byte[] sent(Way way) {
    YardstickStream stream =
        switch (way) {
          case MJPEG -> mjpeg;
          case GIF -> gif;
          case MPEG1 -> YardstickStream.ts(10_000, 25);
          case FMP4 -> YardstickStream.mp4(10_000, 25);
        };
    ByteBuffer all = ByteBuffer.allocate(100_000);
    all.put(stream.prologue());
    for (int i = 0; i < FRAMES; i++) {
      all.put(stream.publish().bytes.duplicate().rewind());
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }
}
