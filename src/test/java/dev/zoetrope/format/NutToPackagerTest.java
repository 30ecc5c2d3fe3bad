package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the encoder's NUT to the browsers' formats: the packets as they really come. */
class NutToPackagerTest {
  private static final int PICTURES = 60;

  @TempDir Path folder;
  private FfmpegTool tool;
  private final FragmentRecord record = new FragmentRecord();

  @BeforeEach
  void setUp() {
    tool = new FfmpegTool(folder);
  }

  @Test
  void mpeg1KeepsEveryPictureAndItsTime() throws Exception {
    byte[] nut =
        tool.encode(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x240:rate=30000/1001",
            "-frames:v",
            String.valueOf(PICTURES),
            "-c:v",
            "mpeg1video",
            "-threads",
            "1",
            "-strict",
            "-1",
            "-flags",
            "low_delay",
            "-b:v",
            "800k",
            "-maxrate",
            "960k",
            "-bufsize",
            "400k",
            "-bf",
            "0",
            "-g",
            "25",
            "-f",
            "nut",
            "-write_index",
            "0",
            "pipe:1");
    MpegTsPackager packager = new MpegTsPackager(record);

    read(nut, packager);
    byte[] stream = record.bytes(0);

    assertThat(packager.malformed()).isZero();
    assertThat(tool.checksums(stream, "mpegts", "v"))
        .hasSize(PICTURES)
        .isEqualTo(tool.checksums(nut, "nut", "v"));
    List<String> times = tool.packets(stream, "mpegts", "v", "pts");
    for (int i = 0; i < PICTURES; i++) { // 3003 ticks of 90 kHz each, exactly
      assertThat(Integer.parseInt(times.get(i).replace(",", ""))).isEqualTo(3003 * i);
    }
  }

  @Test
  void mp2KeepsEverySoundFrame() throws Exception {
    byte[] nut =
        tool.encode(
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=44100:duration=3",
            "-c:a",
            "mp2",
            "-b:a",
            "64k",
            "-f",
            "nut",
            "-write_index",
            "0",
            "pipe:1");
    MpegTsPackager packager = new MpegTsPackager(record);

    read(nut, packager);

    assertThat(packager.malformed()).isZero();
    assertThat(tool.checksums(record.bytes(0), "mpegts", "a"))
        .hasSizeGreaterThan(100)
        .isEqualTo(tool.checksums(nut, "nut", "a"));
  }

  @Test
  void mjpegKeepsEveryPicture() throws Exception {
    byte[] nut =
        tool.encode(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x240:rate=25",
            "-frames:v",
            String.valueOf(PICTURES),
            "-fps_mode",
            "passthrough",
            "-enc_time_base",
            "-1",
            "-threads",
            "1",
            "-c:v",
            "mjpeg",
            "-q:v",
            "5",
            "-f",
            "nut",
            "-write_index",
            "0",
            "pipe:1");
    MjpegPackager packager = new MjpegPackager(record);

    read(nut, packager);

    assertThat(packager.malformed()).isZero();
    assertThat(record.fragments)
        .hasSize(PICTURES)
        .allMatch(fragment -> fragment.kind() == Codec.Kind.VIDEO);
    assertThat(record.fragments).extracting(Fragment::ptsMicros).contains(0L, 40_000L, 2_360_000L);
    assertThat(tool.checksums(record.bytes(0), "mjpeg", "v"))
        .isEqualTo(tool.checksums(nut, "nut", "v"));
  }

  private static void read(byte[] nut, Packager packager) throws IOException {
    new NutReader(() -> 0)
        .read(
            new ByteArrayInputStream(nut),
            new Sink<Packet>() {
              @Override
              public void begin(Run run) {
                packager.begin(run.tracks());
              }

              @Override
              public void accept(Packet packet) {
                packager.accept(packet);
              }
            });
  }
}
