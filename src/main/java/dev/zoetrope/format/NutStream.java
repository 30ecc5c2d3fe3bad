package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.Optional;

/**
 * One stream of a NUT file: what its header says, and where its clock stands. Not thread-safe.
 *
 * @see "nut.txt, Stream headers"
 */
final class NutStream {
  /** num / den seconds. */
  record TimeBase(int num, int den) {
    private static final long MICROS_PER_SECOND = 1_000_000;

    TimeScale toMicros() {
      return new TimeScale(num * MICROS_PER_SECOND, den);
    }

    TimeScale to(TimeBase other) {
      return equals(other)
          ? TimeScale.IDENTITY
          : new TimeScale((long) num * other.den, (long) den * other.num);
    }
  }

  private static final int MAX_EXTRADATA_BYTES = 16 * 1024 * 1024;
  private static final int MAX_DECODE_DELAY = 999;

  private final Optional<Track> track;
  private final TimeScale toMicros;
  private final TimeScale[] fromTimeBase;
  private final int msbPtsShift;
  private final long maxPtsDistance;
  private final DecodeOrder decodeOrder;
  private long lastPts;
  private long syncPts;

  /** Reads a stream header from behind its stream_id on; it becomes track {@code index}, if any. */
  NutStream(NutInput in, TimeBase[] timeBases, int index) throws IOException {
    int streamClass = in.v("stream_class", Integer.MAX_VALUE);
    Bytes fourcc = Bytes.owning(in.vb("fourcc", 4));
    if (fourcc.size() != 2 && fourcc.size() != 4) {
      throw in.malformed("fourcc of " + fourcc.size() + " bytes");
    }
    TimeBase timeBase = timeBases[in.v("time_base_id", timeBases.length - 1)];
    msbPtsShift = in.v("msb_pts_shift", 15);
    maxPtsDistance = in.v("max_pts_distance");
    int decodeDelay = in.v("decode_delay", MAX_DECODE_DELAY);
    in.skipV(); // stream_flags
    Bytes extradata = Bytes.owning(in.vb("codec_specific_data", MAX_EXTRADATA_BYTES));
    track = track(in, index, streamClass, fourcc, extradata, decodeDelay);
    boolean isVideo = track.isPresent() && track.get().isVideo();
    decodeOrder = new DecodeOrder(decodeDelay, isVideo ? DecodeOrder.MAX_DELAY : 0);
    toMicros = timeBase.toMicros();
    fromTimeBase = new TimeScale[timeBases.length];
    for (int i = 0; i < timeBases.length; i++) {
      fromTimeBase[i] = timeBases[i].to(timeBase);
    }
  }

  private static Optional<Track> track(
      NutInput in, int index, int streamClass, Bytes fourcc, Bytes extradata, int decodeDelay)
      throws IOException {
    if (streamClass == Nut.CLASS_VIDEO) {
      Codec codec = Nut.codec(Codec.Kind.VIDEO, fourcc);
      int width = in.v("width", 1, Integer.MAX_VALUE);
      int height = in.v("height", 1, Integer.MAX_VALUE);
      return Optional.of(
          new Track(index, codec, fourcc, extradata, width, height, 0, 0, decodeDelay));
    }
    if (streamClass == Nut.CLASS_AUDIO) {
      Codec codec = Nut.codec(Codec.Kind.AUDIO, fourcc);
      int samplerateNum = in.v("samplerate_num", 1, Integer.MAX_VALUE);
      int samplerateDenom = in.v("samplerate_denom", 1, Integer.MAX_VALUE);
      int channels = in.v("channel_count", 1, Integer.MAX_VALUE);
      int sampleRate = Math.max(1, samplerateNum / samplerateDenom);
      return Optional.of(
          new Track(index, codec, fourcc, extradata, 0, 0, sampleRate, channels, decodeDelay));
    }
    return Optional.empty();
  }

  /** Nothing where it is neither picture nor sound. */
  Optional<Track> track() {
    return track;
  }

  /** After a syncpoint, whose global_key_pts was in {@code timeBaseId}. */
  void resetPts(long globalKeyPts, int timeBaseId) {
    lastPts = fromTimeBase[timeBaseId].floor(globalKeyPts);
    syncPts = lastPts;
  }

  /** The pts that a coded_pts means here: its lowest bits only, or all of it. */
  long fullPts(long codedPts) {
    long shifted = 1L << msbPtsShift;
    if (codedPts >= shifted) {
      return codedPts - shifted;
    }
    long mask = shifted - 1;
    long delta = lastPts - mask / 2;
    return ((codedPts - delta) & mask) + delta;
  }

  /** The pts of a frame without coded_pts. */
  long predictedPts(long ptsDelta) {
    return lastPts + ptsDelta;
  }

  /** Whether a frame at {@code pts} must carry a checksum. */
  boolean isFar(long pts) {
    return Math.abs(pts - lastPts) > maxPtsDistance;
  }

  /** The last frame was at {@code pts}. */
  void advanceTo(long pts) {
    lastPts = pts;
  }

  long ptsMicros(long pts) {
    return toMicros.round(pts);
  }

  /** Asked once for each frame, in order. */
  long dtsMicros(long pts) {
    return toMicros.round(decodeOrder.dts(pts, syncPts));
  }
}
