package dev.zoetrope.web;

import dev.zoetrope.access.Gate;
import dev.zoetrope.channel.Channels;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Optional;

/**
 * Where sockets of several viewers, and of nodes, come in by the container: at {@link
 * ManyEndpoint}, {@link OneEndpoint} and {@link RelayEndpoint}. Thread-safe.
 */
final class BundleEntrance {
  private final Channels channels;
  private final Doorkeeper door;
  private final Bundles all;

  private BundleEntrance(Channels channels, Doorkeeper door, Bundles all) {
    this.channels = channels;
    this.door = door;
    this.all = all;
  }

  /** What CDI hands out for each connection, it would keep for ever: it is asked once. */
  private static BundleEntrance ofCdi() {
    Channels channels = Beans.get(Channels.class);
    return new BundleEntrance(
        channels, new Doorkeeper(channels, Beans.get(Gate.class)), Beans.get(Bundles.class));
  }

  /**
   * Opens it, or says why not.
   *
   * @param id empty where nothing is subscribed to from the start
   * @return empty if it was refused
   */
  Optional<SessionBundle> open(Session session, String id) {
    LiveEndpoint.keepOpen(session);
    Optional<Request.Subscribe> first;
    try {
      first = Request.ofQuery(id, LiveEndpoint.query(session));
    } catch (OutcomeException e) {
      LiveEndpoint.close(session, e.outcome().subscriptionCode(), e.getMessage());
      return Optional.empty();
    }
    Dialect dialect = new LiveDialect(LiveEndpoint.visitor(session), door);
    return Optional.of(open(session, dialect, first));
  }

  /**
   * Opens a node's, or says why not.
   *
   * @return empty if it was refused
   */
  Optional<SessionBundle> open(Session session, NodeDoor nodes) {
    LiveEndpoint.keepOpen(session);
    try {
      Dialect dialect = nodes.admit(LiveEndpoint.visitor(session), LiveEndpoint.query(session));
      return Optional.of(open(session, dialect, Optional.empty()));
    } catch (OutcomeException e) {
      LiveEndpoint.close(session, e.outcome().subscriptionCode(), e.getMessage());
      return Optional.empty();
    }
  }

  private SessionBundle open(Session session, Dialect dialect, Optional<Request.Subscribe> first) {
    SessionBundle opened =
        new SessionBundle(
            session, channels.timer(), socket -> new Bundle(socket, dialect, channels, all, first));
    opened.bundle().opened();
    return opened;
  }

  /** Makes the instance for each connection, alike on every server. */
  abstract static class Configurator extends ServerEndpointConfig.Configurator {
    private BundleEntrance entrance; // guarded by this; null until the first connection

    @Override
    public synchronized <T> T getEndpointInstance(Class<T> endpointClass) {
      if (entrance == null) {
        entrance = ofCdi();
      }
      return endpointClass.cast(endpoint(entrance));
    }

    abstract Object endpoint(BundleEntrance at);

    /** The properties are of this connection alone: Jakarta WebSocket 2.1, 3.1.7. */
    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      LiveEndpoint.remember(config, request);
    }

    /** None: what is sent is packed already, and time is dearer than bytes. */
    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }
  }
}
