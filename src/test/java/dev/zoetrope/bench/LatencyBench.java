package dev.zoetrope.bench;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.feed.Cursor;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How late the picture is, stage by stage, and how soon the first one comes. Prints a table and
 * asserts nothing.
 *
 * <p>A camera of its own (FLV over HTTP on loopback, 640x360 at 25 fps, a keyframe a second) says
 * when each picture left it; the feeds say when it was captured and when each format's fragment of
 * it was published.
 */
public final class LatencyBench {
  private static final Duration WINDOW = Duration.ofSeconds(12);
  private static final Duration CLIP = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final String SILENT = "silent.flv";
  private static final String WITH_SOUND = "sound.flv";

  private final Path ffmpeg;
  private final Path folder;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String what, String sound, int count, double medianMillis, double p95Millis) {}

  public static void main(String[] args) throws Exception {
    Path ffmpeg =
        Ffmpeg.find(System.getenv("PATH")).orElseThrow(() -> new IOException("no ffmpeg on PATH"));
    Path folder = Files.createTempDirectory("zoetrope-bench");
    try {
      LatencyBench bench = new LatencyBench(ffmpeg, folder);
      bench.measure("no", false);
      bench.measure("AAC", true);
      bench.print();
      int json = Arrays.asList(args).indexOf("--json");
      if (json >= 0) {
        Files.writeString(Path.of(args[json + 1]), bench.json());
      }
    } finally {
      for (String clip : List.of(SILENT, WITH_SOUND)) {
        Files.deleteIfExists(folder.resolve(clip));
      }
      Files.delete(folder);
    }
    System.exit(0); // the HTTP server's dispatcher would live on
  }

  private LatencyBench(Path ffmpeg, Path folder) {
    this.ffmpeg = ffmpeg;
    this.folder = folder;
  }

  private void measure(String sound, boolean withSound) throws Exception {
    Path clip = makeClip(withSound);
    try (FlvCamera camera = new FlvCamera(clip)) {
      for (Format format : Format.values()) {
        cold(camera, sound, format);
      }
      try (Channels channels = open(camera, true)) {
        Channel channel = channels.all().get(0);
        try (Lease stills = channel.leaseStills()) {
          await(stills);
        }
        Thread.sleep(2000); // a keyframe distance more: the log holds one whole GOP
        for (Format format : Format.values()) {
          firstPicture(channel, format, "first picture, capture running: ", sound);
        }
        followAll(channel, camera, sound);
      }
    }
  }

  private void cold(FlvCamera camera, String sound, Format format) throws Exception {
    try (Channels channels = open(camera, false)) {
      firstPicture(channels.all().get(0), format, "first picture, cold: ", sound);
    }
  }

  private void firstPicture(Channel channel, Format format, String what, String sound)
      throws Exception {
    long start = System.nanoTime();
    try (Lease lease = channel.lease(Rendition.defaultOf(format), "")) {
      await(lease);
      double millis = (System.nanoTime() - start) / 1e6;
      rows.add(new Row(what + format.word(), sound, 1, millis, millis));
    }
  }

  private static void await(Lease lease) throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    try (Cursor<Fragment> cursor = lease.feed().read()) {
      if (one.submit(cursor::next).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).isEmpty()) {
        throw new IOException("the feed was closed");
      }
    } finally {
      one.shutdown();
    }
  }

  /** All formats at once, as they are when people watch. */
  private void followAll(Channel channel, FlvCamera camera, String sound) throws Exception {
    List<Follower> followers = new ArrayList<>();
    for (Format format : Format.values()) {
      followers.add(new Follower(channel, format));
    }
    Thread.sleep(3000); // encoders catch up, the JVM warms up
    for (Follower follower : followers) {
      follower.begin();
    }
    Thread.sleep(WINDOW.toMillis());
    List<Double> toCapture = new ArrayList<>();
    for (Follower follower : followers) {
      follower.stop();
      rows.add(row("capture to fragment: " + follower.format.word(), sound, follower.delays));
      if (follower.format == Format.FMP4) {
        for (long captureMicros : follower.captures) {
          camera
              .sentBefore(captureMicros)
              .ifPresent(sent -> toCapture.add((captureMicros - sent) / 1e3));
        }
      }
    }
    rows.add(row("camera packet to capture", sound, toCapture));
  }

  private static Row row(String what, String sound, List<Double> millis) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    if (sorted.isEmpty()) {
      return new Row(what, sound, 0, Double.NaN, Double.NaN);
    }
    return new Row(
        what,
        sound,
        sorted.size(),
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 95 / 100));
  }

  private static final class Follower {
    private final Format format;
    private final Lease lease;
    private final Cursor<Fragment> cursor;
    private final Thread thread;
    private final List<Double> delays = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> captures = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean measuring;

    Follower(Channel channel, Format format) throws RefusedException {
      this.format = format;
      lease = channel.lease(Rendition.defaultOf(format), "");
      cursor = lease.feed().read();
      thread = new Thread(this::follow, "bench " + format);
      thread.start();
    }

    private void follow() {
      try {
        for (Optional<Entry<Fragment>> next = cursor.next();
            next.isPresent();
            next = cursor.next()) {
          Fragment fragment = next.get().piece();
          if (measuring && fragment.kind() == Kind.VIDEO) {
            delays.add((wallMicros() - fragment.captureMicros()) / 1e3);
            captures.add(fragment.captureMicros());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void begin() {
      measuring = true;
    }

    void stop() throws InterruptedException {
      measuring = false;
      cursor.close();
      thread.join();
      lease.close();
    }
  }

  private Channels open(FlvCamera camera, boolean keepRunning) throws IOException {
    SourceSettings settings =
        new SourceSettings(
            new SourceId("camera"),
            "Camera",
            new Source.Url(camera.uri()),
            keepRunning,
            Duration.ZERO,
            Arrays.stream(Format.values()).map(Rendition::defaultOf).toList(),
            CaptureSettings.DEFAULT);
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    Node node =
        new Node(
            TestWorkshop.of(new Ffmpeg(ffmpeg), LatencyBench::wallMicros),
            List.of(Executors.newSingleThreadExecutor()),
            timer,
            Limits.defaults(),
            (source, incident, why) -> {},
            Optional.empty());
    return new Channels(List.of(settings), node);
  }

  private Path makeClip(boolean withSound) throws IOException, InterruptedException {
    Path clip = folder.resolve(withSound ? WITH_SOUND : SILENT);
    List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-v", "error"));
    command.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"));
    if (withSound) {
      command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"));
      command.addAll(List.of("-c:a", "aac", "-b:a", "64k"));
    }
    command.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"));
    command.addAll(List.of("-g", "25", "-pix_fmt", "yuv420p"));
    command.addAll(List.of("-t", Long.toString(CLIP.toSeconds()), clip.toString()));
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("ffmpeg could not make the clip: " + status);
    }
    return clip;
  }

  private static long wallMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private void print() {
    System.out.printf("%n%-46s %-6s %6s %10s %10s%n", "what", "sound", "n", "median ms", "p95 ms");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-46s %-6s %6d %10.1f %10.1f%n",
          row.what(),
          row.sound(),
          row.count(),
          row.medianMillis(),
          row.p95Millis());
    }
    System.out.printf(
        "%n%s %s, %d cores, Java %s%n",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
  }

  private String json() {
    JsonArrayBuilder array = Json.createArrayBuilder();
    for (Row row : rows) {
      array.add(
          Json.createObjectBuilder()
              .add("what", row.what())
              .add("sound", row.sound())
              .add("n", row.count())
              .add("medianMillis", row.medianMillis())
              .add("p95Millis", row.p95Millis()));
    }
    return array.build() + "\n";
  }
}
