package dev.zoetrope.web;

import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.door.FastDoor;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Rendition;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Leads WebSockets for {@link LiveEndpoint} and {@link ManyEndpoint} through the fast door, where
 * that is possible; the rest goes on to the container's.
 */
@WebFilter(urlPatterns = "/live/*", asyncSupported = true)
public final class SocketFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Inject private transient Channels channels;
  @Inject private transient FastDoor fastDoor;
  @Inject private transient Gate gate;
  @Inject private transient Bundles bundles;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String[] path = Optional.ofNullable(request.getPathInfo()).orElse("").split("/", -1);
    boolean isForSocket = path.length <= 3 && (path.length != 2 || !path[1].isEmpty());
    if (isForSocket && fastDoor.suitsSocket(request, response)) {
      take(fastDoor, request, response, occupant(request, path));
    } else {
      chain.doFilter(request, response);
    }
  }

  /**
   * @param path "", id, way; or fewer of them
   */
  private Occupant occupant(HttpServletRequest request, String... path) {
    Query query = key -> Optional.ofNullable(request.getParameter(key));
    Visitor visitor = Visitors.of(request).openingSocket();
    Doorkeeper door = new Doorkeeper(channels, gate);
    try {
      return path.length == 3
          ? one(path[1], path[2], query, visitor, door)
          : many(path.length == 1 ? "" : path[1], query, visitor, door);
    } catch (OutcomeException e) {
      return LineRefusal.ofViewer(e);
    }
  }

  private LineBundle many(String id, Query query, Visitor visitor, Doorkeeper door)
      throws OutcomeException {
    Optional<Request.Subscribe> first = Request.ofQuery(id, query);
    Dialect dialect = new LiveDialect(visitor, door);
    return new LineBundle(socket -> new Bundle(socket, dialect, channels, bundles, first));
  }

  private static LineSocket one(
      String id, String name, Query query, Visitor visitor, Doorkeeper door)
      throws OutcomeException {
    Way way = Way.ofSocket(name);
    Channel channel = door.channel(id);
    try (Pass pass = door.admit(visitor, channel, name)) {
      Framing framing = way.framing(query, "");
      Cards cards = Cards.of(query);
      Rendition rendition = door.rendition(channel, way.format(), query);
      Lease lease = door.lease(channel, rendition, cards, pass, visitor.address());
      LineSocket socket = new LineSocket(way, framing, lease, cards, channel);
      pass.onEnd(socket::cut);
      return socket;
    }
  }

  /** Takes the connection over. */
  static void take(
      FastDoor fastDoor,
      HttpServletRequest request,
      HttpServletResponse response,
      Occupant occupant)
      throws IOException {
    try {
      fastDoor.takeSocket(request, response, occupant);
    } catch (IOException | RuntimeException e) {
      occupant.closed();
      throw e;
    }
  }
}
