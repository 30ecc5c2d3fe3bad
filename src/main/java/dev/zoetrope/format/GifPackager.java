package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Packs pictures ({@link Codec#RGB24}) as the images of one endless GIF, a {@link GifFragment}
 * each, in the very call that brings the picture.
 *
 * <p>A GIF cannot change its size: there is one run, with the size of the first picture track, for
 * ever. Later tracks of another size are scaled and padded into it, and their clock is moved so
 * that it goes on from the run's. The first packet alone makes a complete still picture.
 *
 * <p>Not thread-safe but for the counters. Pictures of up to 2^25 pixels and 65535 pixels a side;
 * it needs about 12 bytes of memory a pixel, and each fragment one more until it is dropped.
 */
public final class GifPackager implements Packager {
  private static final int MAX_PIXELS = 1 << 25;
  private static final long MICROS_PER_PICTURE_UNKNOWN = 100_000;

  private final Sink<Fragment> sink;
  private final GifBudget budget;
  private final AtomicLong malformed = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();

  // From the first picture track on.
  private GifEncoder encoder;
  private int width;
  private int height;
  private byte[] picture;

  // From each begin() on; null where there is no picture to pack.
  private Track track;
  private PictureFit fit;
  private boolean isFirstOfClock;
  private long clockOffset;

  private boolean hasImages;
  private long lastPts;
  private long lastCapture;

  /**
   * @param bytesPerSecond budget of the changes, averaged over about two seconds; the pictures get
   *     coarser, then fewer, to keep it. 0 without one
   */
  public GifPackager(Sink<Fragment> sink, long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("GIF budget of " + bytesPerSecond + " bytes a second");
    }
    this.sink = sink;
    this.budget = new GifBudget(bytesPerSecond);
  }

  @Override
  public void begin(List<Track> tracks) {
    track = tracks.stream().filter(GifPackager::canPack).findFirst().orElse(null);
    fit = null;
    isFirstOfClock = true;
    if (track == null) {
      return;
    }
    if (encoder == null) {
      beginRun();
    } else if (track.width() != width || track.height() != height) {
      fit = new PictureFit(track.width(), track.height(), width, height);
    }
  }

  private static boolean canPack(Track track) {
    return track.codec() == Codec.RGB24
        && track.width() <= GifImage.MAX_SIDE
        && track.height() <= GifImage.MAX_SIDE
        && (long) track.width() * track.height() <= MAX_PIXELS;
  }

  private void beginRun() {
    width = track.width();
    height = track.height();
    picture = new byte[width * height * 3];
    encoder = new GifEncoder(width, height);
    Track images = Track.video(0, Codec.GIF, Bytes.EMPTY, Bytes.EMPTY, width, height);
    sink.begin(new Run(0, List.of(images), "image/gif", GifImage.fileHead(width, height)));
  }

  @Override
  public void accept(Packet packet) {
    if (!packet.track().isVideo()) {
      return;
    }
    if (track == null
        || packet.track().index() != track.index()
        || packet.size() != track.width() * track.height() * 3) {
      malformed.incrementAndGet();
      return;
    }
    long pts = onRunClock(packet);
    if (!budget.allows(pts)) {
      leftOut.incrementAndGet();
      return;
    }
    if (fit == null) {
      packet.data().copyTo(picture, 0);
    } else {
      fit.fit(packet.data(), picture);
    }
    Bytes stamp = GifImage.stamp(Math.max(0, packet.captureMicros()));
    Bytes stamped = encoder.encode(picture, stamp, budget.coarseness());
    budget.spend(stamped.size() - stamp.size());
    GifFragment fragment =
        hasImages
            ? GifFragment.ofChanges(
                pts, packet.captureMicros(), stamped, stamp.size(), encoder.canvas())
            : GifFragment.ofFull(pts, packet.captureMicros(), stamped, stamp.size());
    hasImages = true;
    sink.accept(fragment);
  }

  /** After another begin() the clock goes on by as much as passed at the capture. */
  private long onRunClock(Packet packet) {
    if (isFirstOfClock) {
      isFirstOfClock = false;
      if (hasImages) {
        long passed = packet.captureMicros() - lastCapture;
        long next = lastPts + (passed > 0 ? passed : MICROS_PER_PICTURE_UNKNOWN);
        clockOffset = next - packet.ptsMicros();
      }
    }
    long pts = packet.ptsMicros() + clockOffset;
    if (hasImages) {
      pts = Math.max(pts, lastPts);
    }
    lastPts = pts;
    lastCapture = packet.captureMicros();
    return pts;
  }

  @Override
  public long malformed() {
    return malformed.get();
  }

  /** Pictures left out to keep the budget. Any thread. */
  public long leftOut() {
    return leftOut.get();
  }
}
