package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.capture.Handover.PictureForm;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.capture.ProbeRefusedException.Reason;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks at a source without serving it: captures it for some seconds, as a capture does, measures
 * what comes, and keeps a picture. {@link #look} belongs to one thread, which waits; its processes
 * and threads are gone when it returns, after at most 15 s.
 */
final class Probe {
  /** How long it takes at most, without the end of its process, which may take a second. */
  static final Duration MOST = Duration.ofSeconds(13);

  /** How long a source is looked at that does not show two keyframes sooner. */
  private static final Duration LOOK = Duration.ofSeconds(8);

  /** How long a picture is waited for when all else is known. */
  private static final Duration PICTURE = Duration.ofSeconds(3);

  private static final long STEP_MILLIS = 50;
  private static final int MOST_LOG_LINES = 20;
  private static final Bounds PACKETS = new Bounds(48 << 20, Duration.ofSeconds(10), 4096);
  private static final Bounds STILLS = new Bounds(32 << 20, Duration.ofSeconds(2), 16);

  /** Decoded, this takes a quarter of a gigabyte for a moment. */
  private static final long MOST_PIXELS_OF_STILL = 40_000_000;

  private final CaptureTask task;
  private final List<Rendition> renditions;
  private final Ffmpeg ffmpeg;
  private final LongSupplier wallMicros;
  private final CountDownLatch cancelled = new CountDownLatch(1);

  // Confined to the looking thread.
  private final Measurement measurement = new Measurement();
  private Handover handover = Handover.WHOLE;
  private long startNanos;
  private long pictureNanos; // when the first packet of a picture was seen

  /**
   * @param task of a source that nobody has to bring
   * @param renditions that are configured
   */
  Probe(CaptureTask task, List<Rendition> renditions, Ffmpeg ffmpeg, LongSupplier wallMicros) {
    if (task.isBrought()) {
      throw new IllegalArgumentException(task.source() + " comes when somebody brings it");
    }
    this.task = task;
    this.renditions = List.copyOf(renditions);
    this.ffmpeg = ffmpeg;
    this.wallMicros = wallMicros;
  }

  /**
   * Looks, until enough is known.
   *
   * @throws ProbeRefusedException if it was cancelled
   */
  ProbeResult look() throws ProbeRefusedException {
    startNanos = System.nanoTime();
    pictureNanos = startNanos;
    Feed<Packet> packets = new Feed<>(PACKETS, wallMicros, List.of());
    Feed<Fragment> stills = new Feed<>(STILLS, wallMicros, List.of());
    try (packets;
        stills;
        Pipeline still =
            new Pipeline(
                "probe/still",
                Pipeline.STILL,
                Pictures.KEYFRAMES,
                packets,
                stills,
                task.settings().limits(),
                ffmpeg,
                wallMicros)) {
      still.start();
      Sink<Packet> steady = new SteadyClock(new Both(packets, measurement), System::nanoTime);
      return look(steady, stills);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled();
    }
  }

  private static ProbeRefusedException cancelled() {
    return new ProbeRefusedException(Reason.STOPPING, "the server is stopping");
  }

  /** Each try that fails for something that can be had otherwise is followed by another. */
  private ProbeResult look(Sink<Packet> sink, Feed<Fragment> stills)
      throws InterruptedException, ProbeRefusedException {
    while (true) {
      Input input;
      try {
        input =
            new Inputs(ffmpeg, wallMicros)
                .open(task.id(), task.source(), handover, task.settings().limits());
      } catch (IOException e) {
        return failed(Diagnostician.of(task.source(), List.of(), e), List.of());
      }
      Attempt attempt = new Attempt("probe", input, handover, sink, System::nanoTime, () -> {});
      try {
        attempt.start();
        watch(attempt);
        boolean isOver = attempt.isOver();
        if (measurement.hasPicture()) {
          double seconds = (System.nanoTime() - pictureNanos) / 1e9;
          return seen(attempt, isOver, seconds, awaitStill(stills));
        }
        if (!isOver) {
          return failed(noPicture(), input.log());
        }
        Diagnosis why = Diagnostician.of(task.source(), input.log(), attempt.failure());
        Optional<Handover> other = attempt.instead(why.cause());
        if (secondsLeft() <= 0 || other.isEmpty()) {
          return failed(why, input.log());
        }
        handover = other.get();
      } finally {
        input.giveUp();
        attempt.close();
      }
    }
  }

  /** Until enough is known, it is over, or for long enough. */
  private void watch(Attempt attempt) throws InterruptedException, ProbeRefusedException {
    long patience = Math.min(MOST.toNanos(), task.settings().startTimeout().toNanos());
    long deadline = startNanos + patience;
    boolean hasPicture = false;
    while (!attempt.isOver() && !measurement.isEnough() && System.nanoTime() < deadline) {
      if (cancelled.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
        throw cancelled();
      }
      if (!hasPicture && measurement.hasPicture()) {
        hasPicture = true;
        pictureNanos = System.nanoTime();
        deadline = Math.min(startNanos + MOST.toNanos(), pictureNanos + LOOK.toNanos());
      }
    }
  }

  private double secondsLeft() {
    return (startNanos + MOST.toNanos() - System.nanoTime()) / 1e9;
  }

  private Optional<Fragment> awaitStill(Feed<Fragment> stills)
      throws InterruptedException, ProbeRefusedException {
    long deadline = Math.min(startNanos + MOST.toNanos(), System.nanoTime() + PICTURE.toNanos());
    while (stills.newestJoinPoint().isEmpty() && System.nanoTime() < deadline) {
      if (cancelled.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
        throw cancelled();
      }
    }
    return stills.newestJoinPoint().map(Entry::piece);
  }

  private ProbeResult seen(
      Attempt attempt, boolean isOver, double seconds, Optional<Fragment> still) {
    List<MeasuredTrack> measured = measurement.tracks();
    List<Track> tracks = measured.stream().map(MeasuredTrack::track).toList();
    List<ProbedRendition> probed =
        renditions.stream().map(each -> ProbedRendition.of(each, tracks)).toList();
    List<Remark> remarks = new ArrayList<>();
    if (isOver && !(attempt.failure() instanceof SourceEndedException)) {
      Diagnosis why = Diagnostician.of(task.source(), attempt.input().log(), attempt.failure());
      remarks.add(new Remark("it gave pictures, and ended then: " + why.words(), why.advice()));
    }
    if (handover.pictures() == PictureForm.AS_JPEG) {
      remarks.add(
          new Remark(
              "its pictures have to be encoded as JPEG while it is captured",
              "That takes part of a core; choose H.264 or MJPEG at the source."));
    }
    if (!handover.withSound()) {
      remarks.add(
          new Remark(
              "its sound cannot be read, or has not begun, and is left out",
              "It is looked for again from time to time; AAC is what plays best."));
    }
    remarks.addAll(Remarks.of(measured, probed, seconds));
    Optional<Bytes> picture = still.flatMap(found -> fitted(found, tracks));
    if (picture.isEmpty()) {
      remarks.add(
          new Remark(
              "no picture of it could be decoded in this time",
              "Try again; if that does not help, look at it with another player."));
    }
    return new ProbeResult.Seen(measured, probed, remarks, picture);
  }

  /** No wider than a still: one that is copied has the source's size. */
  private static Optional<Bytes> fitted(Fragment still, List<Track> tracks) {
    Track picture = tracks.get(0); // the picture is first
    return (long) picture.width() * picture.height() > MOST_PIXELS_OF_STILL
        ? Optional.empty()
        : StillPicture.asJpeg(still, Size.within(Pipeline.STILL.width(), picture))
            .map(Packet::data);
  }

  private Diagnosis noPicture() {
    long seconds = Math.min(MOST.toSeconds(), task.settings().startTimeout().toSeconds());
    return new Diagnosis(
        Cause.NO_START,
        "no picture within " + seconds + " s, and no error",
        "See whether the source sends anything, and a keyframe every 1 to 2 s.");
  }

  private ProbeResult failed(Diagnosis why, List<String> log) {
    List<String> last = log.subList(Math.max(0, log.size() - MOST_LOG_LINES), log.size());
    List<String> shown =
        task.source() instanceof Source.Url url ? last.stream().map(url::maskedIn).toList() : last;
    return new ProbeResult.Failed(why, shown);
  }

  /** Has {@link #look} come to its end. Any thread, idempotent. */
  void cancel() {
    cancelled.countDown();
  }

  /** Gives what it gets to two. */
  private record Both(Sink<Packet> first, Sink<Packet> second) implements Sink<Packet> {
    @Override
    public void begin(Run run) {
      first.begin(run);
      second.begin(run);
    }

    @Override
    public void accept(Packet packet) {
      first.accept(packet);
      second.accept(packet);
    }
  }
}
