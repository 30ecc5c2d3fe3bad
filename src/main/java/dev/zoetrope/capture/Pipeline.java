package dev.zoetrope.capture;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.feed.Cursor;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.format.Fmp4Packager;
import dev.zoetrope.format.GifPackager;
import dev.zoetrope.format.MjpegPackager;
import dev.zoetrope.format.MpegTsPackager;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * From the packets of a source to the fragments of one rendition: copies a track that has the right
 * codec already, else runs an encoder for it, and packs what comes.
 *
 * <p>It lives over all runs of the capture; each track is followed by a thread of its own, {@code
 * rendition <source>/<rendition>}, a cursor on the source's feed, so that neither the capture nor
 * the other track ever waits for it.
 */
public final class Pipeline implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Pipeline.class.getName());

  /** An encoder that lived this long was a success: the next back-off starts anew. */
  private static final long HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Which pictures of the source are used. */
  public enum Pictures {
    ALL,
    /** For stills: a decoder has little to do, whatever the source's frame rate. */
    KEYFRAMES
  }

  /** Each picture of a card is a keyframe then: they come twice a second. */
  private static final int CARD_FPS = 1;

  private static final int DEFAULT_FPS = 25;
  private static final int MOST_FPS = 60;
  private static final int FEWEST_TO_TELL_FPS = 5;

  private final String name;
  private final Rendition rendition;
  private final Pictures pictures;
  private final Feed<Packet> source;
  private final ProcessLimits limits; // of each encoder
  private final Ffmpeg ffmpeg;
  private final LongSupplier wallMicros;
  private final Mux mux;
  private final List<Lane> lanes = new ArrayList<>();

  // Confined to the picture's thread.
  private boolean wasCopied; // the picture of the source, when it was there last
  private Optional<Size> mpeg1Size = Optional.empty(); // kept: JSMpeg reads it once

  /**
   * Follows nothing before {@link #start}.
   *
   * @param name for threads and logs: {@code gate/mjpeg}
   * @param source packets of the capture, all its runs
   * @param feed gets the fragments
   */
  public Pipeline(
      String name,
      Rendition rendition,
      Pictures pictures,
      Feed<Packet> source,
      Feed<Fragment> feed,
      ProcessLimits limits,
      Ffmpeg ffmpeg,
      LongSupplier wallMicros) {
    this.name = name;
    this.rendition = rendition;
    this.pictures = pictures;
    this.source = source;
    this.limits = limits;
    this.ffmpeg = ffmpeg;
    this.wallMicros = wallMicros;
    mux = new Mux(packager(feed));
    lanes.add(new Lane(Kind.VIDEO));
    if (hasSound(rendition.format())) {
      lanes.add(new Lane(Kind.AUDIO));
    }
  }

  /** Begins to follow the source. */
  public void start() {
    for (Lane lane : lanes) {
      lane.thread.start();
    }
  }

  private Packager packager(Feed<Fragment> feed) {
    return switch (rendition.format()) {
      case GIF -> new GifPackager(feed, rendition.bytesPerSecond());
      case MJPEG -> new MjpegPackager(feed);
      case MPEG1 -> new MpegTsPackager(feed);
      case FMP4 -> new Fmp4Packager(feed);
    };
  }

  /** Whether what is of that format has sound, where its source has. */
  static boolean hasSound(Format format) {
    return switch (format) {
      case GIF, MJPEG -> false;
      case MPEG1, FMP4 -> true;
    };
  }

  /**
   * Shows a still of the source until the encoder has caught up; for GIF and MJPEG, before {@link
   * #start}. A still that cannot be decoded is left out.
   */
  public void showFirst(Fragment still) {
    Optional<Track> track = source.newest(packet -> packet.track().isVideo()).map(Packet::track);
    if (track.isEmpty() || isCopied(track.get())) {
      return; // what is copied is there as soon as the still
    }
    Size size = Size.within(rendition.width(), track.get());
    switch (rendition.format()) {
      case MJPEG -> StillPicture.asJpeg(still, size).ifPresent(mux::showFirst);
      case GIF -> StillPicture.asRgb(still, size).ifPresent(mux::showFirst);
      case MPEG1, FMP4 -> {
        // they start from the newest keyframe of the log, which is as fast
      }
    }
  }

  /** How a track that is not copied becomes one of this rendition. */
  private Encoding encoding(Track track) {
    if (!track.isVideo()) {
      return switch (rendition.format()) {
        case MPEG1 -> new Encoding.Mp2();
        case FMP4 -> new Encoding.Aac();
        case GIF, MJPEG -> throw new AssertionError("sound in " + rendition);
      };
    }
    Size size = size(track);
    long rate = rendition.bitsPerSecond();
    int fps = isCard(track) ? CARD_FPS : fps();
    return switch (rendition.format()) {
      case GIF -> new Encoding.Rgb(size, Math.max(1, rendition.fps()));
      case MJPEG -> new Encoding.Mjpeg(size, rendition.quality());
      case MPEG1 -> {
        mpeg1Size = Optional.of(mpeg1Size.orElse(size));
        yield new Encoding.Mpeg1(mpeg1Size.get(), rate, fps);
      }
      case FMP4 -> new Encoding.H264(size, rate, fps, ffmpeg.h264Encoder());
    };
  }

  /** That of the rendition; of a card in the place of what was copied, the source's. */
  private Size size(Track track) {
    boolean isWhole = isCard(track) && wasCopied;
    return Size.within(isWhole ? track.width() : rendition.width(), track);
  }

  /** Nothing else is uncompressed in the packets of a source. */
  private static boolean isCard(Track track) {
    return track.codec() == Codec.RGB24;
  }

  /** Whether the track, a card, needs no encoder: single pictures are made at once. */
  private boolean isDrawn(Track track) {
    return isCard(track)
        && switch (rendition.format()) {
          case GIF, MJPEG -> true;
          case MPEG1, FMP4 -> false;
        };
  }

  private Track drawn(Track card) {
    Codec codec = rendition.format() == Format.GIF ? Codec.RGB24 : Codec.MJPEG;
    return StillPicture.track(codec, size(card));
  }

  private Packet drawn(Packet card) {
    Size size = size(card.track());
    return rendition.format() == Format.GIF
        ? StillPicture.asRgb(card, size)
        : StillPicture.asJpeg(card, size);
  }

  /** About how many pictures a second the source's log holds; 25 where they are too few to tell. */
  private int fps() {
    List<Packet> held = source.held(packet -> packet.track().isVideo() && !isCard(packet.track()));
    if (held.size() < FEWEST_TO_TELL_FPS) {
      return DEFAULT_FPS;
    }
    long micros = held.get(0).ptsMicros() - held.get(held.size() - 1).ptsMicros();
    long perSecond = Math.round((held.size() - 1) * 1e6 / Math.max(1, micros));
    return (int) Math.max(1, Math.min(MOST_FPS, perSecond));
  }

  private boolean isCopied(Track track) {
    return isCopied(rendition, pictures, track);
  }

  /** Whether a track of a source goes into {@code rendition} as it is, without an encoder. */
  static boolean isCopied(Rendition rendition, Pictures pictures, Track track) {
    return switch (rendition.format()) {
      case GIF -> false;
      case MJPEG ->
          track.codec() == Codec.MJPEG
              && (pictures == Pictures.KEYFRAMES // all are, and decoding them would cost a core
                  || rendition.equals(Rendition.defaultOf(rendition.format()))
                  || track.width() <= rendition.width());
      case MPEG1 -> track.codec() == Codec.MP2;
      case FMP4 ->
          Fmp4Packager.canCarry(track) && (!track.isVideo() || rendition.encode() == Encode.AUTO);
    };
  }

  /** Ends its threads and encoders. Idempotent, any thread but theirs. */
  @Override
  public void close() {
    lanes.forEach(Lane::end);
    for (Lane lane : lanes) {
      Ffmpeg.join(lane.thread);
    }
  }

  /** Follows one track. All but {@link #close} is confined to its thread. */
  private final class Lane {
    private final Kind kind;
    private final Thread thread;
    private final Cursor<Packet> cursor = source.read();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Run run;
    private Track track; // of that run; null: it has none of this kind
    private boolean isCopied; // that track, rather than encoded
    private boolean isDrawn; // that track is a card of single pictures
    private volatile Encoder encoder; // null: copied, or there is none; close() reads it
    private final Backoff backoff = new Backoff();
    private long encoderStartedNanos;
    private long notBeforeNanos; // no encoder is started earlier, after one failed
    private long fromMicros = Long.MIN_VALUE; // earlier sound is left out
    private volatile long stillMicros; // of the newest keyframe written, for the encoder's thread

    Lane(Kind kind) {
      this.kind = kind;
      String suffix = kind == Kind.VIDEO ? "" : " sound";
      thread = Ffmpeg.daemon("rendition " + name + suffix, this::follow);
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
        Thread.currentThread().interrupt(); // close() wants us to end
      } finally {
        stopEncoder();
      }
    }

    private boolean isFollowedToItsEnd() throws InterruptedException {
      try {
        for (Optional<Entry<Packet>> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          Entry<Packet> entry = next.get();
          if (entry.run() != run) {
            enter(entry.run());
          }
          Packet packet = entry.piece();
          if (track != null && packet.track().index() == track.index()) {
            bring(packet);
          }
        }
        return true;
      } catch (RuntimeException e) { // ours: this rendition suffers, the source's others go on
        LOG.log(Level.ERROR, "rendition " + name + " broke an invariant", e);
        return false;
      }
    }

    private void enter(Run next) throws InterruptedException {
      stopEncoder();
      run = next;
      track = (kind == Kind.VIDEO ? next.video() : next.audio()).orElse(null);
      mux.expect(next, expectedKinds(next));
      notBeforeNanos = System.nanoTime();
      if (track == null) {
        return;
      }
      isCopied = isCopied(track);
      isDrawn = isDrawn(track);
      if (kind == Kind.VIDEO && !isCard(track)) {
        wasCopied = isCopied;
      }
      if (isCopied) {
        mux.announce(next, track);
      } else if (isDrawn) {
        mux.announce(next, drawn(track));
      }
      boolean pictureIsEncoded = next.video().map(video -> !isCopied(video)).orElse(false);
      fromMicros = pictureIsEncoded ? presentMicros() : Long.MIN_VALUE;
    }

    private Set<Kind> expectedKinds(Run of) {
      Set<Kind> kinds = EnumSet.noneOf(Kind.class);
      for (Lane lane : lanes) {
        if ((lane.kind == Kind.VIDEO ? of.video() : of.audio()).isPresent()) {
          kinds.add(lane.kind);
        }
      }
      return kinds;
    }

    /** The newest picture's time: what comes before is history. */
    private long presentMicros() {
      return source.newest(packet -> packet.track().isVideo()).map(Packet::ptsMicros).orElse(0L);
    }

    private void bring(Packet packet) throws InterruptedException {
      if (pictures == Pictures.KEYFRAMES && !packet.isKeyframe()) {
        return;
      }
      if (kind == Kind.AUDIO && packet.ptsMicros() < fromMicros) {
        return;
      }
      if (isCopied) {
        mux.accept(run, packet);
        return;
      }
      if (isDrawn) {
        mux.accept(run, drawn(packet));
        return;
      }
      if (encoder == null) {
        if (!packet.isKeyframe() || System.nanoTime() - notBeforeNanos < 0) {
          return;
        }
        startEncoder(encoding(track));
      }
      if (encoder != null) {
        write(packet);
      }
    }

    private void startEncoder(Encoding encoding) {
      long from = pictures == Pictures.KEYFRAMES ? 0 : presentMicros();
      Run of = run;
      Sink<Packet> output =
          new Sink<>() {
            @Override
            public void begin(Run encoded) {
              mux.announce(of, encoded.tracks().get(0));
            }

            @Override
            public void accept(Packet packet) {
              if (pictures == Pictures.ALL || packet.ptsMicros() == stillMicros) {
                mux.accept(of, packet);
              }
            }
          };
      encoderStartedNanos = System.nanoTime();
      try {
        encoder =
            new Encoder(
                ffmpeg,
                name,
                encoding,
                track,
                kind == Kind.VIDEO ? from : 0,
                limits,
                wallMicros,
                output);
      } catch (IOException e) {
        encoderFailed(e);
      }
    }

    private void write(Packet packet) {
      stillMicros = packet.ptsMicros();
      try {
        encoder.write(packet);
        if (pictures == Pictures.KEYFRAMES) {
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
  }
}
