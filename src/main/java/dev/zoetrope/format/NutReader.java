package dev.zoetrope.format;

import dev.zoetrope.format.NutHeaders.FrameCode;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Reads packets from the NUT that ffmpeg writes, each handed on the moment its last byte is here.
 *
 * <p>Stateless between calls of {@link #read}, which may run on several threads. Versions 2 to 4;
 * packets above 64 MiB are refused. Pictures and sound become tracks, other streams are left out,
 * and so are info and index packets, side data, and what the specification keeps for the future.
 *
 * @see "NUT open container format, nut.txt"
 */
public final class NutReader {
  /** Bytes of the largest packet. */
  static final int MAX_PACKET_BYTES = 64 * 1024 * 1024;

  /** 2^53 microseconds, 285 years: a clock beyond it is a damaged one. */
  private static final long MAX_PTS_MICROS = 1L << 53;

  private static final byte[] NO_BYTES = {};

  private final LongSupplier wallMicros;

  /**
   * @param wallMicros microseconds since 1970, UTC; asked when a packet has been read
   */
  public NutReader(LongSupplier wallMicros) {
    this.wallMicros = wallMicros;
  }

  /**
   * Reads one stream until its end. Begins run 0 at the sink when all stream headers are in, then
   * gives it each packet, in the order of the stream.
   *
   * <p>The stream may end between any two packets, even before the run has begun. It may not end
   * within one, and nothing is repaired: whoever started the stream starts another.
   *
   * <p>A dts that NUT does not carry is found as ffmpeg finds it, from the pts of neighbours.
   *
   * @param in not closed; read only as far as it has bytes, so it needs no buffer of its own
   * @throws MalformedMediaException the bytes are not NUT, are damaged or end within a packet; the
   *     message says where
   * @throws IOException {@code in} failed
   */
  public void read(InputStream in, Sink<Packet> sink) throws IOException {
    new Reading(in, sink).readAll();
  }

  /** One call of {@link #read}; confined to its thread. */
  private final class Reading {
    private final NutHeaders headers = new NutHeaders();
    private final NutInput in;
    private final Sink<Packet> sink;
    private boolean hasBegun;
    private boolean hasSyncpoint;
    private long lastSyncpoint;

    Reading(InputStream in, Sink<Packet> sink) {
      this.in = new NutInput(in);
      this.sink = sink;
    }

    void readAll() throws IOException {
      if (in.isAtEnd()) {
        return;
      }
      readFileId();
      while (!in.isAtEnd()) {
        long position = in.position();
        in.beginChecksum(0);
        int first = in.u8();
        if (first == Nut.STARTCODE_BYTE) {
          readPacket(position);
        } else {
          readFrame(first, position);
        }
      }
    }

    private void readFileId() throws IOException {
      for (byte expected : Nut.FILE_ID_STRING) {
        if (in.u8() != expected) {
          throw in.malformed("not a NUT stream");
        }
      }
    }

    /** A packet that begins with a startcode: headers, syncpoints, and what is skipped. */
    private void readPacket(long position) throws IOException {
      long startcode = in.startcode();
      long forwardPtr = in.v("forward_ptr");
      if (forwardPtr > Nut.LONG_PACKET) {
        in.checkChecksum("packet header");
      }
      long bodyPosition = in.position();
      if (startcode == Nut.MAIN_STARTCODE) {
        headers.readMain(readBody(forwardPtr), bodyPosition);
      } else if (startcode == Nut.STREAM_STARTCODE) {
        headers.readStream(readBody(forwardPtr), bodyPosition);
        beginOnceComplete();
      } else if (startcode == Nut.SYNCPOINT_STARTCODE) {
        readSyncpoint(readBody(forwardPtr), position);
      } else {
        in.skip(forwardPtr);
      }
    }

    /** The fields of a packet, without their checksum, which is right. */
    private byte[] readBody(long forwardPtr) throws IOException {
      if (forwardPtr < Integer.BYTES || forwardPtr > MAX_PACKET_BYTES) {
        throw in.malformed("forward_ptr is " + forwardPtr);
      }
      byte[] packet = in.bytes(NO_BYTES, (int) forwardPtr);
      if (Nut.crc(packet, 0, packet.length) != 0) {
        throw in.malformed("wrong checksum of the packet that ends here");
      }
      return Arrays.copyOf(packet, packet.length - Integer.BYTES);
    }

    private void beginOnceComplete() {
      if (headers.areComplete() && !hasBegun) {
        hasBegun = true;
        sink.begin(new Run(0, headers.tracks(), "", Bytes.EMPTY));
      }
    }

    private void readSyncpoint(byte[] body, long position) throws IOException {
      if (!headers.areComplete()) {
        throw in.malformed("syncpoint before the last stream header");
      }
      NutInput fields = new NutInput(body, position);
      long globalKeyPts = fields.v("global_key_pts");
      fields.skipV(); // back_ptr_div16
      // Behind them may come transmit_ts of broadcast mode, and reserved bytes.
      int timeBaseCount = headers.timeBaseCount();
      long pts = globalKeyPts / timeBaseCount;
      int timeBaseId = (int) (globalKeyPts % timeBaseCount);
      for (int i = 0; i < headers.streamCount(); i++) {
        headers.stream(i).resetPts(pts, timeBaseId);
      }
      hasSyncpoint = true;
      lastSyncpoint = position;
    }

    private void readFrame(int first, long position) throws IOException {
      checkNearSyncpoint(position);
      FrameCode code = headers.frameCode(first);
      int flags = code.flags();
      if ((flags & Nut.FLAG_CODED) != 0) {
        flags ^= in.v("coded_flags", Integer.MAX_VALUE);
      }
      if ((flags & Nut.FLAG_INVALID) != 0) {
        throw in.malformed("invalid frame code " + first);
      }
      int streamId = code.streamId();
      if ((flags & Nut.FLAG_STREAM_ID) != 0) {
        streamId = in.v("stream_id", headers.streamCount() - 1);
      }
      NutStream stream = headers.stream(streamId);
      long pts =
          (flags & Nut.FLAG_CODED_PTS) != 0
              ? stream.fullPts(in.v("coded_pts"))
              : stream.predictedPts(code.ptsDelta());
      long size = code.dataSizeLsb();
      if ((flags & Nut.FLAG_SIZE_MSB) != 0) {
        size += (long) code.dataSizeMul() * in.v("data_size_msb", MAX_PACKET_BYTES);
      }
      if ((flags & Nut.FLAG_MATCH_TIME) != 0) {
        in.skipV(); // match_time_delta
      }
      byte[] elided = readElided(code, flags, size);
      skipReserved(code, flags);
      checkFrameHeader(flags, stream, pts, size, elided.length);
      stream.advanceTo(pts);
      readFrameData(stream, flags, pts, elided, (int) size - elided.length);
    }

    private void checkNearSyncpoint(long position) throws IOException {
      if (!hasSyncpoint) {
        throw in.malformed("frame before the first syncpoint");
      }
      if (position - lastSyncpoint > headers.maxDistance() && !headers.isPipeMode()) {
        throw in.malformed("no syncpoint since byte " + lastSyncpoint);
      }
    }

    /** The first bytes of the frame, which stand in the main header instead. */
    private byte[] readElided(FrameCode code, int flags, long size) throws IOException {
      int headerIdx = code.headerIdx();
      if ((flags & Nut.FLAG_HEADER_IDX) != 0) {
        headerIdx = in.v("header_idx", headers.elisionHeaderCount() - 1);
      }
      if (headerIdx >= headers.elisionHeaderCount()) {
        throw in.malformed("header_idx is " + headerIdx);
      }
      return size > Nut.MAX_ELIDED_SIZE ? NO_BYTES : headers.elisionHeader(headerIdx);
    }

    private void skipReserved(FrameCode code, int flags) throws IOException {
      int reservedCount = code.reservedCount();
      if ((flags & Nut.FLAG_RESERVED) != 0) {
        reservedCount = in.v("reserved_count", Integer.MAX_VALUE);
      }
      for (int i = 0; i < reservedCount; i++) {
        in.skipV(); // reserved
      }
    }

    private void checkFrameHeader(int flags, NutStream stream, long pts, long size, int elided)
        throws IOException {
      if ((flags & Nut.FLAG_CHECKSUM) != 0) {
        in.checkChecksum("frame header");
      } else if (stream.isFar(pts)) {
        throw in.malformed("pts is " + pts + ", far from the last one, without a checksum");
      } else if (size > 2L * headers.maxDistance() && !headers.isPipeMode()) {
        throw in.malformed("frame of " + size + " bytes without a checksum");
      }
      if (size < elided || size > MAX_PACKET_BYTES) {
        throw in.malformed("frame of " + size + " bytes");
      }
      if (pts < 0 || stream.ptsMicros(pts) > MAX_PTS_MICROS) {
        throw in.malformed("pts is " + pts);
      }
    }

    private void readFrameData(NutStream stream, int flags, long pts, byte[] elided, int size)
        throws IOException {
      boolean endsRelevance = (flags & Nut.FLAG_EOR) != 0 && size == 0;
      if (stream.track().isEmpty() || endsRelevance) {
        in.skip(size);
        return;
      }
      long position = in.position();
      byte[] frame = in.bytes(elided, size);
      long captureMicros = wallMicros.getAsLong();
      Bytes data = Bytes.owning(frame);
      if ((flags & Nut.FLAG_SM_DATA) != 0) {
        data = withoutSideData(data, elided.length, position);
      }
      Track track = stream.track().get();
      boolean isKeyframe = (flags & Nut.FLAG_KEY) != 0 || !track.isVideo();
      long dtsMicros = stream.dtsMicros(pts);
      sink.accept(
          new Packet(track, stream.ptsMicros(pts), dtsMicros, isKeyframe, captureMicros, data));
    }

    /** Version 4 puts side data and meta data between the elided bytes and the rest. */
    private Bytes withoutSideData(Bytes frame, int elided, long position) throws IOException {
      NutInput fields = new NutInput(frame.slice(elided, frame.size()).toArray(), position);
      skipSideData(fields);
      skipSideData(fields);
      Bytes rest = frame.slice(frame.size() - fields.available(), frame.size());
      return elided == 0 ? rest : Bytes.concat(frame.slice(0, elided), rest);
    }

    private void skipSideData(NutInput fields) throws IOException {
      int count = fields.v("sm_data count", Integer.MAX_VALUE);
      for (int i = 0; i < count; i++) {
        fields.skip(fields.v("sm_data name"));
        long type = fields.s("sm_data type");
        if (type == -1) {
          fields.skip(fields.v("sm_data string"));
        } else if (type == -2) {
          fields.skip(fields.v("sm_data type name"));
          fields.skip(fields.v("sm_data binary"));
        } else if (type == -3) {
          fields.skipV(); // type s
        } else if (type == -4) {
          fields.skipV(); // type t
        } else if (type < -4) {
          fields.skipV(); // numerator of a rational
        }
      }
    }
  }
}
