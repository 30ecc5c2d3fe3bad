package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Straight to the socket; Tomcat's poller tells when one that was full has room. */
final class PlainOutflow extends Outflow {
  private enum Outcome {
    EMPTIED,
    FULL,
    WAITING,
    FAILED
  }

  /** The channel itself: Tomcat uses the object around it for other connections later. */
  private final SocketChannel channel;

  private final SocketWrapperBase<?> wrapper;
  private final TomcatLine line;
  private volatile boolean full; // written with the lock

  PlainOutflow(SocketChannel channel, SocketWrapperBase<?> wrapper, TomcatLine line) {
    this.channel = channel;
    this.wrapper = wrapper;
    this.line = line;
  }

  @Override
  boolean isFree() {
    return !full && channel.isConnected();
  }

  @Override
  void flush() {
    if (!full) {
      act(write(SharedBuffers.ofThread()));
    }
  }

  @Override
  void flush(Bytes bytes) {
    Outcome outcome;
    synchronized (this) {
      outcome = isIdle() ? writeAtOnce(bytes) : writeBehindOthers(bytes);
    }
    act(outcome);
  }

  /** Most pieces go out whole: of those, nothing is noted in the memory of the viewer. */
  private Outcome writeAtOnce(Bytes bytes) {
    try {
      int written = channel.write(SharedBuffers.ofThread().view(bytes, 0));
      if (written == bytes.size()) {
        return Outcome.EMPTIED;
      }
      begun(bytes, written);
      full = true;
      return Outcome.FULL;
    } catch (IOException e) {
      return Outcome.FAILED;
    }
  }

  private Outcome writeBehindOthers(Bytes bytes) {
    enqueue(bytes);
    return write(SharedBuffers.ofThread());
  }

  @Override
  void push() {
    if (!full) {
      act(write(null));
    }
  }

  @Override
  void writable() {
    full = false;
    act(write(null));
    line.moved();
  }

  private synchronized Outcome write(SharedBuffers shared) {
    if (full) { // by another thread, which has registered for more
      return Outcome.WAITING;
    }
    try {
      while (!isEmpty()) {
        ByteBuffer only = only(shared);
        long before;
        long written;
        if (only == null) {
          ByteBuffer[] batch = batch(shared);
          before = remaining(batch);
          written = channel.write(batch);
        } else {
          before = only.remaining();
          written = channel.write(only);
        }
        sent(written);
        if (written < before) {
          full = true;
          return Outcome.FULL;
        }
      }
      return Outcome.EMPTIED;
    } catch (IOException e) {
      return Outcome.FAILED;
    }
  }

  private static long remaining(ByteBuffer... buffers) {
    long sum = 0;
    for (ByteBuffer buffer : buffers) {
      sum += buffer.remaining();
    }
    return sum;
  }

  private void act(Outcome outcome) {
    switch (outcome) {
      case EMPTIED -> line.emptied();
      case FULL -> wrapper.registerWriteInterest();
      case WAITING -> {
        // for what has been registered for
      }
      case FAILED -> line.failed();
    }
  }
}
