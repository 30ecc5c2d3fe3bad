package dev.zoetrope.publish;

import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.PublisherRefusedException;
import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The port that encoders publish to: {@code rtmp://host/live/{source}?key={key}}.
 *
 * <p>A thread of its own accepts; each connection has a thread until its publisher is let in, after
 * which it is an {@link RtmpInput} that the capture reads. 64 connections may be on their way in at
 * a time, each for 10 seconds; with wrong bytes one ends, and nothing else. Any thread may close.
 *
 * @see "Adobe RTMP 1.0"
 */
public final class RtmpServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RtmpServer.class.getName());

  private static final int MOST_ARRIVING = 64;
  private static final int MOST_COMMAND_BYTES = 64 * 1024;
  private static final Duration ARRIVAL = Duration.ofSeconds(10);
  private static final int BACKLOG = 128;

  private static final String DENIED = "NetStream.Publish.Denied";
  private static final String KEY_NEEDED =
      "a key is needed to publish here: rtmp://host/live/{source}?key={key}";

  /** Also where there is no source, so that the answer does not tell which ones there are. */
  private static final String WRONG = "no source of this name takes this key";

  /** An accept that fails at once, as without file descriptors, must not become a busy loop. */
  private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(100);

  private final ServerSocket listener;
  private final Function<String, PublishPoint> points;
  private final LongSupplier wallMicros;
  private final Duration arrival;
  private final Random random = new SecureRandom();
  private final Semaphore arriving = new Semaphore(MOST_ARRIVING);
  private final Refusals refusals = new Refusals(System::nanoTime);
  private final Set<RtmpConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Listens at once.
   *
   * @param address port 0 for any free one
   * @param points the publish point of the source of this name; where there is none that is
   *     published by RTMP, one that lets nobody in; called on several threads
   * @param wallMicros microseconds since 1970, UTC
   * @throws IOException if the port cannot be had; the message says what to do
   */
  public RtmpServer(
      InetSocketAddress address, Function<String, PublishPoint> points, LongSupplier wallMicros)
      throws IOException {
    this(address, points, wallMicros, ARRIVAL);
  }

  /**
   * @param arrival what a publisher may take from the first byte to its request
   */
  RtmpServer(
      InetSocketAddress address,
      Function<String, PublishPoint> points,
      LongSupplier wallMicros,
      Duration arrival)
      throws IOException {
    this.points = points;
    this.wallMicros = wallMicros;
    this.arrival = arrival;
    listener = listen(address);
    daemon("rtmp accept", this::acceptAll).start();
  }

  private static ServerSocket listen(InetSocketAddress address) throws IOException {
    ServerSocket made = new ServerSocket();
    try {
      made.setReuseAddress(true); // a restart need not wait for the connections of the last one
      made.bind(address, BACKLOG);
      return made;
    } catch (IOException e) {
      made.close();
      throw new IOException(
          "RTMP port "
              + address.getPort()
              + " cannot be listened on ("
              + e.getMessage()
              + "): stop the program that has it, choose another port, or switch it off with 0",
          e);
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** The port that it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  private void acceptAll() {
    while (!closed) {
      try {
        accept(listener.accept());
      } catch (IOException e) {
        if (!closed) {
          LOG.log(Level.WARNING, "RTMP: a connection could not be accepted: {0}", e.getMessage());
          pause();
        }
      } catch (RuntimeException e) { // ours, or a lookup's: the next one is let in all the same
        LOG.log(Level.ERROR, "RTMP: accepting broke an invariant", e);
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(AFTER_FAILED_ACCEPT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; close() ends the accept itself
    }
  }

  private void accept(Socket socket) throws IOException {
    if (!arriving.tryAcquire()) {
      LOG.log(Level.DEBUG, "RTMP: {0} publishers on their way in already", MOST_ARRIVING);
      socket.close();
      return;
    }
    boolean started = false;
    try {
      RtmpConnection connection = new RtmpConnection(socket);
      String peer = connection.peer();
      open.add(connection);
      daemon("rtmp publisher " + peer, () -> arrive(connection, peer)).start();
      started = true;
    } finally {
      if (!started) {
        arriving.release();
        socket.close();
      }
    }
  }

  private void arrive(RtmpConnection connection, String peer) {
    boolean letIn = false;
    try {
      letIn = letIn(connection, peer);
    } catch (RefusedException e) {
      say(peer, "refused: " + e.getMessage());
      connection.closeGently();
    } catch (MalformedMediaException e) {
      say(peer, "ended: " + e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "RTMP from {0} left: {1}", peer, e.getMessage());
    } catch (RuntimeException e) { // ours: this publisher suffers, the others go on
      LOG.log(Level.ERROR, "RTMP from " + peer + " broke an invariant", e);
    } finally {
      if (!letIn) {
        connection.close();
        open.remove(connection);
      }
      arriving.release();
    }
  }

  private void say(String peer, String what) {
    OptionalInt since = refusals.isToBeSaid(peer, what);
    if (since.isPresent()) {
      String often = since.getAsInt() == 0 ? "" : " (" + since.getAsInt() + " times more before)";
      LOG.log(Level.INFO, "RTMP from {0} {1}{2}", peer, what, often);
    }
  }

  private boolean letIn(RtmpConnection connection, String peer)
      throws IOException, RefusedException {
    if (closed) {
      return false; // close() may have come before it could see the connection
    }
    connection.beginWithin(arrival, MOST_COMMAND_BYTES);
    connection.shakeHands(random);
    Conversation conversation = new Conversation(connection);
    PublishRequest request = conversation.awaitPublish();
    PublishPoint point = points.apply(request.name());
    check(point, conversation, request, peer);
    RtmpInput input =
        new RtmpInput(connection, conversation, request, wallMicros, () -> open.remove(connection));
    try {
      point.admit(request.key(), input);
    } catch (PublisherRefusedException e) {
      throw refuse(conversation, request, e);
    }
    conversation.letIn(request);
    LOG.log(
        Level.INFO,
        "{0}: publisher from {1} let in{2}",
        request.name(),
        peer,
        request.shownProgram());
    return true;
  }

  private static void check(
      PublishPoint point, Conversation conversation, PublishRequest request, String peer)
      throws IOException, RefusedException {
    try {
      point.check(request.name().isEmpty() ? "" : request.key(), peer);
    } catch (PublisherRefusedException e) {
      throw request.name().isEmpty() || request.key().isEmpty()
          ? conversation.refuse(request.streamId(), DENIED, KEY_NEEDED)
          : refuse(conversation, request, e);
    }
  }

  private static RefusedException refuse(
      Conversation conversation, PublishRequest request, PublisherRefusedException refusal)
      throws IOException {
    return switch (refusal.reason()) {
      case WRONG_KEY -> conversation.refuse(request.streamId(), DENIED, WRONG);
      case OCCUPIED ->
          conversation.refuse(
              request.streamId(), "NetStream.Publish.BadName", refusal.getMessage());
      case TOO_SOON -> {
        var unused = conversation.refuse(request.streamId(), DENIED, refusal.getMessage());
        yield new RefusedException("too many wrong keys"); // the log says the same reason once
      }
      case STOPPING -> conversation.refuse(request.streamId(), DENIED, refusal.getMessage());
    };
  }

  /** Stops listening and ends all connections. Idempotent. */
  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "RTMP: port cannot be closed: {0}", e.getMessage());
    }
    open.forEach(RtmpConnection::close);
  }
}
