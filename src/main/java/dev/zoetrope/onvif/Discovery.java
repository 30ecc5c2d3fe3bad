package dev.zoetrope.onvif;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks for ONVIF cameras: asks all of the local network at once, or one host, and collects who
 * answers. Immutable; each search uses the caller's thread and sockets of its own.
 *
 * <p>An answer is at most 64 KiB, a search finds at most 256 cameras and reads at most 4096
 * answers. Answers to other questions, broken ones and those with a document type are passed over.
 * Every question is sent twice, as SOAP over UDP does against loss.
 *
 * @see "WS-Discovery 1.1, 2.4 and 3.1.1 (ad hoc mode, port 3702), 5.2, 5.3; SOAP-over-UDP 1.1, 4
 *     (retransmission); ONVIF Core Specification, 7 (device discovery)"
 */
public final class Discovery {
  /** Where cameras listen. */
  public static final int PORT = 3702;

  private static final Logger LOG = System.getLogger(Discovery.class.getName());
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration REPEAT_AFTER = Duration.ofMillis(250);
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int MAX_ANSWERS = 4096;
  private static final int MAX_CAMERAS = 256;

  /** Empty: the local network. */
  private final Optional<InetSocketAddress> host;

  private Discovery(Optional<InetSocketAddress> host) {
    this.host = host;
  }

  /** Asks the multicast group of all devices, on every interface that can, one hop far. */
  public static Discovery ofTheLocalNetwork() {
    return new Discovery(Optional.empty());
  }

  /** Asks one host, for a camera that multicast does not reach; only its answers are taken. */
  public static Discovery ofHost(InetSocketAddress host) {
    if (host.isUnresolved()) {
      throw new IllegalArgumentException("a host without an address: " + host.getHostString());
    }
    return new Discovery(Optional.of(host));
  }

  /**
   * Asks, and waits for all of {@code patience}: nobody knows how many will answer.
   *
   * @param patience 1 to 10 s
   * @return who answered, the earliest first; none twice
   * @throws IOException no question could be sent; the message says why
   * @throws InterruptedException the calling thread was interrupted
   */
  public List<FoundCamera> search(Duration patience) throws IOException, InterruptedException {
    if (patience.compareTo(SHORTEST) < 0 || patience.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a search takes 1 to 10 s, got " + patience);
    }
    try (Search search = new Search(routes())) {
      return search.run(patience);
    }
  }

  private List<Route> routes() throws IOException {
    if (host.isPresent()) {
      return List.of(new Route(host.get(), Optional.empty()));
    }
    List<Route> routes = new ArrayList<>();
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (network.isUp()
          && !network.isLoopback()
          && !network.isPointToPoint()
          && network.supportsMulticast()) {
        Route.toEverybodyOn(network).ifPresent(routes::add);
      }
    }
    if (routes.isEmpty()) {
      throw new IOException(
          "no network interface that is up, has an IPv4 address and can multicast");
    }
    return routes;
  }

  /** One way for questions to leave this node; without an interface, as the system routes. */
  record Route(InetSocketAddress target, Optional<NetworkInterface> network) {
    private static final byte[] EVERYBODY = {(byte) 239, (byte) 255, (byte) 255, (byte) 250};

    /** Empty if the interface has no IPv4 address. */
    static Optional<Route> toEverybodyOn(NetworkInterface network) {
      return own(network).map(any -> new Route(everybody(), Optional.of(network)));
    }

    private static InetSocketAddress everybody() {
      try {
        return new InetSocketAddress(InetAddress.getByAddress(EVERYBODY), PORT);
      } catch (UnknownHostException e) {
        throw new AssertionError(e); // four bytes are an address
      }
    }

    private static Optional<InetAddress> own(NetworkInterface network) {
      return network.inetAddresses().filter(address -> address instanceof Inet4Address).findFirst();
    }

    DatagramChannel open() throws IOException {
      boolean isIpv4 = target.getAddress() instanceof Inet4Address;
      DatagramChannel channel =
          DatagramChannel.open(isIpv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
      try {
        channel.configureBlocking(false);
        if (network.isPresent()) {
          channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, network.get());
          channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1);
        }
        channel.bind(
            network.flatMap(Route::own).map(own -> new InetSocketAddress(own, 0)).orElse(null));
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }

    /** Whether an answer may come from there: from the host asked, or from another machine. */
    boolean mayAnswer(InetAddress sender) {
      return network.isPresent() ? !sender.isLoopbackAddress() : sender.equals(target.getAddress());
    }
  }

  /** One search under way. Confined to the thread that searches. */
  private static final class Search implements Closeable {
    private final List<Probe> questions = Probe.all();
    private final Set<String> messageIds =
        questions.stream().map(Probe::messageId).collect(Collectors.toSet());
    private final Map<String, FoundCamera> cameras = new LinkedHashMap<>();
    private final ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
    private final Selector selector = Selector.open();
    private int answers;

    Search(List<Route> routes) throws IOException {
      IOException last = null;
      for (Route route : routes) {
        try {
          route.open().register(selector, SelectionKey.OP_READ, route);
        } catch (IOException e) {
          last = e;
          LOG.log(Level.DEBUG, () -> "cannot look for cameras by " + route, e);
        }
      }
      if (selector.keys().isEmpty() && last != null) {
        selector.close();
        throw last;
      }
    }

    List<FoundCamera> run(Duration patience) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      ask();
      collect(begin, REPEAT_AFTER);
      ask();
      collect(begin, patience);
      return List.copyOf(cameras.values());
    }

    /** One interface that refuses is no reason to give up the others. */
    private void ask() throws IOException, InterruptedException {
      IOException last = null;
      int sent = 0;
      for (SelectionKey key : selector.keys()) {
        Route route = (Route) key.attachment();
        try {
          for (Probe question : questions) {
            ((DatagramChannel) key.channel())
                .send(ByteBuffer.wrap(question.bytes()), route.target());
            sent++;
          }
        } catch (IOException e) {
          last = e;
          LOG.log(Level.DEBUG, () -> "cannot look for cameras by " + route, e);
        }
      }
      failIfInterrupted(); // which has closed a channel, and is no failure of the network
      if (sent == 0 && last != null) {
        throw new IOException("no question to cameras could be sent: " + last.getMessage(), last);
      }
    }

    private void collect(long begin, Duration until) throws IOException, InterruptedException {
      while (cameras.size() < MAX_CAMERAS && answers < MAX_ANSWERS) {
        long left = until.toMillis() - Duration.ofNanos(System.nanoTime() - begin).toMillis();
        if (left <= 0) {
          return;
        }
        selector.select(this::receive, left);
        failIfInterrupted();
      }
    }

    private static void failIfInterrupted() throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException("the search for cameras was interrupted");
      }
    }

    private void receive(SelectionKey key) {
      Route route = (Route) key.attachment();
      answer.clear();
      try {
        InetSocketAddress sender =
            (InetSocketAddress) ((DatagramChannel) key.channel()).receive(answer);
        if (sender == null || !route.mayAnswer(sender.getAddress())) {
          return;
        }
        answers++;
        for (FoundCamera camera :
            Probe.cameras(answer.array(), answer.position(), messageIds, sender.getAddress())) {
          if (cameras.size() < MAX_CAMERAS) {
            cameras.putIfAbsent(camera.endpoint(), camera);
          }
        }
      } catch (IOException e) {
        // One device's nonsense; the others are still worth waiting for.
        LOG.log(Level.DEBUG, () -> "an answer to the search for cameras: " + e.getMessage());
      }
    }

    @Override
    public void close() throws IOException {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    }
  }
}
