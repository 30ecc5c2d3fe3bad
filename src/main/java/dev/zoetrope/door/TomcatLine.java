package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.RequestFacade;
import org.apache.catalina.connector.ResponseFacade;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * A connection of Tomcat's that is ours since the head went out. Public for Tomcat only, which
 * makes one in {@code HttpServletRequest.upgrade}, then calls {@link #setSocketWrapper}, {@link
 * #init}, {@link #upgradeDispatch} for each event and {@link #destroy} at the end, whoever wanted
 * the end.
 *
 * <p>Tomcat reads and closes; we write, past it where the socket is a plain one. Tomcat holds the
 * lock of the wrapper when it calls us, and takes it when it is called; so ours is never held while
 * Tomcat is called. Only Tomcat closes the socket: it uses what belongs to it again.
 */
public final class TomcatLine implements InternalHttpUpgradeHandler, Line {
  /** An ended line whose client takes nothing is cut after so long. */
  private static final long MOST_END_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** The connection may be lost between the request's end and {@link #init}. */
  private static final long MOST_START_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int READ_BYTES = 1024;

  /**
   * What a worker sends on one line before it flushes that line. Not with the line: for thousands
   * in each frame, the garbage collector would have to look at every one of them.
   */
  private static final class Held {
    private TomcatLine line; // null: nothing is held
    private Bytes bytes;
  }

  private static final ThreadLocal<Held> HELD = ThreadLocal.withInitial(Held::new);

  // Written once, by the request's thread, before init().
  private FastDoor door;
  private Occupant occupant;
  private int port;
  private SocketWrapperBase<?> wrapper;
  private final long madeNanos = System.nanoTime();

  private volatile Outflow outflow; // null before init()
  private volatile boolean opened; // the occupant knows, and may be told more
  private volatile long endedNanos; // 0: not ended
  private volatile boolean over; // nothing may be written any more

  // Guarded by this.
  private boolean isReleased;

  /** For Tomcat. */
  public TomcatLine() {}

  /** Whether this is a Tomcat that has what we need; else a LinkageError, or false. */
  static boolean isPossible() {
    return InternalHttpUpgradeHandler.class.isAssignableFrom(TomcatLine.class)
        && NioChannel.class.getName().startsWith("org.apache.tomcat");
  }

  /** Only what nobody has put anything around, and what HTTP/1 leaves to one request alone. */
  static boolean suits(HttpServletRequest request, HttpServletResponse response) {
    return request instanceof RequestFacade
        && response instanceof ResponseFacade
        && !response.isCommitted()
        && request.getProtocol().startsWith("HTTP/1.");
  }

  /** On the request's thread. */
  void occupy(FastDoor newDoor, Occupant newOccupant, int newPort) {
    door = newDoor;
    occupant = newOccupant;
    port = newPort;
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socketWrapper) {
    wrapper = socketWrapper;
  }

  @Override
  public void init(WebConnection connection) {
    synchronized (this) {
      if (isReleased || door.isClosed()) {
        over = true; // the read event that follows tells Tomcat
        return;
      }
    }
    Optional<Outflow> possible = Outflow.of(wrapper, this);
    if (possible.isEmpty()) { // seen only now: this client has to come again, and will be let pass
      door.avoid(port);
      over = true;
      return;
    }
    outflow = possible.get();
    occupant.opened(this);
    opened = true;
  }

  @Override
  public boolean isReady() {
    return !over && outflow.isFree();
  }

  @Override
  public void send(Bytes bytes) {
    if (over) {
      return;
    }
    Held held = HELD.get();
    if (held.line == this) {
      outflow.add(held.bytes);
    }
    held.line = this; // in the place of a line that ended before it was flushed, if there is one
    held.bytes = bytes;
  }

  @Override
  public boolean add(Bytes... together) {
    return !over && outflow.addTogether(together);
  }

  @Override
  public void push() {
    if (!over) {
      outflow.push();
    }
  }

  @Override
  public void interject(Bytes bytes) {
    if (!over) {
      outflow.addNext(bytes);
    }
  }

  @Override
  public void flush() {
    if (over) {
      return;
    }
    Held held = HELD.get();
    if (held.line == this) {
      Bytes bytes = held.bytes;
      held.line = null;
      held.bytes = null;
      outflow.flush(bytes);
    } else {
      outflow.flush();
    }
  }

  @Override
  public void last(Bytes bytes) {
    if (!over) {
      outflow.addLast(bytes);
    }
  }

  @Override
  public void end() {
    if (endedNanos == 0) {
      endedNanos = System.nanoTime();
      outflow.push(); // which tells when nothing is left
    }
  }

  @Override
  public void cut() {
    over = true;
    if (outflow == null) {
      release(); // Tomcat has not come yet, or never will
    } else {
      wrapper.processSocket(SocketEvent.STOP, false);
    }
  }

  /** All is out. Any thread, without our locks. */
  void emptied() {
    if (endedNanos != 0) {
      cut();
    }
  }

  /** What waited has gone out, all or in part. Any thread, without our locks. */
  void moved() {
    occupant.moved();
  }

  /** A write failed: Tomcat shall close. Any thread, without our locks. */
  void failed() {
    if (!over) {
      over = true;
      wrapper.processSocket(SocketEvent.ERROR, true);
    }
  }

  void tick() {
    long now = System.nanoTime();
    if (outflow == null) {
      if (now - madeNanos > MOST_START_NANOS) {
        cut();
      }
    } else if (endedNanos != 0 && now - endedNanos > MOST_END_NANOS) {
      cut();
    } else if (opened) {
      occupant.tick();
    }
  }

  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> write();
      default -> SocketState.CLOSED; // STOP, ERROR, TIMEOUT, DISCONNECT, CONNECT_FAIL
    };
  }

  private SocketState read() {
    byte[] array = new byte[READ_BYTES];
    try {
      while (!over) {
        int read = wrapper.read(false, array, 0, array.length);
        if (read < 0) {
          return SocketState.CLOSED;
        }
        if (read == 0) {
          return SocketState.UPGRADED;
        }
        occupant.received(ByteBuffer.wrap(array, 0, read));
      }
    } catch (IOException e) { // also the end of the stream
      return SocketState.CLOSED;
    }
    return SocketState.CLOSED;
  }

  private SocketState write() {
    if (over) {
      return SocketState.CLOSED;
    }
    outflow.writable();
    return over ? SocketState.CLOSED : SocketState.UPGRADED;
  }

  /** The one end of every way out. */
  @Override
  public void destroy() {
    over = true;
    release();
  }

  private void release() {
    synchronized (this) {
      if (isReleased) {
        return;
      }
      isReleased = true;
    }
    door.remove(this);
    occupant.closed();
  }

  @Override
  public void setSslSupport(SSLSupport support) {
    // nobody asks
  }

  @Override
  public void timeoutAsync(long now) {
    // the door ticks by itself
  }

  @Override
  public void pause() {
    // the connector stops taking new connections: ours go on until the end
  }
}
