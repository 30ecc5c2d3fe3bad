package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.net.SocketWrapperBase.BlockingMode;

/** By Tomcat's own gathering write, which encrypts where TLS is; one at a time. */
final class VectoredOutflow extends Outflow implements CompletionHandler<Long, Void> {
  /** Whoever takes nothing is closed by the viewer, long before. */
  private static final long TIMEOUT_HOURS = 1;

  private enum State {
    FREE,
    /** A write is being begun: it may be done before that call returns. */
    BEGINNING,
    UNDER_WAY
  }

  private final SocketWrapperBase<?> wrapper;
  private final TomcatLine line;
  private volatile State state = State.FREE; // written with the lock
  private int piecesUnderWay; // guarded by this
  private volatile boolean awaited; // somebody has found it not free

  VectoredOutflow(SocketWrapperBase<?> wrapper, TomcatLine line) {
    this.wrapper = wrapper;
    this.line = line;
  }

  @Override
  boolean isFree() {
    if (state == State.FREE) {
      return true;
    }
    awaited = true; // before looking again: one of us both sees what the other did
    return state == State.FREE;
  }

  @Override
  int begun() {
    return state == State.FREE ? 0 : piecesUnderWay;
  }

  @Override
  void flush() {
    push();
  }

  @Override
  void flush(Bytes bytes) {
    add(bytes);
    push();
  }

  @Override
  void push() {
    while (true) {
      ByteBuffer[] batch;
      synchronized (this) {
        if (state != State.FREE) {
          return;
        }
        if (isEmpty()) {
          batch = null;
        } else {
          batch = batch(null);
          state = State.BEGINNING;
          piecesUnderWay = batch.length;
        }
      }
      if (batch == null) {
        line.emptied();
        return;
      }
      wrapper.write(
          BlockingMode.NON_BLOCK,
          TIMEOUT_HOURS,
          TimeUnit.HOURS,
          null,
          SocketWrapperBase.COMPLETE_WRITE_WITH_COMPLETION,
          this,
          batch);
      synchronized (this) {
        if (state == State.BEGINNING) {
          state = State.UNDER_WAY;
          return;
        }
      }
    }
  }

  @Override
  void writable() {
    push(); // the write under way is Tomcat's to go on with
  }

  @Override
  public void completed(Long count, Void nothing) {
    boolean wasUnderWay;
    synchronized (this) {
      wasUnderWay = state == State.UNDER_WAY;
      sent(count);
      state = State.FREE;
    }
    if (wasUnderWay) {
      push();
    }
    if (wasUnderWay || awaited) { // awaited by another worker, where many share the line
      awaited = false;
      line.moved();
    }
  }

  @Override
  public void failed(Throwable failure, Void nothing) {
    line.failed();
  }
}
