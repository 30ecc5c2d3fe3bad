package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code WS /live/{id}}: one source, with the messages of {@link ManyEndpoint}.
 *
 * @see "docs/PROTOCOL.md, 2"
 */
@ServerEndpoint(value = "/live/{id}", configurator = OneEndpoint.Configurator.class)
public class OneEndpoint {
  private static final int MOST_MESSAGE_BYTES = 8192;

  /** For the container. */
  public static final class Configurator extends BundleEntrance.Configurator {
    @Override
    Object endpoint(BundleEntrance at) {
      OneEndpoint endpoint = new OneEndpoint();
      endpoint.entrance = at;
      return endpoint;
    }
  }

  private BundleEntrance entrance; // set by the configurator
  private volatile SessionBundle socket; // null where the client was refused

  @OnOpen
  public void opened(Session session, @PathParam("id") String id) {
    socket = entrance.open(session, id).orElse(null);
  }

  @OnMessage(maxMessageSize = MOST_MESSAGE_BYTES)
  public void said(String text) {
    open().ifPresent(opened -> opened.bundle().text(text));
  }

  @OnMessage(maxMessageSize = MOST_MESSAGE_BYTES)
  public void said(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    open().ifPresent(opened -> opened.bundle().binary(Bytes.owning(array)));
  }

  private Optional<SessionBundle> open() {
    return Optional.ofNullable(socket);
  }

  @OnClose
  public void closed() {
    open().ifPresent(SessionBundle::gone);
  }

  @OnError
  public void failed(Throwable failure) {
    closed();
  }
}
