package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Writes packets as NUT, version 3, for an ffmpeg to read from a pipe: each packet goes out whole
 * and at once, with its pts to the microsecond.
 *
 * <p>It may begin anywhere in a run; to be decoded from its first picture on, at a keyframe. One
 * thread at a time. The dts travels only as far as NUT carries it: the reader finds it from the pts
 * and the decode delay of the track.
 *
 * @see "NUT open container format, nut.txt"
 */
public final class NutWriter {
  private static final int VERSION = 3;

  /** As ffmpeg's muxer has it. */
  private static final int MAX_DISTANCE = 32767;

  /** Syncpoint and frame header together are smaller. */
  private static final int MAX_OVERHEAD = 64;

  /** Packets up to this go out in one write together with their headers. */
  private static final int JOINED_BYTES = 16 * 1024;

  private static final int TICKS_PER_SECOND = 1_000_000;

  /** Frames of one kind: every field is coded, so that nothing depends on what went before. */
  private static final int FLAGS =
      Nut.FLAG_CODED_PTS | Nut.FLAG_STREAM_ID | Nut.FLAG_SIZE_MSB | Nut.FLAG_CHECKSUM;

  private static final int CODE_OTHER = 1;
  private static final int CODE_KEY = 2;

  /** With a shift of 0 each coded_pts is the whole pts, and 1 more. */
  private static final int MSB_PTS_SHIFT = 0;

  private static final int NONE = -1;

  private final OutputStream out;

  /** The stream that a track of this index is; {@link #NONE} of those left out. */
  private final int[] streamOfTrack;

  /** Where the syncpoint before each stream's last keyframe begins; {@link #NONE} at first. */
  private final long[] keyframeSyncpoint;

  private final NutOutput pending = new NutOutput();
  private final NutOutput fields = new NutOutput();
  private long position;
  private long lastSyncpoint = NONE;

  /**
   * Writes the headers and flushes them.
   *
   * @param out not closed by the writer
   * @param tracks those whose packets will be written: all of a run or some, at least one
   * @throws IllegalArgumentException two tracks with one index, or a codec that NUT has no fourcc
   *     for where the track has none of its own
   */
  public NutWriter(OutputStream out, List<Track> tracks) throws IOException {
    this(out, tracks, OptionalInt.empty());
  }

  /**
   * The same, and tells how many frames a second the first track has: encoders that share bits out
   * by it would else take the clock's, a million a second.
   */
  public NutWriter(OutputStream out, List<Track> tracks, OptionalInt fps) throws IOException {
    if (tracks.isEmpty()) {
      throw new IllegalArgumentException("NUT without tracks");
    }
    this.out = out;
    this.streamOfTrack = new int[tracks.stream().mapToInt(Track::index).max().orElse(0) + 1];
    this.keyframeSyncpoint = new long[tracks.size()];
    Arrays.fill(streamOfTrack, NONE);
    Arrays.fill(keyframeSyncpoint, NONE);
    pending.bytes(Bytes.owning(Nut.FILE_ID_STRING.clone()));
    addMainHeader(tracks.size());
    for (int i = 0; i < tracks.size(); i++) {
      Track track = tracks.get(i);
      if (streamOfTrack[track.index()] != NONE) {
        throw new IllegalArgumentException("two tracks with index " + track.index());
      }
      streamOfTrack[track.index()] = i;
      addStreamHeader(i, track);
    }
    fps.ifPresent(this::addFrameRate);
    flush(Bytes.EMPTY);
  }

  /** An info packet, as ffmpeg writes and reads it. */
  private void addFrameRate(int fps) {
    fields.clear();
    fields.v(1); // stream_id_plus1
    fields.v(0); // chapter_id, signed
    fields.v(0); // chapter_start
    fields.v(0); // chapter_len
    fields.v(1); // count
    fields.vb(text("r_frame_rate")); // name
    fields.v(2); // value, signed: -1 for UTF-8
    fields.vb(text(fps + "/1"));
    pending.packet(Nut.INFO_STARTCODE, fields);
  }

  private static Bytes text(String ascii) {
    return Bytes.owning(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Writes one packet and flushes it.
   *
   * @throws IllegalArgumentException its track is not among this writer's, or its pts is negative
   */
  public void write(Packet packet) throws IOException {
    int index = packet.track().index();
    if (index >= streamOfTrack.length || streamOfTrack[index] == NONE) {
      throw new IllegalArgumentException("packet of a track that is not written: " + index);
    }
    if (packet.ptsMicros() < 0) {
      throw new IllegalArgumentException("pts of " + packet.ptsMicros() + " microseconds");
    }
    int stream = streamOfTrack[index];
    if (needsSyncpoint(packet)) {
      addSyncpoint(packet);
    }
    if (packet.isKeyframe()) {
      keyframeSyncpoint[stream] = lastSyncpoint;
    }
    addFrameHeader(stream, packet);
    flush(packet.data());
  }

  private void addMainHeader(int streamCount) {
    fields.clear();
    fields.v(VERSION);
    fields.v(streamCount);
    fields.v(MAX_DISTANCE);
    fields.v(1); // time_base_count
    fields.v(1); // time_base_num
    fields.v(TICKS_PER_SECOND); // time_base_denom
    addFrameCodes(Nut.FLAG_INVALID, 1);
    addFrameCodes(FLAGS, 1);
    addFrameCodes(FLAGS | Nut.FLAG_KEY, 1);
    addFrameCodes(Nut.FLAG_INVALID, 255 - 1 - CODE_KEY); // all but those, and 'N', which has none
    fields.v(0); // header_count_minus1
    pending.packet(Nut.MAIN_STARTCODE, fields);
  }

  private void addFrameCodes(int flags, int count) {
    fields.v(flags);
    fields.v(6); // tmp_fields
    fields.v(0); // tmp_pts
    fields.v(1); // tmp_mul
    fields.v(0); // tmp_stream
    fields.v(0); // tmp_size
    fields.v(0); // tmp_res
    fields.v(count);
  }

  private void addStreamHeader(int stream, Track track) {
    fields.clear();
    fields.v(stream);
    fields.v(track.isVideo() ? Nut.CLASS_VIDEO : Nut.CLASS_AUDIO);
    fields.vb(fourcc(track));
    fields.v(0); // time_base_id
    fields.v(MSB_PTS_SHIFT);
    fields.v(TICKS_PER_SECOND); // max_pts_distance; all frames have the checksum beyond it
    fields.v(track.decodeDelay());
    fields.v(0); // stream_flags
    fields.vb(track.extradata());
    if (track.isVideo()) {
      fields.v(track.width());
      fields.v(track.height());
      fields.v(0); // sample_width: unknown
      fields.v(0); // sample_height
      fields.v(0); // colorspace_type: unknown
    } else {
      fields.v(track.sampleRate());
      fields.v(1); // samplerate_denom
      fields.v(track.channels());
    }
    pending.packet(Nut.STREAM_STARTCODE, fields);
  }

  private static Bytes fourcc(Track track) {
    if (!track.fourcc().isEmpty()) {
      return track.fourcc();
    }
    return Nut.fourcc(track.codec())
        .orElseThrow(() -> new IllegalArgumentException("NUT cannot hold " + track.codec()));
  }

  private boolean needsSyncpoint(Packet packet) {
    return lastSyncpoint == NONE
        || packet.isJoinPoint()
        || position + packet.size() + MAX_OVERHEAD >= lastSyncpoint + MAX_DISTANCE;
  }

  /**
   * {@code back_ptr} leads to the syncpoint from which all streams can be decoded. The first one
   * leads nowhere: ffmpeg throws away all that follows a syncpoint which points before the start.
   */
  private void addSyncpoint(Packet packet) {
    long decodable = position;
    for (long syncpoint : keyframeSyncpoint) {
      decodable = syncpoint == NONE ? decodable : Math.min(decodable, syncpoint);
    }
    fields.clear();
    fields.v(Math.max(0, packet.dtsMicros())); // global_key_pts
    fields.v((position - decodable) / 16); // back_ptr_div16
    pending.packet(Nut.SYNCPOINT_STARTCODE, fields);
    lastSyncpoint = position;
  }

  private void addFrameHeader(int stream, Packet packet) {
    int start = pending.size();
    pending.u8(packet.isKeyframe() ? CODE_KEY : CODE_OTHER);
    pending.v(stream);
    pending.v(packet.ptsMicros() + (1 << MSB_PTS_SHIFT)); // coded_pts
    pending.v(packet.size()); // data_size_msb
    pending.checksum(start);
  }

  private void flush(Bytes data) throws IOException {
    position += pending.size() + data.size();
    if (data.size() <= JOINED_BYTES) {
      pending.bytes(data);
      pending.writeTo(out);
    } else {
      pending.writeTo(out);
      data.writeTo(out);
    }
    pending.clear();
    out.flush();
  }
}
