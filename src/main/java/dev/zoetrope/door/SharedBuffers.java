package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;

/**
 * Copies outside of the heap of what one worker's viewers get just now, so that the same copy goes
 * to all their sockets: from the heap, each write would make its own. One thread's own.
 */
final class SharedBuffers {
  /** As many different ones may be in use in one write. */
  static final int SLOTS = 16;

  /** Copying less at each write costs less than keeping it. */
  private static final int LEAST_BYTES = 512;

  /** Larger ones are rare, and would stay here for long. */
  private static final int MOST_BYTES = 2 << 20;

  private static final int LEAST_CAPACITY = 16 << 10;

  private static final ThreadLocal<SharedBuffers> OF_THREAD =
      ThreadLocal.withInitial(SharedBuffers::new);

  private final Recent<ByteBuffer> copies = new Recent<>(SLOTS, SharedBuffers::copy);

  private SharedBuffers() {}

  /** Those of the calling thread, which has to be one of ours: they live as long as it does. */
  static SharedBuffers ofThread() {
    return OF_THREAD.get();
  }

  /** The bytes from {@code from} on, valid until {@link #SLOTS} others have been asked for. */
  ByteBuffer view(Bytes bytes, int from) {
    if (bytes.size() < LEAST_BYTES || bytes.size() > MOST_BYTES) {
      return bytes.asByteBuffer().position(from);
    }
    return copies.of(bytes).limit(bytes.size()).position(from);
  }

  private static ByteBuffer copy(Bytes bytes, ByteBuffer givenUp) {
    ByteBuffer copy = givenUp;
    if (copy == null || copy.capacity() < bytes.size()) {
      int capacity = Integer.highestOneBit(bytes.size() - 1) << 1; // the next power of two
      copy = ByteBuffer.allocateDirect(Math.max(LEAST_CAPACITY, capacity));
    }
    return copy.clear().put(bytes.asByteBuffer());
  }
}
