package dev.zoetrope.web;

import dev.zoetrope.access.NodeGate;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.NodeIdentity;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code WS /relay/v1}: other nodes, by the container.
 *
 * @see "docs/PROTOCOL.md, 5"
 */
@ServerEndpoint(value = RelayEndpoint.PATH, configurator = RelayEndpoint.Configurator.class)
public class RelayEndpoint {
  /** Of the address. */
  static final String PATH = "/relay/v1";

  private static final int MOST_MESSAGE_BYTES = 64 << 10;

  /** For the container. */
  public static final class Configurator extends BundleEntrance.Configurator {
    private NodeDoor door; // guarded by this; null until the first connection

    @Override
    synchronized Object endpoint(BundleEntrance at) {
      if (door == null) {
        door =
            new NodeDoor(
                Beans.get(Channels.class),
                Beans.get(NodeGate.class),
                Beans.get(NodeIdentity.class),
                Beans.get(Followers.class));
      }
      RelayEndpoint endpoint = new RelayEndpoint();
      endpoint.entrance = at;
      endpoint.door = door;
      return endpoint;
    }
  }

  // Set by the configurator.
  private BundleEntrance entrance;
  private NodeDoor door;

  private volatile SessionBundle socket; // null where the node was refused

  @OnOpen
  public void opened(Session session) {
    socket = entrance.open(session, door).orElse(null);
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
