package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.LinkFigures.Peer;
import dev.zoetrope.relay.SocketClient.ClosedException;
import dev.zoetrope.relay.SocketClient.HandshakeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
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
import javax.net.ssl.SSLException;

/**
 * The connection to an origin, one for all that is wanted from it: made again whenever it breaks,
 * until {@link #close}. Thread-safe; what comes is handed on by the thread {@code link <address>}.
 *
 * @see "docs/PROTOCOL.md, 5"
 */
final class Link implements Upstream, AutoCloseable {
  private static final Logger LOG = System.getLogger(Link.class.getName());

  private static final int CONNECT_MILLIS = 3000;

  /** Who says nothing for so long, though asked for the time, is not waited for. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  /** The same, and the connection is given up. */
  private static final int SILENCE_MILLIS = 15_000;

  private static final int MOST_MESSAGE = RelayMessage.MOST_PAYLOAD + 256;

  private static final int QUICK_CLOCKS = 4;
  private static final int MOST_ASKED = 100;
  private static final int MOST_ENTRIES = 64;
  private static final int ENTRY_BYTES = 8;
  private static final long CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final long FIRST_WAIT_MILLIS = 200;
  private static final long MOST_WAIT_MILLIS = 8000;

  /** What was refused is asked for again after so long. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Says how the origin shows that it is the one; asked before each connection. */
  interface Trusting {
    Tls tls() throws IOException;
  }

  /** What links of a node work with. */
  record Surroundings(
      NodeIdentity self, LongSupplier wallMicros, LongSupplier nanoTime, DoubleSupplier random) {}

  /** One rendition of one source. */
  private record Wish(SourceId source, String rendition) {}

  /** What has been asked for. Its fields are guarded by the link, but for what is said. */
  private static final class Flow {
    final int number;
    final Wish wish;
    final Receiver receiver;

    // Confined to the link's thread.
    final Parts parts = new Parts();

    // Guarded by the link.
    int received; // binary messages of this subscription
    int acknowledged;
    long againNanos; // 0 unless it was refused: then when it is asked for again
    boolean isWithdrawn;

    Flow(int number, Wish wish, Receiver receiver) {
      this.number = number;
      this.wish = wish;
      this.receiver = receiver;
    }
  }

  private final URI address;
  private final Secret key;
  private final Trusting trusting;
  private final Surroundings at;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final Clock clock = new Clock();
  private final Thread thread;

  private volatile boolean closed;
  private volatile long heardNanos;
  private volatile long bytes; // written by the link's thread
  private volatile long ageMicros = -1; // the same

  // Guarded by this.
  private SocketClient socket; // null while it is not connected
  private Optional<Peer> peer = Optional.empty(); // who is at the other end, once it has said so
  private Map<SourceId, Offer> offers = Map.of();
  private boolean hasTold; // what these are
  private final Map<Wish, Flow> flows = new HashMap<>();
  private final Map<Integer, Flow> byNumber = new HashMap<>();
  private final Map<Long, Long> asked = new HashMap<>(); // for the time: when, by what
  private int numbers;
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
   * @param address of the origin's root: http or https
   */
  Link(URI address, Secret key, Trusting trusting, Surroundings at) {
    this.address = address;
    this.key = key;
    this.trusting = trusting;
    this.at = at;
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
    try (SocketClient opened = open()) {
      up(opened);
      opened.read(new Hearer());
      return "";
    } catch (MalformedMediaException e) {
      return "it sent what this node does not understand: " + e.getMessage();
    } catch (IOException e) {
      return words(e);
    } catch (RuntimeException e) { // ours: this link suffers, the others go on
      LOG.log(Level.ERROR, "the link to " + address + " broke an invariant", e);
      return "this node made a mistake, see its log";
    }
  }

  private SocketClient open() throws IOException {
    String base = address.toString();
    String root = base.endsWith("/") ? base : base + "/";
    URI target =
        URI.create(
            root
                + "relay/v1?version="
                + RelayMessage.VERSION
                + "&node="
                + at.self().id()
                + "&name="
                + URLEncoder.encode(at.self().name(), StandardCharsets.UTF_8));
    return SocketClient.connect(
        target,
        Map.of("Authorization", "Bearer " + key.reveal()),
        trusting.tls(),
        CONNECT_MILLIS,
        SILENCE_MILLIS,
        MOST_MESSAGE);
  }

  private static String words(IOException e) {
    if (e instanceof HandshakeException refused) {
      return switch (refused.status()) {
        case 401, 403 -> "it refuses the node key";
        case 404 -> "there is no such server at this address; look at its path";
        default -> refused.getMessage();
      };
    }
    if (e instanceof ClosedException ended) {
      return ended.code() == 4401 || ended.code() == 4403
          ? "it refuses the node key: " + ended.getMessage()
          : ended.getMessage();
    }
    if (e instanceof UnknownHostException) {
      return "nobody knows its host name";
    }
    if (e instanceof SSLException) {
      return wordsOfEncryption(e);
    }
    if (e instanceof SocketTimeoutException) {
      return "it does not answer";
    }
    return e.getMessage() == null ? "the connection broke" : e.getMessage();
  }

  private static String wordsOfEncryption(IOException e) {
    String refusal = "";
    for (Throwable why = e; why != null; why = why.getCause()) {
      if (why instanceof CertPathBuilderException) {
        return "its certificate is refused: nobody who is trusted here has signed it; ca or pin"
            + " tells what to trust";
      }
      if (why instanceof CertificateException) {
        refusal = "its certificate is refused: " + why.getMessage();
      }
    }
    return refusal.isEmpty() ? "no encrypted connection came about: " + e.getMessage() : refusal;
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
      byNumber.clear();
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
        flows.values().forEach(Link.this::ask);
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
    public void time(long id, long nowMicros) {
      synchronized (Link.this) {
        Long sent = asked.remove(id);
        if (sent != null) {
          clock.heard(sent, nowMicros, at.wallMicros().getAsLong());
        }
      }
    }

    @Override
    public void ended(int number, String words) {
      Flow over;
      synchronized (Link.this) {
        over = byNumber.remove(number);
        if (over == null || over.isWithdrawn) {
          return;
        }
        over.againNanos = at.nanoTime().getAsLong() + AGAIN_NANOS;
      }
      over.receiver.refused(Link.this, words);
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
    Wish wish = new Wish(new SourceId(header.source()), header.rendition());
    Flow flow;
    synchronized (this) {
      flow = flows.get(wish);
      if (flow == null) {
        return; // it was on its way when this was given up
      }
      flow.received++;
      flow.againNanos = 0;
    }
    Optional<Bytes> whole = flow.parts.take(header, message.slice(size, message.size()));
    if (whole.isEmpty()) {
      return;
    }
    long captured = header.captureMicros() - clock.aheadMicros();
    if (!header.is(RelayMessage.INIT)) {
      ageMicros = at.wallMicros().getAsLong() - captured;
    }
    flow.receiver.received(this, header, captured, whole.get());
  }

  @Override
  public synchronized void countLost(long fragments) {
    lost = lost + fragments;
  }

  // What is wanted of it.

  @Override
  public void want(SourceId source, String rendition, Receiver receiver) {
    synchronized (this) {
      Wish wish = new Wish(source, rendition);
      if (!flows.containsKey(wish)) {
        Flow flow = new Flow(++numbers, wish, receiver);
        flows.put(wish, flow);
        ask(flow);
      }
    }
  }

  @Override
  public void withdraw(SourceId source, String rendition) {
    synchronized (this) {
      Flow flow = flows.remove(new Wish(source, rendition));
      if (flow != null) {
        flow.isWithdrawn = true;
        if (byNumber.containsKey(flow.number)) {
          send(OriginMessages.unsubscribe(flow.number));
        }
      }
    }
  }

  /** With the lock. */
  private void ask(Flow flow) {
    if (peer.isPresent()) {
      flow.received = 0;
      flow.acknowledged = 0;
      flow.againNanos = 0;
      byNumber.put(flow.number, flow);
      send(OriginMessages.subscribe(flow.number, flow.wish.source(), flow.wish.rendition()));
    }
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
        askAgain();
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
    List<Flow> news = new ArrayList<>();
    for (Flow flow : byNumber.values()) {
      if (flow.received != flow.acknowledged) {
        news.add(flow);
      }
    }
    for (int from = 0; from < news.size(); from += MOST_ENTRIES) {
      List<Flow> some = news.subList(from, Math.min(news.size(), from + MOST_ENTRIES));
      ByteBuffer entries = ByteBuffer.allocate(some.size() * ENTRY_BYTES);
      for (Flow flow : some) {
        entries.putShort((short) flow.number).putShort((short) 0).putInt(flow.received);
        flow.acknowledged = flow.received;
      }
      try {
        socket.sendBinary(entries.array());
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

  /** With the lock. */
  private void askAgain() {
    long now = at.nanoTime().getAsLong();
    for (Flow flow : flows.values()) {
      if (flow.againNanos != 0 && now - flow.againNanos >= 0) {
        ask(flow);
      }
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

  /** All that the origin has. */
  synchronized Collection<Offer> offers() {
    return offers.values();
  }

  @Override
  public long roundTripMicros() {
    return clock.leastRoundTripMicros();
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
          (int) flows.keySet().stream().map(Wish::source).distinct().count(),
          bytes,
          bytesPerSecond,
          ageMicros,
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
