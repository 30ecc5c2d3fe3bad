package dev.zoetrope.format;

import dev.zoetrope.format.NutStream.TimeBase;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the main header and the stream headers of a NUT file say. Not thread-safe.
 *
 * <p>ffmpeg repeats the headers as the file grows; repetitions must be the same.
 *
 * @see "nut.txt, Main header, Stream headers"
 */
final class NutHeaders {
  /** What one first byte of a frame stands for. */
  record FrameCode(
      int flags,
      int streamId,
      int dataSizeMul,
      int dataSizeLsb,
      long ptsDelta,
      int reservedCount,
      int headerIdx) {
    static final FrameCode INVALID = new FrameCode(Nut.FLAG_INVALID, 0, 0, 0, 0, 0, 0);
  }

  private static final int FRAME_CODES = 256;
  private static final int MIN_VERSION = 2;
  private static final int MAX_VERSION = 4;
  private static final int MAX_STREAMS = 256;
  private static final int MAX_TIME_BASES = 256;
  private static final int MAX_MAX_DISTANCE = 65536;
  private static final int MAX_DATA_SIZE_MUL = 1 << 24;
  private static final int MAX_ELISION_HEADERS = 128;
  private static final int MAX_ELISION_BYTES = 255;
  private static final byte[] NO_BYTES = {};

  private final FrameCode[] frameCodes = new FrameCode[FRAME_CODES];
  private final List<byte[]> elisionHeaders = new ArrayList<>();
  private final List<Track> tracks = new ArrayList<>();
  private TimeBase[] timeBases = {};
  private NutStream[] streams = {};
  private byte[][] streamBodies = {};
  private byte[] mainBody = NO_BYTES;
  private int missing = 1;
  private int maxDistance;
  private long mainFlags;

  /** Whether all headers are here. */
  boolean areComplete() {
    return missing == 0;
  }

  /** The pictures and sounds, in the order of the streams. */
  List<Track> tracks() {
    return tracks;
  }

  FrameCode frameCode(int code) {
    return frameCodes[code];
  }

  int streamCount() {
    return streams.length;
  }

  NutStream stream(int streamId) {
    return streams[streamId];
  }

  int timeBaseCount() {
    return timeBases.length;
  }

  /** Farthest a frame without a syncpoint may begin from the last one, in bytes. */
  int maxDistance() {
    return maxDistance;
  }

  boolean isPipeMode() {
    return (mainFlags & Nut.PIPE_MODE) != 0;
  }

  int elisionHeaderCount() {
    return elisionHeaders.size();
  }

  byte[] elisionHeader(int headerIdx) {
    return elisionHeaders.get(headerIdx);
  }

  /** Takes the body of a main header, which began at {@code position}. */
  void readMain(byte[] body, long position) throws IOException {
    NutInput in = new NutInput(body, position);
    if (mainBody.length > 0) {
      checkRepeated(in, mainBody, body, "main header");
      return;
    }
    int version = in.v("version", MIN_VERSION, MAX_VERSION);
    if (version > 3) {
      in.skipV(); // minor_version
    }
    int streamCount = in.v("stream_count", 1, MAX_STREAMS);
    maxDistance = (int) Math.min(in.v("max_distance"), MAX_MAX_DISTANCE);
    timeBases = new TimeBase[in.v("time_base_count", 1, MAX_TIME_BASES)];
    for (int i = 0; i < timeBases.length; i++) {
      int num = in.v("time_base_num", 1, Integer.MAX_VALUE);
      int denom = in.v("time_base_denom", 1, Integer.MAX_VALUE);
      timeBases[i] = new TimeBase(num, denom);
    }
    readFrameCodes(in, streamCount);
    readElisionHeaders(in);
    if (version > 3 && in.available() > 0) {
      mainFlags = in.v("main_flags");
    }
    streams = new NutStream[streamCount];
    streamBodies = new byte[streamCount][];
    mainBody = body;
    missing = streamCount;
  }

  private void readFrameCodes(NutInput in, int streamCount) throws IOException {
    Arrays.fill(frameCodes, FrameCode.INVALID);
    long ptsDelta = 0;
    int mul = 1;
    int streamId = 0;
    int headerIdx = 0;
    for (int code = 0; code < FRAME_CODES; ) {
      int flags = in.v("tmp_flag", Integer.MAX_VALUE);
      int fields = in.v("tmp_fields", Integer.MAX_VALUE);
      ptsDelta = fields > 0 ? in.s("tmp_pts") : ptsDelta;
      mul = fields > 1 ? in.v("tmp_mul", MAX_DATA_SIZE_MUL) : mul;
      streamId = fields > 2 ? in.v("tmp_stream", streamCount - 1) : streamId;
      int size = fields > 3 ? in.v("tmp_size", MAX_DATA_SIZE_MUL) : 0;
      int reserved = fields > 4 ? in.v("tmp_res", Integer.MAX_VALUE) : 0;
      int count = fields > 5 ? in.v("count", FRAME_CODES) : mul - size;
      if (fields > 6) {
        in.skipV(); // tmp_match
      }
      headerIdx = fields > 7 ? in.v("tmp_head_idx", MAX_ELISION_HEADERS) : headerIdx;
      for (int i = 8; i < fields; i++) {
        in.skipV(); // reserved
      }
      int left = FRAME_CODES - code - (code <= Nut.STARTCODE_BYTE ? 1 : 0);
      if (count <= 0 || count > left) {
        throw in.malformed(count + " frame codes from " + code + " on");
      }
      for (int i = 0; i < count; code++) {
        if (code != Nut.STARTCODE_BYTE) {
          frameCodes[code] =
              new FrameCode(flags, streamId, mul, size + i, ptsDelta, reserved, headerIdx);
          i++;
        }
      }
      // The startcodes' first byte has no entry, even as the last one.
      if (code == Nut.STARTCODE_BYTE) {
        code++;
      }
    }
  }

  private void readElisionHeaders(NutInput in) throws IOException {
    elisionHeaders.add(NO_BYTES);
    if (in.available() == 0) {
      return;
    }
    int headerCountMinus1 = in.v("header_count_minus1", MAX_ELISION_HEADERS);
    for (int i = 0; i < headerCountMinus1; i++) {
      elisionHeaders.add(in.vb("elision_header", MAX_ELISION_BYTES));
    }
  }

  /** Takes the body of a stream header, which began at {@code position}. */
  void readStream(byte[] body, long position) throws IOException {
    NutInput in = new NutInput(body, position);
    if (mainBody.length == 0) {
      throw in.malformed("stream header before the main header");
    }
    int streamId = in.v("stream_id", streams.length - 1);
    if (streams[streamId] != null) {
      checkRepeated(in, streamBodies[streamId], body, "header of stream " + streamId);
      return;
    }
    NutStream stream = new NutStream(in, timeBases, tracks.size());
    stream.track().ifPresent(tracks::add);
    streams[streamId] = stream;
    streamBodies[streamId] = body;
    missing--;
  }

  private static void checkRepeated(NutInput in, byte[] before, byte[] now, String what)
      throws IOException {
    if (!Arrays.equals(before, now)) {
      throw in.malformed("repeated " + what + " differs from the first");
    }
  }
}
