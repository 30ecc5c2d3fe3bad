package dev.zoetrope.web;

import dev.zoetrope.access.Gate;
import dev.zoetrope.channel.Channels;
import jakarta.websocket.Extension;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * {@code WS /publish/{id}}: a browser, or anybody, brings an endless stream.
 *
 * @see "docs/PROTOCOL.md, 4"
 */
@ServerEndpoint(value = "/publish/{id}", configurator = PublishEndpoint.Configurator.class)
public class PublishEndpoint {
  private static final int MOST_TEXT_BYTES = 8192;

  /** Makes the instance for each connection, alike on every server; asks CDI once for all. */
  public static final class Configurator extends ServerEndpointConfig.Configurator {
    private Channels channels; // guarded by this; null until the first connection
    private Gate gate; // the same

    @Override
    public synchronized <T> T getEndpointInstance(Class<T> endpointClass) {
      if (channels == null) {
        channels = Beans.get(Channels.class);
        gate = Beans.get(Gate.class);
      }
      PublishEndpoint endpoint = new PublishEndpoint();
      endpoint.channels = channels;
      endpoint.gate = gate;
      return endpointClass.cast(endpoint);
    }

    /** None: what comes is packed already. */
    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }
  }

  // Set by the configurator.
  private Channels channels;
  private Gate gate;

  private volatile SocketPublisher publisher; // null where the client was refused

  @OnOpen
  public void opened(Session session, @PathParam("id") String id) {
    LiveEndpoint.keepOpen(session);
    try {
      LiveEndpoint.query(session).choice("version", "1", List.of("1"));
      SessionTexts texts = new SessionTexts(session, channels.timer());
      String address = LiveEndpoint.visitor(session).address();
      publisher = new SocketPublisher(texts, id, address, channels, gate);
    } catch (OutcomeException e) {
      LiveEndpoint.close(session, e.outcome().subscriptionCode(), e.getMessage());
    }
  }

  @OnMessage(maxMessageSize = MOST_TEXT_BYTES)
  public void said(String text) {
    open().ifPresent(opened -> opened.text(text));
  }

  /** In parts, as they come: no server has to hold a whole message. */
  @OnMessage
  public void came(ByteBuffer part, boolean isLast) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    open().ifPresent(opened -> opened.binary(bytes, isLast));
  }

  private Optional<SocketPublisher> open() {
    return Optional.ofNullable(publisher);
  }

  @OnClose
  public void closed() {
    open().ifPresent(SocketPublisher::left);
  }

  @OnError
  public void failed(Throwable failure) {
    closed();
  }
}
