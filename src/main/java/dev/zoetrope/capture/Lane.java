package dev.zoetrope.capture;

import dev.zoetrope.capture.Conversion.Means;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.feed.Cursor;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A pipeline's way for one kind of track: follows the source's feed, and brings the rendition's
 * packets to the mux, by an encoder where one is needed.
 *
 * <p>All but {@link #start}, {@link #end} and {@link #join} belongs to its thread, {@code rendition
 * <source>/<rendition>}, or, where packets are only copied or passed over and while that thread
 * waits for them, to whoever appends them to the source's feed.
 */
final class Lane {
  private static final Logger LOG = System.getLogger(Lane.class.getName());

  /** An encoder that lived this long was a success: the next back-off starts anew. */
  private static final long HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Where its encoders come from. */
  interface Encoders {
    /**
     * Starts one.
     *
     * @param fromMicros earlier pictures are decoded but not encoded
     */
    Encoder start(Track track, long fromMicros, Sink<Packet> output) throws IOException;
  }

  private final Kind kind;
  private final Set<Kind> kinds; // that the pipeline has lanes for
  private final String name;
  private final Conversion conversion;
  private final Feed<Packet> source;
  private final Mux mux;
  private final Encoders encoders;
  private final Thread thread;
  private final Cursor<Packet> cursor;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Run run;
  private Track track; // of that run; null: it has none of this kind
  private Means means; // of that track
  private volatile Encoder encoder; // null: there is none; end() reads it
  private final Backoff backoff = new Backoff();
  private long encoderStartedNanos;
  private long notBeforeNanos; // no encoder is started earlier, after one failed
  private long fromMicros = Long.MIN_VALUE; // earlier sound is left out
  private boolean isBroken; // while copying at once; its thread knows what to do
  private volatile long stillMicros; // of the newest keyframe written, for the encoder's thread

  /**
   * Follows nothing before {@link #start}.
   *
   * @param name of the pipeline, for threads and logs: {@code gate/mjpeg}
   */
  Lane(
      Kind kind,
      Set<Kind> kinds,
      String name,
      Conversion conversion,
      Feed<Packet> source,
      Mux mux,
      Encoders encoders) {
    this.kind = kind;
    this.kinds = kinds;
    this.name = name;
    this.conversion = conversion;
    this.source = source;
    this.mux = mux;
    this.encoders = encoders;
    cursor = source.read(this::isCopiedAtOnce);
    String suffix = kind == Kind.VIDEO ? "" : " sound";
    thread = Ffmpeg.daemon("rendition " + name + suffix, this::follow);
  }

  void start() {
    thread.start();
  }

  private void follow() {
    try {
      while (!isFollowedToItsEnd()) {
        stopEncoder();
        run = null; // so that it begins anew
        if (closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts us wants the end
    } finally {
      stopEncoder();
    }
  }

  private boolean isFollowedToItsEnd() throws InterruptedException {
    try {
      for (Optional<Entry<Packet>> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        if (isBroken) {
          isBroken = false;
          return false;
        }
        take(next.get());
      }
      return true;
    } catch (RuntimeException e) {
      broke(e);
      return false;
    }
  }

  /** By whoever appends. */
  private boolean isCopiedAtOnce(Entry<Packet> entry) {
    boolean isQuick = entry.run() == run && (means == Means.COPIED || !isWanted(entry.piece()));
    if (isBroken || !isQuick) {
      return false;
    }
    try {
      take(entry);
    } catch (RuntimeException e) {
      isBroken = true;
      broke(e);
    }
    return true;
  }

  /** Ours: this rendition suffers, the source's others go on. */
  private void broke(RuntimeException failure) {
    LOG.log(Level.ERROR, "rendition " + name + " broke an invariant", failure);
  }

  private void take(Entry<Packet> entry) {
    if (entry.run() != run) {
      enter(entry.run());
    }
    if (isWanted(entry.piece())) {
      bring(entry.piece());
    }
  }

  private boolean isWanted(Packet packet) {
    boolean isOurs = track != null && packet.track().index() == track.index();
    boolean isLeftOut = conversion.pictures() == Pictures.KEYFRAMES && !packet.isKeyframe();
    boolean isHistory = kind == Kind.AUDIO && packet.ptsMicros() < fromMicros;
    return isOurs && !isLeftOut && !isHistory;
  }

  private void enter(Run next) {
    stopEncoder();
    run = next;
    track = trackOf(next, kind).orElse(null);
    mux.expect(next, expectedKinds());
    notBeforeNanos = System.nanoTime();
    if (track == null) {
      return;
    }
    means = conversion.begin(track);
    switch (means) {
      case COPIED -> mux.announce(next, track);
      case DRAWN -> mux.announce(next, conversion.drawn(track));
      case ENCODED -> {
        // by the encoder, when it has begun
      }
    }
    boolean pictureIsCopied =
        next.video().map(video -> conversion.means(video) == Means.COPIED).orElse(true);
    fromMicros = pictureIsCopied ? Long.MIN_VALUE : presentMicros();
  }

  private static Optional<Track> trackOf(Run run, Kind kind) {
    return kind == Kind.VIDEO ? run.video() : run.audio();
  }

  private Set<Kind> expectedKinds() {
    Set<Kind> expected = EnumSet.copyOf(kinds);
    expected.removeIf(each -> trackOf(run, each).isEmpty());
    return expected;
  }

  /** The newest picture's time: what comes before is history. */
  private long presentMicros() {
    return source.newest(packet -> packet.track().isVideo()).map(Packet::ptsMicros).orElse(0L);
  }

  private void bring(Packet packet) {
    switch (means) {
      case COPIED -> mux.accept(run, packet);
      case DRAWN -> mux.accept(run, conversion.drawn(packet));
      case ENCODED -> encode(packet);
    }
  }

  private void encode(Packet packet) {
    if (encoder == null) {
      if (!packet.isKeyframe() || System.nanoTime() - notBeforeNanos < 0) {
        return;
      }
      startEncoder();
    }
    if (encoder != null) {
      write(packet);
    }
  }

  private void startEncoder() {
    boolean catchesUp = kind == Kind.VIDEO && conversion.pictures() == Pictures.ALL;
    Run of = run;
    Sink<Packet> output =
        new Sink<>() {
          @Override
          public void begin(Run encoded) {
            mux.announce(of, encoded.tracks().get(0));
          }

          @Override
          public void accept(Packet packet) {
            boolean isWanted =
                conversion.pictures() == Pictures.ALL || packet.ptsMicros() == stillMicros;
            if (isWanted) {
              mux.accept(of, packet);
            }
          }
        };
    encoderStartedNanos = System.nanoTime();
    try {
      encoder = encoders.start(track, catchesUp ? presentMicros() : 0, output);
    } catch (IOException e) {
      encoderFailed(e);
    }
  }

  private void write(Packet packet) {
    stillMicros = packet.ptsMicros();
    try {
      encoder.write(packet);
      if (conversion.pictures() == Pictures.KEYFRAMES) {
        pushOut(packet);
      }
    } catch (IOException e) {
      encoderFailed(e);
    }
  }

  /**
   * With B-frames a decoder keeps a picture until as many have followed as may be reordered: the
   * next keyframe is far, so copies of this one follow, and what becomes of them is left out.
   */
  private void pushOut(Packet keyframe) throws IOException {
    for (int copy = 1; copy <= track.decodeDelay(); copy++) {
      encoder.write(keyframe.shiftedBy(copy));
    }
  }

  private void encoderFailed(IOException failure) {
    stopEncoder();
    if (closed.getCount() == 0) {
      return;
    }
    if (System.nanoTime() - encoderStartedNanos > HEALTHY_NANOS) {
      backoff.reset();
    }
    long waitMillis = backoff.next().toMillis();
    notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    LOG.log(
        Level.WARNING,
        "encoder {0}: {1}; again in {2} s",
        name,
        failure.getMessage(),
        TimeUnit.MILLISECONDS.toSeconds(waitMillis));
    if (kind == Kind.AUDIO) {
      mux.giveUp(run, kind);
    }
  }

  private void stopEncoder() {
    Encoder running = encoder;
    encoder = null;
    if (running != null) {
      running.close();
    }
  }

  /** Lets its thread come to an end. Any thread, idempotent. */
  void end() {
    closed.countDown();
    cursor.close();
    Encoder running = encoder;
    if (running != null) {
      running.close(); // its writer may be blocked
    }
  }

  /** Returns when its thread has ended. Any thread but that. */
  void join() {
    Ffmpeg.join(thread);
  }
}
