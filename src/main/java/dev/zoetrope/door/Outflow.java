package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * What one line sends: the pieces that wait, and how they get into the socket. Thread-safe; the
 * line is called without the lock.
 */
abstract sealed class Outflow permits PlainOutflow, VectoredOutflow {
  /** More than this goes out before the worker says so. */
  private static final int MOST_BYTES = 256 << 10;

  /** How many pieces go out in one call. */
  static final int MOST_PIECES = SharedBuffers.SLOTS / 2;

  // Guarded by this.
  private final Deque<Bytes> waiting = new ArrayDeque<>(4);
  private int sentOfFirst;
  private int waitingBytes;
  private boolean isLastAdded;

  /** By what the socket is: decided by its exact class, since TLS has one of its own. */
  static Outflow of(SocketWrapperBase<?> wrapper, TomcatLine line) {
    Object socket = wrapper.getSocket();
    return socket.getClass() == NioChannel.class
        ? new PlainOutflow(((NioChannel) socket).getIOChannel(), wrapper, line)
        : new VectoredOutflow(wrapper, line);
  }

  /** Whether the socket has taken all that it was given. */
  abstract boolean isFree();

  /** Gives the socket what it takes. On the viewer's worker. */
  abstract void flush();

  /** The same for any other thread. */
  abstract void push();

  /** The socket takes more, if that was waited for. On the container's threads. */
  abstract void writable();

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** On the viewer's worker. */
  void add(Bytes bytes) {
    boolean isMuch;
    synchronized (this) {
      if (isLastAdded || bytes.isEmpty()) {
        return;
      }
      waiting.addLast(bytes);
      waitingBytes += bytes.size();
      isMuch = waitingBytes > MOST_BYTES;
    }
    if (isMuch) {
      flush();
    }
  }

  /** Before all that has not been begun. */
  void addNext(Bytes bytes) {
    synchronized (this) {
      if (isLastAdded) {
        return;
      }
      addBehindBegun(bytes);
    }
    push();
  }

  /** In the place of all that has not been begun; nothing comes after it. */
  void addLast(Bytes bytes) {
    synchronized (this) {
      if (isLastAdded) {
        return;
      }
      isLastAdded = true;
      while (waiting.size() > begun()) {
        waitingBytes -= waiting.removeLast().size();
      }
      addBehindBegun(bytes);
    }
    push();
  }

  private void addBehindBegun(Bytes bytes) {
    Deque<Bytes> first = new ArrayDeque<>();
    for (int i = begun(); i > 0; i--) {
      first.addFirst(waiting.removeFirst());
    }
    waiting.addFirst(bytes);
    first.forEach(waiting::addFirst);
    waitingBytes += bytes.size();
  }

  /** How many of the pieces are under way already. With the lock. */
  int begun() {
    return sentOfFirst > 0 ? 1 : 0;
  }

  /**
   * The first pieces, what is left of each. With the lock.
   *
   * @param shared where copies of them are; null if there is none on this thread
   */
  final ByteBuffer[] batch(SharedBuffers shared) {
    ByteBuffer[] batch = new ByteBuffer[Math.min(waiting.size(), MOST_PIECES)];
    int from = sentOfFirst;
    int i = 0;
    for (Bytes bytes : waiting) {
      if (i == batch.length) {
        break;
      }
      batch[i] = view(bytes, from, shared);
      from = 0;
      i++;
    }
    return batch;
  }

  /** What is left of the first piece, if it is the only one; else null. With the lock. */
  final ByteBuffer only(SharedBuffers shared) {
    return waiting.size() == 1 ? view(waiting.peekFirst(), sentOfFirst, shared) : null;
  }

  private static ByteBuffer view(Bytes bytes, int from, SharedBuffers shared) {
    return shared == null ? bytes.asByteBuffer().position(from) : shared.view(bytes, from);
  }

  /** So much went out. With the lock. */
  final void sent(long count) {
    long left = count;
    while (left > 0) {
      int ofFirst = waiting.peekFirst().size() - sentOfFirst;
      if (left < ofFirst) {
        sentOfFirst += (int) left;
        return;
      }
      left -= ofFirst;
      sentOfFirst = 0;
      waitingBytes -= waiting.removeFirst().size();
    }
  }
}
