package dev.zoetrope.door;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Takes connections over from the container where that is possible. One for each application;
 * thread-safe.
 */
public final class FastDoor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FastDoor.class.getName());

  private static final long TICK_SECONDS = 1;

  /** What those that are told of the end have to say good-bye. */
  private static final long LAST_WORDS_MILLIS = 250;

  private static final long LOOK_MILLIS = 10;
  private static final String OF_TOMCAT =
      "org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler";

  private final boolean isWanted;
  private final Set<TomcatLine> lines = ConcurrentHashMap.newKeySet();
  private final Set<Integer> unsuitedPorts = ConcurrentHashMap.newKeySet(); // by experience
  private final ScheduledFuture<?> ticking;
  private volatile boolean closed;

  /**
   * @param isWanted whether it may be used at all
   * @param timer for what happens once a second
   */
  public FastDoor(boolean isWanted, ScheduledExecutorService timer) {
    this.isWanted = isWanted && isTomcat();
    ticking = timer.scheduleAtFixedRate(this::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean isTomcat() {
    try { // for its own class first: some servers warn of one of ours that lacks another
      Class.forName(OF_TOMCAT, false, FastDoor.class.getClassLoader());
      return TomcatLine.isPossible();
    } catch (ClassNotFoundException | LinkageError e) {
      return false; // another container, or another Tomcat than we know
    }
  }

  /** Whether connections are taken over here. */
  public boolean isOpen() {
    return isWanted && !closed;
  }

  /** Whether the connection of this request for a stream can be taken over, as far as one sees. */
  public boolean suitsStream(HttpServletRequest request, HttpServletResponse response) {
    return suits(request, response)
        && request.getHeader("Upgrade") == null; // Tomcat counts each, however it is spelt
  }

  /** The same for a request for a WebSocket. */
  public boolean suitsSocket(HttpServletRequest request, HttpServletResponse response) {
    return suits(request, response) && Handshake.suits(request);
  }

  private boolean suits(HttpServletRequest request, HttpServletResponse response) {
    return isWanted
        && !closed
        && TomcatLine.suits(request, response)
        && !unsuitedPorts.contains(request.getLocalPort());
  }

  /**
   * Sends the head that {@code response} has by now, then takes the connection over for {@code
   * occupant}. On the request's thread, which does nothing with the request after that.
   *
   * @return false if that was not possible; then the head is out, and nothing else has happened
   * @throws IOException if the client has gone; {@code occupant} is not told
   */
  public boolean takeStream(
      HttpServletRequest request, HttpServletResponse response, Occupant occupant)
      throws IOException {
    response.flushBuffer();
    boolean isPlain =
        response.getHeader("Content-Encoding") == null
            && response.getHeader("Transfer-Encoding") == null;
    return isPlain && take(request, occupant);
  }

  /**
   * Does the handshake, then takes the connection over for {@code occupant}. On the request's
   * thread, which does nothing with the request after that.
   *
   * @throws IOException if the client has gone; {@code occupant} is not told
   */
  public void takeSocket(
      HttpServletRequest request, HttpServletResponse response, Occupant occupant)
      throws IOException {
    Handshake.accept(request, response);
    response.flushBuffer();
    if (!take(request, occupant)) {
      throw new IOException("the connection cannot be upgraded");
    }
  }

  private boolean take(HttpServletRequest request, Occupant occupant) throws IOException {
    TomcatLine line;
    try {
      line = request.upgrade(TomcatLine.class);
    } catch (UnsupportedOperationException e) { // AJP
      return false;
    } catch (ServletException e) {
      throw new IOException(e);
    }
    line.occupy(this, occupant, request.getLocalPort());
    lines.add(line);
    return true;
  }

  boolean isClosed() {
    return closed;
  }

  /** What comes to this port has sockets that we cannot write to: the container shall. */
  void avoid(int port) {
    if (unsuitedPorts.add(port)) {
      LOG.log(
          Level.INFO,
          "viewers at port {0} are served by the container: its connector says useAsyncIO=false",
          Integer.toString(port));
    }
  }

  void remove(TomcatLine line) {
    lines.remove(line);
  }

  private void tick() {
    for (TomcatLine line : lines) {
      try {
        line.tick();
      } catch (RuntimeException e) { // ours: this one suffers, the others go on
        LOG.log(Level.ERROR, "a line broke an invariant", e);
        line.cut();
      }
    }
  }

  /** Takes over no more; closes all that are left, after a moment for their last words. */
  @Override
  public void close() {
    closed = true;
    ticking.cancel(false);
    try {
      for (long waited = 0; waited < LAST_WORDS_MILLIS && !lines.isEmpty(); waited += LOOK_MILLIS) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then they get no words
    }
    for (TomcatLine line : lines) { // a method reference would load the class on other servers, too
      line.cut();
    }
  }
}
