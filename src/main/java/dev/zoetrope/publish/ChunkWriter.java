package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes messages in chunks, each message in one go. Any threads, one message after the other; it
 * blocks while the other side does not read.
 *
 * @see "Adobe RTMP 1.0, 5.3.1, 5.4, 7.1.7"
 */
final class ChunkWriter {
  static final int CONTROL_CHUNK_STREAM = 2;
  static final int COMMAND_CHUNK_STREAM = 3;
  private static final int CHUNK_SIZE = 4096;
  private static final int CONTINUED = 3 << 6;
  private static final int PING_RESPONSE = 7;
  private static final int DYNAMIC = 2;

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private int chunkSize = ChunkReader.DEFAULT_CHUNK_SIZE; // guarded by lock

  ChunkWriter(OutputStream out) {
    this.out = out;
  }

  void acknowledge(long received) throws IOException {
    control(Message.ACKNOWLEDGEMENT, u32((int) received));
  }

  void windowAcknowledgementSize(int bytes) throws IOException {
    control(Message.WINDOW_ACKNOWLEDGEMENT_SIZE, u32(bytes));
  }

  void peerBandwidth(int bytes) throws IOException {
    control(Message.SET_PEER_BANDWIDTH, Bytes.concat(u32(bytes), Bytes.of(DYNAMIC)));
  }

  void pong(int timestamp) throws IOException {
    control(Message.USER_CONTROL, Bytes.concat(Bytes.of(0, PING_RESPONSE), u32(timestamp)));
  }

  /** Makes our chunks so large that what we say fits into one. */
  void enlargeChunks() throws IOException {
    lock.lock();
    try {
      control(Message.SET_CHUNK_SIZE, u32(CHUNK_SIZE));
      chunkSize = CHUNK_SIZE;
    } finally {
      lock.unlock();
    }
  }

  void command(int streamId, Amf... values) throws IOException {
    lock.lock();
    try {
      write(COMMAND_CHUNK_STREAM, Message.COMMAND_AMF0, streamId, AmfWriter.write(values));
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #command}, or nothing if somebody else is being kept waiting in there. */
  void tryCommand(int streamId, Amf... values) throws IOException {
    if (lock.tryLock()) {
      try {
        command(streamId, values);
      } finally {
        lock.unlock();
      }
    }
  }

  private void control(int type, Bytes payload) throws IOException {
    lock.lock();
    try {
      write(CONTROL_CHUNK_STREAM, type, 0, payload);
    } finally {
      lock.unlock();
    }
  }

  private void write(int chunkStream, int type, int streamId, Bytes payload) throws IOException {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    chunks.write(chunkStream); // type 0
    chunks.writeBytes(new byte[3]); // timestamp: we have no media
    chunks.write(payload.size() >> 16);
    chunks.write(payload.size() >> 8);
    chunks.write(payload.size());
    chunks.write(type);
    u32(Integer.reverseBytes(streamId)).writeTo(chunks);
    for (int at = 0; at < payload.size(); at += chunkSize) {
      if (at > 0) {
        chunks.write(CONTINUED | chunkStream);
      }
      payload.slice(at, Math.min(payload.size(), at + chunkSize)).writeTo(chunks);
    }
    chunks.writeTo(out);
    out.flush();
  }

  private static Bytes u32(int value) {
    return Bytes.of(value >>> 24, value >> 16, value >> 8, value);
  }
}
