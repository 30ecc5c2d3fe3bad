package dev.zoetrope.bench;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.feed.Cursor;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How soon viewers of a lost source see the card, and how soon the source again: for a capture
 * whose process is killed, and for one that is stopped and so falls silent. Prints a table and
 * asserts nothing.
 */
public final class RecoveryBench {
  private static final int ROUNDS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What happens to the capture's process. */
  private enum Failure {
    KILLED("-KILL"),
    STOPPED("-STOP");

    private final String signal;

    Failure(String signal) {
      this.signal = signal;
    }
  }

  private RecoveryBench() {}

  public static void main(String[] args) throws Exception {
    Ffmpeg ffmpeg =
        new Ffmpeg(
            Ffmpeg.find(System.getenv("PATH"))
                .orElseThrow(() -> new IOException("no ffmpeg on PATH")));
    System.out.printf(
        "%n%-10s %-8s %3s %14s %14s %14s%n",
        "failure", "format", "n", "card ms", "live again ms", "slowest ms");
    for (Failure failure : Failure.values()) {
      measure(ffmpeg, failure);
    }
    System.out.printf(
        "%n%s %s, %d cores, Java %s%n",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
    System.exit(0); // timers would live on
  }

  private static void measure(Ffmpeg ffmpeg, Failure failure) throws Exception {
    Map<Format, List<Double>> cards = new EnumMap<>(Format.class);
    Map<Format, List<Double>> returns = new EnumMap<>(Format.class);
    for (int round = 0; round < ROUNDS; round++) {
      try (Channels channels = open(ffmpeg)) { // anew: the first wait is short
        measureOnce(channels.all().get(0), failure, cards, returns);
      }
    }
    for (Format format : Format.values()) {
      System.out.printf(
          Locale.ROOT,
          "%-10s %-8s %3d %14.0f %14.0f %14.0f%n",
          failure.name().toLowerCase(Locale.ROOT),
          format.word(),
          ROUNDS,
          median(cards.get(format)),
          median(returns.get(format)),
          Collections.max(returns.get(format)));
    }
  }

  private static void measureOnce(
      Channel channel,
      Failure failure,
      Map<Format, List<Double>> cards,
      Map<Format, List<Double>> returns)
      throws Exception {
    Map<Format, Follower> followers = new EnumMap<>(Format.class);
    for (Format format : Format.values()) {
      followers.put(format, new Follower(channel, format));
    }
    Thread.sleep(3000); // all formats are live
    followers.values().forEach(Follower::forget);
    long start = System.nanoTime();
    new ProcessBuilder("kill", failure.signal, Long.toString(captureOf())).start().waitFor();
    for (Format format : Format.values()) {
      Follower follower = followers.get(format);
      follower.awaitReturn();
      add(cards, format, (follower.cardNanos - start) / 1e6);
      add(returns, format, (follower.returnNanos - start) / 1e6);
    }
    for (Follower follower : followers.values()) {
      follower.close();
    }
  }

  private static void add(Map<Format, List<Double>> all, Format format, double millis) {
    all.computeIfAbsent(format, key -> new ArrayList<>()).add(millis);
  }

  private static double median(List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static long captureOf() {
    return ProcessHandle.current()
        .children()
        .filter(
            process -> {
              List<String> arguments =
                  Arrays.asList(process.info().arguments().orElse(new String[0]));
              return arguments.contains("pipe:1") && !arguments.contains("pipe:0");
            })
        .findFirst()
        .orElseThrow()
        .pid();
  }

  private static Channels open(Ffmpeg ffmpeg) {
    SourceSettings settings =
        new SourceSettings(
            new SourceId("camera"),
            "Camera",
            new Source.TestPattern(640, 360, 25),
            true,
            Duration.ZERO,
            Arrays.stream(Format.values()).map(Rendition::defaultOf).toList(),
            CaptureSettings.DEFAULT);
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())),
            List.of(Executors.newSingleThreadExecutor()),
            timer,
            Limits.defaults(),
            (source, incident, why) -> {},
            Optional.empty());
    return new Channels(List.of(settings), node);
  }

  /** Sees when a format's card comes, and when the source comes again. */
  private static final class Follower implements AutoCloseable {
    private final Format format;
    private final Lease lease;
    private final Cursor<Fragment> cursor;
    private volatile long cardNanos; // 0: none since forget()
    private volatile long returnNanos; // 0: not since the card

    Follower(Channel channel, Format format) throws Exception {
      this.format = format;
      lease = channel.lease(Rendition.defaultOf(format), "");
      cursor = lease.feed().read();
      new Thread(this::follow, "bench " + format).start();
    }

    private void follow() {
      try {
        for (Optional<Entry<Fragment>> next = cursor.next();
            next.isPresent();
            next = cursor.next()) {
          see(next.get().piece());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void see(Fragment fragment) {
      if (fragment.kind() != Kind.VIDEO) {
        return;
      }
      boolean isOfSource = lease.isOfSource(fragment);
      if (!isOfSource && cardNanos == 0) {
        cardNanos = System.nanoTime();
      } else if (isOfSource && cardNanos != 0 && returnNanos == 0) {
        returnNanos = System.nanoTime();
      }
    }

    void forget() {
      cardNanos = 0;
      returnNanos = 0;
    }

    void awaitReturn() throws InterruptedException, IOException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (returnNanos == 0) {
        if (System.nanoTime() > end) {
          throw new IOException(format + " does not come back");
        }
        Thread.sleep(5);
      }
    }

    @Override
    public void close() {
      cursor.close();
      lease.close();
    }
  }
}
