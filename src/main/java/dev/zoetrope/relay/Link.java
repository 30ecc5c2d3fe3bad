package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.LinkFigures.Peer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The connection to an origin, one for all that is wanted from it: made again whenever it breaks,
 * until {@link #close}. Thread-safe; what comes is handed on by the thread {@code link <address>}.
 *
 * @see "docs/PROTOCOL.md, 5"
 */
final class Link implements Upstream, AutoCloseable {
  private static final Logger LOG = System.getLogger(Link.class.getName());

  /** Who says nothing for so long, though asked for the time, is not waited for. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  /** A thousand sources, and as many share links, each in one text. */
  private static final int MOST_MESSAGE = 4 << 20;

  private static final int QUICK_CLOCKS = 4;
  private static final int MOST_ASKED = 100;
  private static final long CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final long FIRST_WAIT_MILLIS = 200;
  private static final long MOST_WAIT_MILLIS = 8000;

  /** What links of a node work with. */
  record Surroundings(
      NodeIdentity self, LongSupplier wallMicros, LongSupplier nanoTime, DoubleSupplier random) {}

  private final URI address;
  private final Connector connector;
  private final Surroundings at;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final Clock clock = new Clock();
  private final Freshness freshness = new Freshness();
  private final Thread thread;

  private volatile boolean closed;
  private volatile long heardNanos;
  private volatile long bytes; // written by the link's thread

  // Guarded by this.
  private SocketClient socket; // null while it is not connected
  private Optional<Peer> peer = Optional.empty(); // who is at the other end, once it has said so
  private Map<SourceId, Offer> offers = Map.of();
  private boolean hasTold; // what these are
  private List<OfferedLink> links = List.of(); // that the origin knows
  private final Flows flows;
  private final Map<Long, Long> asked = new HashMap<>(); // for the time: when, by what
  private long clockNanos;
  private long clocks;
  private boolean isDraining;
  private String cause = "not connected yet";
  private long sinceMillis;
  private long connects;
  private long lost; // fragments
  private boolean wasAwake;
  private double bytesPerSecond;
  private long measuredBytes;
  private long measuredNanos;

  /**
   * Begins to connect at once.
   *
   * @param connector of this link alone
   */
  Link(Connector connector, Surroundings at) {
    address = connector.address();
    this.connector = connector;
    this.at = at;
    flows = new Flows(at.nanoTime());
    sinceMillis = wallMillis();
    thread = new Thread(this::keepConnected, "link " + address.getAuthority());
    thread.setDaemon(true);
    thread.start();
  }

  private long wallMillis() {
    return at.wallMicros().getAsLong() / 1000;
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public void watch(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void unwatch(Listener listener) {
    listeners.remove(listener);
  }

  private void changed() {
    listeners.forEach(Listener::changed);
  }

  // The connection.

  private void keepConnected() {
    long wait = FIRST_WAIT_MILLIS;
    while (!closed) {
      long begun = at.nanoTime().getAsLong();
      String why = connection();
      if (closed) {
        return;
      }
      boolean wasWell = at.nanoTime().getAsLong() - begun > TimeUnit.SECONDS.toNanos(10);
      wait = wasWell ? FIRST_WAIT_MILLIS : wait;
      down(why);
      try {
        Thread.sleep(Math.round(wait * (0.5 + at.random().getAsDouble() / 2)));
      } catch (InterruptedException e) {
        return; // close() wants the end
      }
      wait = Math.min(2 * wait, MOST_WAIT_MILLIS);
    }
  }

  /** From connecting to the end; says why it ended. */
  private String connection() {
    try (SocketClient opened = connector.open(at.self(), MOST_MESSAGE)) {
      up(opened);
      opened.read(new Hearer());
      return "";
    } catch (MalformedMediaException e) {
      return "it sent what this node does not understand: " + e.getMessage();
    } catch (IOException e) {
      return Connector.words(e);
    } catch (RuntimeException e) { // ours: this link suffers, the others go on
      LOG.log(Level.ERROR, "the link to " + address + " broke an invariant", e);
      return "this node made a mistake, see its log";
    }
  }

  private void up(SocketClient opened) {
    synchronized (this) {
      socket = opened;
      heardNanos = at.nanoTime().getAsLong();
      connects++;
      clocks = 0;
      clockNanos = 0;
      asked.clear();
      isDraining = false;
    }
    if (closed) {
      opened.close();
    }
  }

  private void down(String why) {
    synchronized (this) {
      boolean wasUp = peer.isPresent();
      socket = null;
      peer = Optional.empty();
      offers = Map.of();
      hasTold = false;
      links = List.of();
      flows.down();
      if (wasUp) {
        sinceMillis = wallMillis();
      }
      if (!why.equals(cause)) {
        LOG.log(Level.WARNING, "link to {0}: {1}", address, why);
      }
      cause = why;
    }
    changed();
  }

  // What the origin says.

  private final class Hearer implements SocketClient.Listener, OriginMessages.Hearer {
    @Override
    public void text(String text) throws IOException {
      heardNanos = at.nanoTime().getAsLong();
      OriginMessages.read(text, this);
    }

    @Override
    public void binary(Bytes message) throws IOException {
      heardNanos = at.nanoTime().getAsLong();
      took(message);
    }

    @Override
    public void hello(int version, Peer who) {
      synchronized (Link.this) {
        peer = Optional.of(who);
        cause = "";
        sinceMillis = wallMillis();
        flows.up().forEach(Link.this::send);
      }
      LOG.log(Level.INFO, "link to {0}: connected with {1}", address, who.name());
      changed();
    }

    @Override
    public void sources(Map<SourceId, Offer> told) {
      synchronized (Link.this) {
        offers = Map.copyOf(told);
        hasTold = true;
      }
      changed();
    }

    @Override
    public void links(List<OfferedLink> told) {
      synchronized (Link.this) {
        links = List.copyOf(told);
      }
    }

    @Override
    public void time(long id, long nowMicros) {
      synchronized (Link.this) {
        Long sent = asked.remove(id);
        if (sent != null) {
          clock.heard(sent, nowMicros, at.wallMicros().getAsLong());
        }
      }
    }

    @Override
    public void subscribed(int number) {
      synchronized (Link.this) {
        flows.subscribed(number);
      }
    }

    @Override
    public void ended(int number, String words) {
      Optional<Receiver> refused;
      synchronized (Link.this) {
        refused = flows.ended(number);
      }
      refused.ifPresent(receiver -> receiver.refused(Link.this, words));
    }

    @Override
    public void draining() {
      synchronized (Link.this) {
        isDraining = true;
      }
      changed();
    }
  }

  private void took(Bytes message) throws IOException {
    long before = bytes; // only this thread writes it
    bytes = before + message.size();
    int size = RelayMessage.size(message);
    RelayMessage header = RelayMessage.read(message);
    Optional<Flows.Flow> flow;
    synchronized (this) {
      flow = flows.received(header);
    }
    if (flow.isEmpty()) {
      return; // it was on its way when this was given up
    }
    Optional<Bytes> whole = flow.get().parts.take(header, message.slice(size, message.size()));
    if (whole.isEmpty()) {
      return;
    }
    long captured = header.captureMicros() - clock.aheadMicros();
    if (!header.is(RelayMessage.INIT)) {
      freshness.heard(at.wallMicros().getAsLong() - captured, at.nanoTime().getAsLong());
    }
    flow.get().receiver.received(this, header, captured, whole.get());
  }

  @Override
  public synchronized void countLost(long fragments) {
    lost = lost + fragments;
  }

  // What is wanted of it.

  @Override
  public synchronized void want(SourceId source, String rendition, Receiver receiver) {
    flows.want(source, rendition, receiver).ifPresent(this::send);
  }

  @Override
  public synchronized void withdraw(SourceId source, String rendition) {
    flows.withdraw(source, rendition).ifPresent(this::send);
  }

  /** With the lock. Small, and the socket takes it at once, or is about to be given up. */
  private void send(String text) {
    try {
      if (socket != null) {
        socket.sendText(text);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the link to " + address + " breaks", e);
      socket.close(); // its thread tells
    }
  }

  /** Whether anything is wanted of it. */
  synchronized boolean isUsed() {
    return !flows.isEmpty();
  }

  /** Says something, unless it is not connected. */
  synchronized void say(String text) {
    if (peer.isPresent()) {
      send(text);
    }
  }

  /** To be called about each 100 ms, on the timer. */
  void tick() {
    boolean isChanged;
    synchronized (this) {
      if (socket != null) {
        acknowledge();
        askForTime();
        flows.again().forEach(this::send);
      }
      measure();
      boolean isAwake = isUp();
      isChanged = isAwake != wasAwake;
      wasAwake = isAwake;
    }
    if (isChanged) {
      changed();
    }
  }

  /** With the lock. */
  private void acknowledge() {
    for (byte[] news : flows.acknowledgements()) {
      try {
        socket.sendBinary(news);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the link to " + address + " breaks", e);
        socket.close();
      }
    }
  }

  /** With the lock. Often at first: the way there and back is wanted at its shortest. */
  private void askForTime() {
    long now = at.nanoTime().getAsLong();
    if (clocks < QUICK_CLOCKS || now - clockNanos >= CLOCK_NANOS) {
      clockNanos = now;
      clocks++;
      if (asked.size() > MOST_ASKED) {
        asked.clear(); // it does not answer
      }
      asked.put(clocks, at.wallMicros().getAsLong());
      send(OriginMessages.clock(clocks));
    }
  }

  /** With the lock: how many bytes come in a second. */
  private void measure() {
    long now = at.nanoTime().getAsLong();
    long passed = now - measuredNanos;
    if (passed >= TimeUnit.SECONDS.toNanos(1)) {
      bytesPerSecond = (bytes - measuredBytes) * 1e9 / passed;
      measuredBytes = bytes;
      measuredNanos = now;
    }
  }

  @Override
  public boolean isUp() {
    synchronized (this) {
      return peer.isPresent() && at.nanoTime().getAsLong() - heardNanos < QUIET_NANOS;
    }
  }

  @Override
  public synchronized boolean isDraining() {
    return isDraining;
  }

  @Override
  public synchronized Optional<Offer> offer(SourceId source) {
    return Optional.ofNullable(offers.get(source));
  }

  /** Whether the origin has said what it has, and still can. */
  synchronized boolean hasTold() {
    return hasTold;
  }

  /** The share links that the origin knows; empty while it does not answer. */
  Optional<List<OfferedLink>> shareLinks() {
    boolean isUp = isUp();
    synchronized (this) {
      return isUp && hasTold ? Optional.of(links) : Optional.empty();
    }
  }

  /** All that the origin has. */
  synchronized Collection<Offer> offers() {
    return offers.values();
  }

  @Override
  public long roundTripMicros() {
    return clock.leastRoundTripMicros();
  }

  @Override
  public long ageMicros() {
    return freshness.micros(at.nanoTime().getAsLong());
  }

  @Override
  public String cause() {
    boolean isUp = isUp();
    synchronized (this) {
      return isUp || !cause.isEmpty() ? cause : "it does not answer";
    }
  }

  /** Figures of this moment. */
  LinkFigures figures() {
    boolean isUp = isUp();
    String why = cause();
    synchronized (this) {
      return new LinkFigures(
          address.toString(),
          peer,
          isUp,
          why,
          sinceMillis,
          clock.roundTripMicros(),
          isDraining,
          flows.sources(),
          bytes,
          bytesPerSecond,
          ageMicros(),
          lost,
          connects);
    }
  }

  /** Ends it. Idempotent. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      if (socket != null) {
        socket.close(1000, "");
      }
    }
    thread.interrupt();
  }
}
