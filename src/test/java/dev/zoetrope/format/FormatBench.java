package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Piece;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Time and memory that a frame takes in reader, packagers and GIF encoder. An invocation is a clip
 * of {@value #FRAMES} frames through a new object, as times only go on within one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(FormatBench.FRAMES)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FormatBench {
  static final int FRAMES = 100;

  private static final String PICTURES =
      "-f lavfi -i testsrc2=s=640x360:r=25,noise=alls=6:allf=t:all_seed=7 -frames:v " + FRAMES;

  /** 640x360, 28 KB a picture. */
  @State(Scope.Benchmark)
  public static class Jpegs extends Clip {
    public Jpegs() {
      super("-c:v mjpeg -q:v 4 -huffman default -pix_fmt yuvj420p");
    }
  }

  /** 640x360, 2 Mbit/s. */
  @State(Scope.Benchmark)
  public static class Mpeg1 extends Clip {
    public Mpeg1() {
      super("-c:v mpeg1video -bf 0 -g 25 -b:v 2M");
    }
  }

  /** 640x360, 2 Mbit/s. */
  @State(Scope.Benchmark)
  public static class H264 extends Clip {
    public H264() {
      super("-c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 0 -g 25 -b:v 2M");
    }
  }

  /** A clip in NUT, and its packets. */
  @State(Scope.Benchmark)
  public static class Clip {
    private final String codec;
    private byte[] nut;
    private NutClip.Collected packets;

    Clip(String codec) {
      this.codec = codec;
    }

    @Setup
    public void make() throws IOException {
      nut = NutClip.make(PICTURES + " " + codec);
      packets = NutClip.read(nut);
    }

    byte[] nut() {
      return nut;
    }

    void pack(Function<Sink<Fragment>, Packager> maker, Blackhole blackhole) {
      Packager packager = maker.apply(new BlackSink<>(blackhole));
      packager.begin(packets.tracks());
      for (Packet packet : packets.packets) {
        packager.accept(packet);
      }
    }
  }

  /** The clip of the GIF tests, 320x180. */
  @State(Scope.Benchmark)
  public static class Pictures {
    private List<Bytes> pictures;
    private List<byte[]> arrays;

    @Setup
    public void make() {
      pictures = GifClip.load().pictures();
      arrays = pictures.stream().map(Bytes::toArray).toList();
    }
  }

  /** Swallows. */
  private record BlackSink<T extends Piece>(Blackhole blackhole) implements Sink<T> {
    @Override
    public void begin(Run run) {
      blackhole.consume(run);
    }

    @Override
    public void accept(T piece) {
      blackhole.consume(piece);
    }
  }

  @Benchmark
  public void nutReader(H264 clip, Blackhole blackhole) throws IOException {
    new NutReader(() -> 0).read(new ByteArrayInputStream(clip.nut()), new BlackSink<>(blackhole));
  }

  @Benchmark
  public void mjpegPackager(Jpegs clip, Blackhole blackhole) {
    clip.pack(MjpegPackager::new, blackhole);
  }

  @Benchmark
  public void mpegTsPackager(Mpeg1 clip, Blackhole blackhole) {
    clip.pack(MpegTsPackager::new, blackhole);
  }

  @Benchmark
  public void fmp4Packager(H264 clip, Blackhole blackhole) {
    clip.pack(Fmp4Packager::new, blackhole);
  }

  /** Changes only: what goes to those who watch. */
  @Benchmark
  public void gifEncoder(Pictures clip, Blackhole blackhole) {
    GifEncoder encoder = new GifEncoder(GifClip.WIDTH, GifClip.HEIGHT);
    for (byte[] picture : clip.arrays) {
      blackhole.consume(encoder.encode(picture, Bytes.EMPTY, 0));
    }
  }

  /** The same by way of the packager, with the canvas that joining viewers need. */
  @Benchmark
  public void gifPackager(Pictures clip, Blackhole blackhole) {
    GifPackager packager = new GifPackager(new BlackSink<>(blackhole), 0);
    Track track = GifClip.track(GifClip.WIDTH, GifClip.HEIGHT);
    packager.begin(List.of(track));
    for (int i = 0; i < clip.pictures.size(); i++) {
      packager.accept(GifClip.packet(track, i, clip.pictures.get(i)));
    }
  }
}
