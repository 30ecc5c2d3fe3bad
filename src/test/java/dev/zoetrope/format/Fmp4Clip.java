package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fragmented MP4 as our packager writes it, and as ffprobe and a box walker of our own read it. */
final class Fmp4Clip implements Sink<Fragment> {
  final List<Run> runs = new ArrayList<>();
  final List<List<Fragment>> fragments = new ArrayList<>();
  final Fmp4Packager packager = new Fmp4Packager(this);

  /** A packet as ffprobe shows it, in ticks of its track. */
  record Probed(int stream, long pts, long dts, boolean isKeyframe, int size) {}

  /** A fragment's fields, by a reader that shares nothing with the writer. */
  record Sample(
      int track, long ntp, long prftTime, long dts, long pts, int duration, int flags, Bytes data) {
    boolean isSync() {
      return (flags & 0x10000) == 0;
    }
  }

  /** All packets of a NUT. */
  static Fmp4Clip ofNut(byte[] nut) throws IOException {
    NutClip.Collected packets = NutClip.read(nut);
    Fmp4Clip clip = new Fmp4Clip();
    clip.packager.begin(packets.tracks());
    packets.packets.forEach(clip.packager::accept);
    return clip;
  }

  @Override
  public void begin(Run run) {
    runs.add(run);
    fragments.add(new ArrayList<>());
  }

  @Override
  public void accept(Fragment fragment) {
    assertThat(runs).isNotEmpty();
    fragments.get(fragments.size() - 1).add(fragment);
  }

  List<Fragment> of(int run, Codec.Kind kind) {
    return fragments.get(run).stream().filter(fragment -> fragment.kind() == kind).toList();
  }

  /** One run as a file. */
  byte[] file(int run, Framing framing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      framing.head(runs.get(run), fragments.get(run).get(0)).writeTo(out);
      for (Fragment fragment : fragments.get(run)) {
        framing.frame(fragment, false).writeTo(out);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  static List<Probed> probe(byte[] mp4) {
    byte[] csv =
        NutClip.run(
            mp4,
            "ffprobe -v error -f mp4 -show_entries packet=stream_index,pts,dts,size,flags -of csv -");
    return new String(csv, StandardCharsets.US_ASCII)
        .lines()
        .map(line -> line.split(",", -1))
        .map(
            field ->
                new Probed(
                    Integer.parseInt(field[1]),
                    Long.parseLong(field[2]),
                    Long.parseLong(field[3]),
                    field[5].startsWith("K"),
                    Integer.parseInt(field[4])))
        .toList();
  }

  /** MD5 of each decoded frame of one kind, in order of presentation. */
  static List<String> decoded(byte[] container, String format, String stream) {
    String arguments =
        "-f " + format + " -i - -map 0:" + stream + " -fps_mode passthrough -f framemd5 -";
    return new String(NutClip.ffmpeg(container, arguments), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).trim())
        .toList();
  }

  /** Reads {@code prft}, {@code moof}, {@code mdat}; fails where a size does not add up. */
  static Sample sample(Bytes fragment) {
    Bytes prft = box(fragment, 0, "prft");
    Bytes moof = box(fragment, prft.size() + 8, "moof");
    Bytes mdat = box(fragment, prft.size() + moof.size() + 16, "mdat");
    assertThat(prft.size() + moof.size() + mdat.size() + 24).isEqualTo(fragment.size());
    assertThat(u32(prft, 0)).isEqualTo(0x01000018);

    Bytes mfhd = box(moof, 0, "mfhd");
    Bytes traf = box(moof, mfhd.size() + 8, "traf");
    assertThat(mfhd.size() + traf.size() + 16).isEqualTo(moof.size());
    Bytes tfhd = box(traf, 0, "tfhd");
    Bytes tfdt = box(traf, tfhd.size() + 8, "tfdt");
    Bytes trun = box(traf, tfhd.size() + tfdt.size() + 16, "trun");
    assertThat(tfhd.size() + tfdt.size() + trun.size() + 24).isEqualTo(traf.size());
    assertThat(u32(tfhd, 0)).isEqualTo(0x020000);
    assertThat(u32(tfhd, 4)).isEqualTo(u32(prft, 4));
    assertThat(u32(tfdt, 0)).isEqualTo(0x01000000);
    assertThat(u32(trun, 0)).isEqualTo(0x01000f01);
    assertThat(u32(trun, 4)).isEqualTo(1);
    assertThat(u32(trun, 8)).isEqualTo(moof.size() + 16);
    assertThat(u32(trun, 16)).isEqualTo(mdat.size());
    assertThat(trun.size()).isEqualTo(28);
    long dts = u64(tfdt, 4);
    return new Sample(
        u32(tfhd, 4),
        u64(prft, 8),
        u64(prft, 16),
        dts,
        dts + u32(trun, 24),
        u32(trun, 12),
        u32(trun, 20),
        mdat);
  }

  /** The content of the box at {@code at}, which must be of this type. */
  static Bytes box(Bytes bytes, int at, String type) {
    int size = u32(bytes, at);
    assertThat(new String(bytes.slice(at + 4, at + 8).toArray(), StandardCharsets.US_ASCII))
        .isEqualTo(type);
    return bytes.slice(at + 8, at + size);
  }

  /** The content of the box at a path such as {@code moov/trak/mdia}; its first of each type. */
  static Bytes find(Bytes bytes, String path) {
    Bytes inside = bytes;
    for (String type : path.split("/", -1)) {
      int at = 0;
      while (!new String(inside.slice(at + 4, at + 8).toArray(), StandardCharsets.US_ASCII)
          .equals(type)) {
        at += u32(inside, at);
      }
      inside = box(inside, at, type);
    }
    return inside;
  }

  static int u32(Bytes bytes, int at) {
    return bytes.asByteBuffer().getInt(at);
  }

  static long u64(Bytes bytes, int at) {
    return bytes.asByteBuffer().getLong(at);
  }

  static Packet packet(Track track, long ptsMicros, boolean isKeyframe, Bytes data) {
    return new Packet(track, ptsMicros, ptsMicros, isKeyframe, 0, data);
  }
}
