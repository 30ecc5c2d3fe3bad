package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Moves the times that stand inside of fragments, as if they had been packed from packets of other
 * times. Back by as much gives the same bytes again. What it does not know, it leaves as it is.
 * Stateless.
 *
 * @see "ISO/IEC 14496-12, 8.8.12 (tfdt), 8.16.5 (prft)"
 * @see "ISO/IEC 13818-1, 2.4.3.4 (adaptation field), 2.4.3.6 (PES packet)"
 */
public final class TimeShift {
  private static final long MICROS = 1_000_000;

  // ISO/IEC 14496-12.
  private static final int BOX_HEADER = 8;
  private static final int PRFT = 0x70726674;
  private static final int MOOF = 0x6d6f6f66;
  private static final int TRAF = 0x74726166;
  private static final int TFHD = 0x74666864;
  private static final int TFDT = 0x74666474;
  private static final int PRFT_TRACK = 12; // behind version and flags
  private static final int PRFT_TIME = 24; // behind the NTP time stamp
  private static final int TFHD_TRACK = 12;
  private static final int TFDT_TIME = 12;

  // ISO/IEC 13818-1.
  private static final int PACKET = TsFragment.PACKET;
  private static final int TS_TICKS = 90_000;
  private static final int CLOCK_FIELD = 7; // the least adaptation_field_length with a PCR
  private static final int TIME_STAMP = 5;
  private static final int PES_FIXED_HEADER = 9;
  private static final long TIME_MASK = (1L << 33) - 1;

  private TimeShift() {}

  /**
   * The fragment with its times earlier.
   *
   * @param tracks of its run
   * @param micros by how much; less than 0: later
   */
  public static Bytes earlier(Format format, List<Track> tracks, Bytes fragment, long micros) {
    return later(format, tracks, fragment, -micros);
  }

  /** As {@link #earlier}, the other way. */
  public static Bytes later(Format format, List<Track> tracks, Bytes fragment, long micros) {
    return switch (format) {
      case FMP4 -> boxes(tracks, fragment, micros);
      case MPEG1 -> packets(fragment, micros);
      case MJPEG, GIF -> fragment; // these have no times
    };
  }

  /** Rounded alike both ways. */
  private static long ticks(long micros, int timescale) {
    long ticks = new TimeScale(timescale, MICROS).round(Math.abs(micros));
    return micros < 0 ? -ticks : ticks;
  }

  // Fragmented MP4.

  private static Bytes boxes(List<Track> tracks, Bytes fragment, long micros) {
    byte[] array = fragment.toArray();
    ByteBuffer bytes = ByteBuffer.wrap(array);
    int end = array.length;
    for (int at = 0; isBox(bytes, at, end); at += bytes.getInt(at)) {
      int size = bytes.getInt(at);
      switch (bytes.getInt(at + 4)) {
        case PRFT -> moveReference(tracks, bytes, at, size, micros);
        case MOOF -> moveFragment(tracks, bytes, at, at + size, micros);
        default -> {
          // no times
        }
      }
    }
    return Bytes.owning(array);
  }

  /** Whether a whole box of a usual size stands there. */
  private static boolean isBox(ByteBuffer bytes, int at, int end) {
    return end - at >= BOX_HEADER && bytes.getInt(at) >= BOX_HEADER && bytes.getInt(at) <= end - at;
  }

  private static void moveReference(
      List<Track> tracks, ByteBuffer bytes, int at, int size, long micros) {
    if (size >= PRFT_TIME + 4) {
      int track = bytes.getInt(at + PRFT_TRACK);
      moveTime(tracks, bytes, at, size, PRFT_TIME, track, micros);
    }
  }

  private static void moveFragment(
      List<Track> tracks, ByteBuffer bytes, int moof, int end, long micros) {
    for (int at = moof + BOX_HEADER; isBox(bytes, at, end); at += bytes.getInt(at)) {
      if (bytes.getInt(at + 4) == TRAF) {
        moveTrack(tracks, bytes, at, at + bytes.getInt(at), micros);
      }
    }
  }

  private static void moveTrack(
      List<Track> tracks, ByteBuffer bytes, int traf, int end, long micros) {
    int track = 0; // none has it
    for (int at = traf + BOX_HEADER; isBox(bytes, at, end); at += bytes.getInt(at)) {
      int size = bytes.getInt(at);
      int type = bytes.getInt(at + 4);
      if (type == TFHD && size >= TFHD_TRACK + 4) {
        track = bytes.getInt(at + TFHD_TRACK);
      } else if (type == TFDT && size >= TFDT_TIME + 4) {
        moveTime(tracks, bytes, at, size, TFDT_TIME, track, micros);
      }
    }
  }

  /** Of a full box, whose version says how long its time is: 4 bytes, or 8. */
  private static void moveTime(
      List<Track> tracks, ByteBuffer bytes, int box, int size, int time, int track, long micros) {
    Optional<Track> moved =
        tracks.stream().filter(each -> InitSegment.trackId(each) == track).findFirst();
    if (moved.isEmpty()) {
      return;
    }
    long ticks = ticks(micros, InitSegment.timescale(moved.get()));
    boolean isLong = bytes.get(box + BOX_HEADER) != 0;
    int at = box + time;
    if (!isLong) {
      bytes.putInt(at, (int) (bytes.getInt(at) + ticks));
    } else if (size >= time + 8) {
      bytes.putLong(at, bytes.getLong(at) + ticks);
    }
  }

  // Transport stream.

  private static Bytes packets(Bytes fragment, long micros) {
    byte[] array = fragment.toArray();
    long ticks = ticks(micros, TS_TICKS);
    for (int at = 0; at + PACKET <= array.length; at += PACKET) {
      if ((array[at] & 0xff) == TsFragment.SYNC) {
        movePacket(array, at, ticks);
      }
    }
    return Bytes.owning(array);
  }

  private static void movePacket(byte[] array, int packet, long ticks) {
    boolean isStart = (array[packet + 1] & 0x40) != 0; // payload_unit_start_indicator
    boolean hasField = (array[packet + 3] & 0x20) != 0; // adaptation_field_control
    boolean hasPayload = (array[packet + 3] & 0x10) != 0;
    int at = packet + 4;
    int end = packet + PACKET;
    if (hasField) {
      int size = array[at] & 0xff; // adaptation_field_length does not count itself
      if (size >= CLOCK_FIELD && (array[at + 1] & 0x10) != 0) { // PCR_flag
        moveClock(array, at + 2, ticks);
      }
      at += 1 + size;
    }
    if (isStart && hasPayload && isPesOfMedia(array, at, end)) {
      int flags = array[at + 7] & 0xc0; // PTS_DTS_flags
      int pts = at + PES_FIXED_HEADER;
      if ((flags & 0x80) != 0 && pts + TIME_STAMP <= end) {
        moveTimeStamp(array, pts, ticks);
      }
      if (flags == 0xc0 && pts + 2 * TIME_STAMP <= end) {
        moveTimeStamp(array, pts + TIME_STAMP, ticks);
      }
    }
  }

  /** A PES packet of picture or sound whose header has the usual form. */
  private static boolean isPesOfMedia(byte[] array, int at, int end) {
    return at + PES_FIXED_HEADER <= end
        && array[at] == 0
        && array[at + 1] == 0
        && array[at + 2] == 1
        && (array[at + 3] & 0xff) >= 0xc0 // stream_id
        && (array[at + 3] & 0xff) <= 0xef
        && (array[at + 6] & 0xc0) == 0x80;
  }

  /** program_clock_reference_base; its extension stays. */
  private static void moveClock(byte[] array, int at, long ticks) {
    long base =
        (array[at] & 0xffL) << 25
            | (array[at + 1] & 0xffL) << 17
            | (array[at + 2] & 0xffL) << 9
            | (array[at + 3] & 0xffL) << 1
            | (array[at + 4] & 0x80L) >> 7;
    long moved = (base + ticks) & TIME_MASK;
    array[at] = (byte) (moved >> 25);
    array[at + 1] = (byte) (moved >> 17);
    array[at + 2] = (byte) (moved >> 9);
    array[at + 3] = (byte) (moved >> 1);
    array[at + 4] = (byte) (((moved & 1) << 7) | (array[at + 4] & 0x7f));
  }

  /** 33 bits in three parts, each closed by a marker_bit. */
  private static void moveTimeStamp(byte[] array, int at, long ticks) {
    long time =
        (array[at] & 0x0eL) << 29
            | (array[at + 1] & 0xffL) << 22
            | (array[at + 2] & 0xfeL) << 14
            | (array[at + 3] & 0xffL) << 7
            | (array[at + 4] & 0xfeL) >> 1;
    long moved = (time + ticks) & TIME_MASK;
    array[at] = (byte) ((array[at] & 0xf1) | ((moved >> 29) & 0x0e));
    array[at + 1] = (byte) (moved >> 22);
    array[at + 2] = (byte) (((moved >> 14) & 0xfe) | (array[at + 2] & 1));
    array[at + 3] = (byte) (moved >> 7);
    array[at + 4] = (byte) (((moved << 1) & 0xfe) | (array[at + 4] & 1));
  }
}
