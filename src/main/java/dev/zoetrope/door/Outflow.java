package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.apache.tomcat.util.net.Nio2Channel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * What one line sends: the pieces that wait, and how they get into the socket. Thread-safe; the
 * line is called without the lock.
 */
abstract sealed class Outflow permits PlainOutflow, VectoredOutflow {
  /**
   * The kernel grows a buffer of its own choice to megabytes for a client that takes nothing: old
   * pictures in it, and memory that all pay for.
   */
  private static final int SEND_BUFFER_BYTES = 128 << 10;

  /** More than this goes out before the worker says so. */
  private static final int MOST_BYTES = 256 << 10;

  /** How many pieces go out in one call. */
  static final int MOST_PIECES = SharedBuffers.SLOTS / 2;

  // Guarded by this.
  private Bytes first; // null: nothing waits
  private int sentOfFirst;
  private Deque<Bytes> others; // null before there are any: mostly each goes at once
  private int waitingBytes;
  private boolean isLastAdded;

  /**
   * By what the socket is: decided by its exact class, since TLS has one of its own. None where the
   * connector says {@code useAsyncIO="false"} and the socket is not a plain one.
   */
  static Optional<Outflow> of(SocketWrapperBase<?> wrapper, TomcatLine line) {
    Object socket = wrapper.getSocket();
    boundSendBuffer(socket);
    if (socket.getClass() == NioChannel.class) {
      return Optional.of(new PlainOutflow(((NioChannel) socket).getIOChannel(), wrapper, line));
    }
    return wrapper.hasAsyncIO()
        ? Optional.of(new VectoredOutflow(wrapper, line))
        : Optional.empty();
  }

  private static void boundSendBuffer(Object socket) {
    NetworkChannel channel =
        socket instanceof NioChannel nio
            ? nio.getIOChannel()
            : socket instanceof Nio2Channel nio2 ? nio2.getIOChannel() : null;
    if (channel == null) {
      return; // a kind that we do not know
    }
    try {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
    } catch (IOException e) {
      // closed meanwhile: the first write will tell
    }
  }

  /** Whether the socket has taken all that it was given. */
  abstract boolean isFree();

  /** Gives the socket what it takes. On the viewer's worker. */
  abstract void flush();

  /** Adds, then flushes: what is done for each viewer and fragment. On the viewer's worker. */
  abstract void flush(Bytes bytes);

  /** The same for any other thread. */
  abstract void push();

  /** The socket takes more, if that was waited for. On the container's threads. */
  abstract void writable();

  /** Behind all others. On the viewer's worker. */
  void add(Bytes bytes) {
    boolean isMuch;
    synchronized (this) {
      enqueue(bytes);
      isMuch = waitingBytes > MOST_BYTES;
    }
    if (isMuch) {
      flush();
    }
  }

  /**
   * Behind all others, without anything of them between. Any thread.
   *
   * @return whether so much waits that it is time to flush
   */
  final synchronized boolean addTogether(Bytes... together) {
    for (Bytes bytes : together) {
      enqueue(bytes);
    }
    return waitingBytes > MOST_BYTES;
  }

  /** Behind all others, unless the last has been added. With the lock. */
  final void enqueue(Bytes bytes) {
    if (isLastAdded || bytes.isEmpty()) {
      return;
    }
    if (first == null) {
      first = bytes;
    } else {
      others().addLast(bytes);
    }
    waitingBytes += bytes.size();
  }

  /** Whether nothing waits, and more may come. With the lock. */
  final boolean isIdle() {
    return first == null && !isLastAdded;
  }

  /** The rest of a piece waits. With the lock, when nothing else does. */
  final void begun(Bytes bytes, int sent) {
    first = bytes;
    sentOfFirst = sent;
    waitingBytes = bytes.size();
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
      int begun = begun();
      while (others().size() > Math.max(0, begun - 1)) {
        waitingBytes -= others().removeLast().size();
      }
      if (first != null && begun == 0) {
        waitingBytes -= first.size();
        first = null;
      }
      addBehindBegun(bytes);
    }
    push();
  }

  private void addBehindBegun(Bytes bytes) {
    Deque<Bytes> begun = new ArrayDeque<>();
    for (int i = begun(); i > 0; i--) {
      begun.addFirst(removeFirst());
    }
    if (first != null) {
      others().addFirst(first);
    }
    first = bytes;
    for (Bytes each : begun) {
      others().addFirst(first);
      first = each;
    }
    waitingBytes += bytes.size();
  }

  private Bytes removeFirst() {
    Bytes removed = first;
    first = others == null ? null : others.pollFirst();
    return removed;
  }

  /** How many of the pieces are under way already. With the lock. */
  int begun() {
    return sentOfFirst > 0 ? 1 : 0;
  }

  private Deque<Bytes> others() {
    if (others == null) {
      others = new ArrayDeque<>();
    }
    return others;
  }

  /** With the lock. */
  final boolean isEmpty() {
    return first == null;
  }

  /**
   * What is left of the first piece, if it is the only one; else null. With the lock.
   *
   * @param shared where copies are; null if there are none on this thread
   */
  final ByteBuffer only(SharedBuffers shared) {
    return others == null || others.isEmpty() ? view(first, sentOfFirst, shared) : null;
  }

  /** The first pieces, what is left of each. With the lock; not when it is empty. */
  final ByteBuffer[] batch(SharedBuffers shared) {
    ByteBuffer[] batch = new ByteBuffer[Math.min(1 + others().size(), MOST_PIECES)];
    batch[0] = view(first, sentOfFirst, shared);
    Iterator<Bytes> next = others().iterator();
    for (int i = 1; i < batch.length; i++) {
      batch[i] = view(next.next(), 0, shared);
    }
    return batch;
  }

  private static ByteBuffer view(Bytes bytes, int from, SharedBuffers shared) {
    return shared == null ? bytes.asByteBuffer().position(from) : shared.view(bytes, from);
  }

  /** So much went out. With the lock. */
  final void sent(long count) {
    long left = count;
    while (left > 0) {
      int ofFirst = first.size() - sentOfFirst;
      if (left < ofFirst) {
        sentOfFirst += (int) left;
        return;
      }
      left -= ofFirst;
      sentOfFirst = 0;
      waitingBytes -= removeFirst().size();
    }
  }
}
