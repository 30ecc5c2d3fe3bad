package dev.zoetrope.web;

import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Rendition;
import jakarta.websocket.CloseReason;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code WS /live/{id}/mpeg1} and {@code WS /live/{id}/fmp4}. The handshake always succeeds; what
 * is wrong is said by the close code and reason, since browsers show no HTTP status.
 */
@ServerEndpoint(value = "/live/{id}/{way}", configurator = LiveEndpoint.Configurator.class)
public class LiveEndpoint {
  private static final int MAX_REASON_BYTES = 123; // RFC 6455, 5.5.1

  /** Tomcat's; others pass over it. A client that takes nothing must not hold us up at the end. */
  private static final String BLOCKING_SEND_TIMEOUT =
      "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

  private static final long BLOCKING_SEND_MILLIS = 1_000;

  /** Who it is, from the handshake to the opening. */
  private static final String VISITOR = "dev.zoetrope.visitor";

  private static final String ADDRESS = "dev.zoetrope.address";

  /**
   * Makes the instance for each connection, alike on every server. It asks CDI once: what CDI hands
   * out for each connection, it would keep for ever.
   */
  public static final class Configurator extends ServerEndpointConfig.Configurator {
    private Doorkeeper door; // guarded by this; null until the first connection
    private Channels channels; // the same

    @Override
    public synchronized <T> T getEndpointInstance(Class<T> endpointClass) {
      if (door == null) {
        channels = Beans.get(Channels.class);
        door = new Doorkeeper(channels, Beans.get(Gate.class));
      }
      LiveEndpoint endpoint = new LiveEndpoint();
      endpoint.channels = channels;
      endpoint.door = door;
      return endpointClass.cast(endpoint);
    }

    /** The properties are of this connection alone: Jakarta WebSocket 2.1, 3.1.7. */
    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      remember(config, request);
    }
  }

  /** Who it is, for {@link #visitor}. */
  static void remember(ServerEndpointConfig config, HandshakeRequest request) {
    config.getUserProperties().put(VISITOR, Visitors.of(request));
    config.getUserProperties().put(ADDRESS, Outside.addressOfThisThread());
  }

  // Set by the configurator.
  private Channels channels;
  private Doorkeeper door;

  private volatile SocketConnection connection; // null where the client was refused

  @OnOpen
  public void opened(Session session, @PathParam("id") String id, @PathParam("way") String way) {
    keepOpen(session);
    try {
      open(session, id, way);
    } catch (OutcomeException e) {
      close(session, e.outcome(), e.getMessage());
    }
  }

  /** However long it is silent; and a client that takes nothing holds nobody up. */
  static void keepOpen(Session session) {
    session.setMaxIdleTimeout(0);
    session.getUserProperties().put(BLOCKING_SEND_TIMEOUT, BLOCKING_SEND_MILLIS);
  }

  /** That of the handshake. */
  static Query query(Session session) {
    Map<String, List<String>> parameters = session.getRequestParameterMap();
    return key ->
        Optional.ofNullable(parameters.get(key)).flatMap(values -> values.stream().findFirst());
  }

  private void open(Session session, String id, String name) throws OutcomeException {
    Way way = Way.ofSocket(name);
    Query query = query(session);
    Channel channel = door.channel(id);
    Visitor visitor = visitor(session);
    try (Pass pass = door.admit(visitor, channel, name)) {
      Framing framing = way.framing(query, "");
      Cards cards = Cards.of(query);
      Rendition rendition = door.rendition(channel, way.format(), query);
      Lease lease = door.lease(channel, rendition, cards, pass, visitor.address());
      SocketConnection open =
          SocketConnection.open(session, way, framing, lease, cards, channel, channels.timer());
      connection = open;
      pass.onEnd(open::cut);
    }
  }

  /** As the handshake told. */
  static Visitor visitor(Session session) {
    Object told = session.getUserProperties().get(VISITOR);
    return Visitors.at(
        told instanceof Visitor visitor ? visitor : Visitors.stranger(), address(session));
  }

  /** As the request told that became the handshake, or else as some containers tell. */
  private static String address(Session session) {
    if (session.getUserProperties().get(ADDRESS) instanceof String told && !told.isEmpty()) {
      return told;
    }
    Object address = session.getUserProperties().get("jakarta.websocket.endpoint.remoteAddress");
    return address instanceof InetSocketAddress socket && socket.getAddress() != null
        ? socket.getAddress().getHostAddress()
        : "";
  }

  /** Viewers have nothing to say yet; later versions of the player may. */
  @OnMessage
  public void said(String ignored) {
    // nothing to do
  }

  @OnClose
  public void closed() {
    SocketConnection open = connection;
    if (open != null) {
      open.left();
    }
  }

  @OnError
  public void failed(Throwable failure) {
    closed();
  }

  static void close(Session session, Outcome outcome, String reason) {
    close(session, outcome.closeCode(), reason);
  }

  static void close(Session session, int code, String reason) {
    try {
      session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), fitting(reason)));
    } catch (IOException | IllegalStateException e) {
      // the socket is gone already, which is what we wanted
    }
  }

  /** As much of the reason as a closing frame takes. */
  static String fitting(String reason) {
    int end = reason.length();
    while (reason.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      end = reason.offsetByCodePoints(end, -1);
    }
    return reason.substring(0, end);
  }
}
