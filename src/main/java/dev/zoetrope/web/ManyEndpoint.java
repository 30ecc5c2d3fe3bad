package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code WS /live}: several sources.
 *
 * @see "docs/PROTOCOL.md, 2"
 */
@ServerEndpoint(value = "/live", configurator = ManyEndpoint.Configurator.class)
public class ManyEndpoint {
  private static final int MOST_MESSAGE_BYTES = 8192;

  /** For the container. */
  public static final class Configurator extends BundleEntrance.Configurator {
    @Override
    Object endpoint(BundleEntrance at) {
      ManyEndpoint endpoint = new ManyEndpoint();
      endpoint.entrance = at;
      return endpoint;
    }
  }

  private BundleEntrance entrance; // set by the configurator
  private volatile SessionBundle socket; // null where the client was refused

  @OnOpen
  public void opened(Session session) {
    socket = entrance.open(session, "").orElse(null);
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
