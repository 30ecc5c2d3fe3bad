package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.media.Framing;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * {@code WS /live/{id}/mpeg1} and {@code WS /live/{id}/fmp4}. The handshake always succeeds; what
 * is wrong is said by the close code and reason, since browsers show no HTTP status.
 */
@Dependent
@ServerEndpoint(value = "/live/{id}/{way}", configurator = LiveEndpoint.Configurator.class)
public class LiveEndpoint {
  private static final int MAX_REASON_BYTES = 123; // RFC 6455, 5.5.1

  /** One instance from CDI for each connection, on every server. */
  public static final class Configurator extends ServerEndpointConfig.Configurator {
    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
      return CDI.current().select(endpointClass).get();
    }
  }

  @Inject private Channels channels;
  @Inject private ScheduledExecutorService timer;

  private volatile SocketConnection connection; // null where the client was refused

  @OnOpen
  public void opened(Session session, @PathParam("id") String id, @PathParam("way") String way) {
    session.setMaxIdleTimeout(0);
    try {
      open(session, id, way);
    } catch (OutcomeException e) {
      close(session, e.outcome(), e.getMessage());
    }
  }

  private void open(Session session, String id, String name) throws OutcomeException {
    Way way =
        switch (name) {
          case "mpeg1" -> Way.MPEG1;
          case "fmp4" -> Way.FMP4;
          default ->
              throw new OutcomeException(
                  Outcome.NO_SUCH_SOURCE, "expected /live/{id}/mpeg1 or /live/{id}/fmp4");
        };
    Map<String, List<String>> parameters = session.getRequestParameterMap();
    Query query = key -> Optional.ofNullable(parameters.get(key)).map(values -> values.get(0));
    Doorkeeper door = new Doorkeeper(channels);
    Channel channel = door.channel(id);
    Framing framing = way.framing(query, "");
    Lease lease = door.lease(channel, door.rendition(channel, way.format(), query));
    connection = SocketConnection.open(session, framing, lease, timer, channel);
  }

  /** Viewers have nothing to say yet; later versions of the player may. */
  @OnMessage
  public void said(String ignored) {
    // nothing to do
  }

  @OnClose
  public void closed() {
    leave();
  }

  @OnError
  public void failed(Throwable failure) {
    leave();
  }

  private void leave() {
    SocketConnection open = connection;
    if (open != null) {
      open.left();
    }
  }

  static void close(Session session, Outcome outcome, String reason) {
    String fitting = reason;
    while (fitting.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      fitting = fitting.substring(0, fitting.length() - 1);
    }
    try {
      session.close(
          new CloseReason(CloseReason.CloseCodes.getCloseCode(outcome.closeCode()), fitting));
    } catch (IOException | IllegalStateException e) {
      // the socket is gone already, which is what we wanted
    }
  }
}
