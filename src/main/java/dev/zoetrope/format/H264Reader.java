package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reads packets from raw H.264, as Raspberry Pi cameras write it: NAL units behind start codes, one
 * picture after the other, without times and without B-frames.
 *
 * <p>A picture is known to be whole when the next one begins, so each packet comes one frame late;
 * its capture time is that at which its first byte was read. Times are those of arrival, smoothed.
 * A run begins with a keyframe, and anew where the sequence parameter set changes. Pictures above
 * 64 MiB are refused. Stateless between calls of {@link #read}, which may run on several threads.
 *
 * @see "ITU-T H.264, annex B; 7.4.1.2.3 (where an access unit begins)"
 */
public final class H264Reader {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int MOST_BYTES = NutReader.MAX_PACKET_BYTES;
  private static final int MOST_BEFORE_START_CODE = 4096;

  private static final int IDR = 5;
  private static final int SPS = 7;
  private static final int PPS = 8;

  private static final Bytes START_CODE = Bytes.of(0, 0, 0, 1);
  private static final int NONE = -1;

  private final int fps;
  private final LongSupplier nanoTime;
  private final LongSupplier wallMicros;

  /**
   * @param fps about how many pictures a second come, at least 1
   * @param nanoTime for the times of pictures
   * @param wallMicros microseconds since 1970, UTC, for their capture times
   */
  public H264Reader(int fps, LongSupplier nanoTime, LongSupplier wallMicros) {
    this.fps = fps;
    this.nanoTime = nanoTime;
    this.wallMicros = wallMicros;
  }

  /**
   * Reads one stream until its end; the picture that it ends in is given on.
   *
   * @param in not closed
   * @throws MalformedMediaException the bytes are not H.264 behind start codes
   * @throws IOException {@code in} failed
   */
  public void read(InputStream in, Sink<Packet> sink) throws IOException {
    new Reading(sink).readAll(in);
  }

  /** One call of {@link #read}; confined to its thread. */
  private final class Reading {
    private final Sink<Packet> sink;
    private final ArrivalClock clock = new ArrivalClock(fps);
    private byte[] buffer = new byte[4 * CHUNK_BYTES]; // the picture that is being read
    private int size;
    private int scanned; // start codes that begin before are known
    private int unit = NONE; // where the newest NAL unit's header byte is
    private boolean isUnitJudged; // whether it is known to which picture it belongs
    private boolean hasSlice; // the picture being read has one
    private boolean isKeyframe;
    private Bytes sps = Bytes.EMPTY;
    private Bytes pps = Bytes.EMPTY;
    private long arrivedNanos; // when the first byte of the picture being read was read
    private long arrivedWallMicros;
    private Track track; // null before the first keyframe
    private Bytes trackSps = Bytes.EMPTY;
    private int runs;

    Reading(Sink<Packet> sink) {
      this.sink = sink;
    }

    void readAll(InputStream in) throws IOException {
      while (true) {
        reserve();
        boolean isFirst = size == 0;
        int count = in.read(buffer, size, CHUNK_BYTES);
        if (count < 0) {
          break;
        }
        if (isFirst) {
          arrived();
        }
        size += count;
        scan();
      }
      if (unit != NONE && hasSlice) {
        endUnit(size);
        emit(size);
      }
    }

    private void reserve() throws MalformedMediaException {
      if (size > MOST_BYTES) {
        throw new MalformedMediaException("H.264: picture of over " + MOST_BYTES + " bytes");
      }
      if (buffer.length - size < CHUNK_BYTES) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
    }

    private void arrived() {
      arrivedNanos = nanoTime.getAsLong();
      arrivedWallMicros = wallMicros.getAsLong();
    }

    private void scan() throws MalformedMediaException {
      judge();
      while (scanned + 3 < size) { // a header byte follows the start code
        if (buffer[scanned] != 0 || buffer[scanned + 1] != 0 || buffer[scanned + 2] != 1) {
          scanned++;
          continue;
        }
        if (unit != NONE) {
          endUnit(scanned);
        } else if (scanned > 1) {
          throw new MalformedMediaException("H.264: " + scanned + " bytes before a start code");
        }
        unit = scanned + 3;
        isUnitJudged = false;
        scanned += 3;
        judge();
      }
      if (unit == NONE && size > MOST_BEFORE_START_CODE) {
        throw new MalformedMediaException("H.264: no start code in the first " + size + " bytes");
      }
    }

    /** Sees whether the newest unit begins another picture; a slice's second byte may tell. */
    private void judge() throws MalformedMediaException {
      if (unit == NONE || isUnitJudged || unit + 1 >= size) {
        return;
      }
      isUnitJudged = true;
      int type = buffer[unit] & 0x1f;
      boolean isSlice = type == 1 || type == 2 || type == IDR;
      boolean isFirstSlice = isSlice && (buffer[unit + 1] & 0x80) != 0; // first_mb_in_slice is 0
      boolean leads = (type >= 6 && type <= 9) || (type >= 14 && type <= 18);
      if (hasSlice && (isFirstSlice || leads)) {
        int startCode = unit - 3;
        // zero_byte belongs to what follows it
        emit(startCode > 0 && buffer[startCode - 1] == 0 ? startCode - 1 : startCode);
      }
      if (isSlice) {
        hasSlice = true;
        isKeyframe |= type == IDR;
      }
    }

    /** A NAL unit is whole. */
    private void endUnit(int end) {
      int type = buffer[unit] & 0x1f;
      if (type == SPS || type == PPS) {
        int to = end;
        while (to > unit && buffer[to - 1] == 0) {
          to--; // trailing_zero_8bits, zero_byte
        }
        Bytes set = Bytes.copyOf(buffer, unit, to - unit);
        if (type == SPS) {
          sps = set;
        } else {
          pps = set;
        }
      }
    }

    /** The picture up to {@code end} is whole; what follows begins the next. */
    private void emit(int end) throws MalformedMediaException {
      Bytes data = Bytes.copyOf(buffer, 0, end);
      long ptsMicros = clock.next(arrivedNanos);
      if (isKeyframe && !sps.equals(trackSps) && !pps.isEmpty()) {
        begin();
      }
      if (track != null) {
        sink.accept(new Packet(track, ptsMicros, ptsMicros, isKeyframe, arrivedWallMicros, data));
      }
      System.arraycopy(buffer, end, buffer, 0, size - end);
      size -= end;
      scanned = Math.max(0, scanned - end);
      unit -= end;
      hasSlice = false;
      isKeyframe = false;
      arrived();
    }

    private void begin() throws MalformedMediaException {
      H264Sps read = H264Sps.read(sps);
      Bytes extradata = Bytes.concat(START_CODE, sps, START_CODE, pps);
      Bytes fourcc = Bytes.owning("H264".getBytes(StandardCharsets.US_ASCII));
      track = Track.video(0, Codec.H264, fourcc, extradata, read.width(), read.height());
      trackSps = sps;
      sink.begin(new Run(runs++, List.of(track), "", Bytes.EMPTY));
    }
  }
}
