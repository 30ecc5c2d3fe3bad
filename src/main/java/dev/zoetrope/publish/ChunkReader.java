package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts messages together from the chunks of an RTMP connection. Set Chunk Size and Abort take
 * effect here, and are returned like the others. One thread at a time.
 *
 * <p>64 chunk streams and messages of 16 MiB at most, 32 MiB in unfinished messages; a message
 * takes memory only as it arrives.
 *
 * @see "Adobe RTMP 1.0, 5.3 (chunking), 5.4 (protocol control messages)"
 */
final class ChunkReader {
  static final int DEFAULT_CHUNK_SIZE = 128;
  static final int EXTENDED = 0xff_ffff;
  private static final int MOST_MESSAGE_BYTES = 16 << 20;
  private static final int MOST_UNFINISHED_BYTES = 32 << 20;
  private static final int MOST_CHUNK_STREAMS = 64;
  private static final int FIRST_BYTES = 4096;

  private final TimedInput in;
  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private int chunkSize = DEFAULT_CHUNK_SIZE;
  private int mostMessageBytes = MOST_MESSAGE_BYTES;
  private int unfinishedBytes;

  /** What the next chunk of one chunk stream is understood by. */
  private static final class ChunkStream {
    int timestamp;
    int delta; // for a type 3 that begins a message: what the last header had in its place
    boolean isExtended;
    int size;
    int type;
    int streamId;
    byte[] payload = {};
    int filled;
    boolean isWithinMessage;
  }

  ChunkReader(TimedInput in) {
    this.in = in;
  }

  /** Refuses larger messages from now on. */
  void limitMessages(int mostBytes) {
    mostMessageBytes = mostBytes;
  }

  /** Takes any message that this server takes at all. */
  void unlimitMessages() {
    mostMessageBytes = MOST_MESSAGE_BYTES;
  }

  /**
   * The next message that is whole.
   *
   * @throws MalformedMediaException the bytes are not chunks, or exceed a limit
   * @throws IOException the connection ended or failed
   */
  Message read() throws IOException {
    while (true) {
      ChunkStream stream = readChunk();
      if (stream.filled == stream.size) {
        Message message = finish(stream);
        if (message.type() == Message.SET_CHUNK_SIZE) {
          setChunkSize(message.payload());
        } else if (message.type() == Message.ABORT) {
          abort(message.payload());
        }
        return message;
      }
    }
  }

  /** 5.3.1: basic header, message header, extended timestamp, data. */
  private ChunkStream readChunk() throws IOException {
    int first = in.u8();
    int format = first >> 6;
    int id = first & 0x3f;
    if (id == 0) {
      id = 64 + in.u8();
    } else if (id == 1) {
      id = 64 + in.u8();
      id += in.u8() << 8;
    }
    ChunkStream stream = stream(id, format);
    if (format != 3) {
      forget(stream); // what was unfinished is given up, as other servers do
      readHeader(stream, format);
    } else {
      continueWith(stream);
    }
    readData(stream);
    return stream;
  }

  private ChunkStream stream(int id, int format) throws MalformedMediaException {
    ChunkStream known = streams.get(id);
    if (known != null) {
      return known;
    }
    // Type 1 first is wrong, but comes from librtmp for its ping.
    if (format > 1) {
      throw new MalformedMediaException(
          "RTMP chunk stream " + id + " begins with a chunk of type " + format);
    }
    if (streams.size() == MOST_CHUNK_STREAMS) {
      throw new MalformedMediaException("RTMP: over " + MOST_CHUNK_STREAMS + " chunk streams");
    }
    ChunkStream made = new ChunkStream();
    streams.put(id, made);
    return made;
  }

  private void readHeader(ChunkStream stream, int format) throws IOException {
    int time = in.u24();
    if (format < 2) {
      stream.size = in.u24();
      stream.type = in.u8();
    }
    if (format == 0) {
      stream.streamId = in.u32LittleEnd();
    }
    stream.isExtended = time == EXTENDED;
    stream.delta = stream.isExtended ? in.u32() : time;
    stream.timestamp = format == 0 ? stream.delta : stream.timestamp + stream.delta;
    begin(stream);
  }

  /**
   * Type 3 repeats the extended timestamp, says the specification; some encoders leave it out. So
   * it is taken for one only if it is the number that would have to stand there.
   */
  private void continueWith(ChunkStream stream) throws IOException {
    boolean beginsMessage = !stream.isWithinMessage;
    if (stream.isExtended && (in.isNext(stream.delta) || in.isNext(stream.timestamp))) {
      in.u32();
    }
    if (beginsMessage) {
      stream.timestamp += stream.delta; // 5.3.1.2.4: after type 0, its timestamp is the delta
      begin(stream);
    }
  }

  private void begin(ChunkStream stream) throws MalformedMediaException {
    if (stream.size > mostMessageBytes) {
      throw new MalformedMediaException(
          "RTMP message of " + stream.size + " bytes, at most " + mostMessageBytes);
    }
    stream.isWithinMessage = true;
    stream.filled = 0;
    stream.payload = new byte[Math.min(stream.size, FIRST_BYTES)];
    unfinishedBytes += stream.payload.length;
  }

  private void readData(ChunkStream stream) throws IOException {
    int size = Math.min(chunkSize, stream.size - stream.filled);
    int end = stream.filled + size;
    while (stream.filled < end) {
      if (stream.filled == stream.payload.length) {
        grow(stream);
      }
      int part = Math.min(end, stream.payload.length) - stream.filled;
      in.read(stream.payload, stream.filled, part);
      stream.filled += part;
    }
  }

  private void grow(ChunkStream stream) throws MalformedMediaException {
    int more = Math.min(stream.size - stream.filled, stream.filled);
    unfinishedBytes += more;
    if (unfinishedBytes > MOST_UNFINISHED_BYTES) {
      throw new MalformedMediaException(
          "RTMP: over " + MOST_UNFINISHED_BYTES + " bytes in unfinished messages");
    }
    stream.payload = Arrays.copyOf(stream.payload, stream.filled + more);
  }

  private Message finish(ChunkStream stream) {
    Bytes payload = Bytes.owning(stream.payload);
    forget(stream);
    return new Message(stream.type, stream.streamId, stream.timestamp, payload);
  }

  private void forget(ChunkStream stream) {
    unfinishedBytes -= stream.payload.length;
    stream.payload = new byte[0];
    stream.isWithinMessage = false;
    stream.filled = 0;
  }

  /** 5.4.1: the first bit is 0; sizes above the largest message are all alike. */
  private void setChunkSize(Bytes payload) throws MalformedMediaException {
    int size = new Fields("RTMP Set Chunk Size", payload).u32();
    if (size < 1) {
      throw new MalformedMediaException(
          "RTMP Set Chunk Size: " + Integer.toUnsignedString(size) + ", expected 1 to 2147483647");
    }
    chunkSize = size;
  }

  /** 5.4.2. */
  private void abort(Bytes payload) throws MalformedMediaException {
    ChunkStream aborted = streams.get(new Fields("RTMP Abort Message", payload).u32());
    if (aborted != null) {
      forget(aborted);
    }
  }
}
