package dev.zoetrope.web;

import dev.zoetrope.access.NodeGate;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.door.FastDoor;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.media.NodeIdentity;
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
 * Leads WebSockets for {@link RelayEndpoint} through the fast door, where that is possible; the
 * rest goes on to the container's.
 */
@WebFilter(urlPatterns = RelayEndpoint.PATH, asyncSupported = true)
public final class RelayFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Inject private transient Channels channels;
  @Inject private transient FastDoor fastDoor;
  @Inject private transient NodeGate gate;
  @Inject private transient NodeIdentity identity;
  @Inject private transient Bundles bundles;
  @Inject private transient Followers followers;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (fastDoor.suitsSocket(request, response)) {
      SocketFilter.take(fastDoor, request, response, occupant(request));
    } else {
      chain.doFilter(request, response);
    }
  }

  private Occupant occupant(HttpServletRequest request) {
    Query query = key -> Optional.ofNullable(request.getParameter(key));
    Visitor visitor = Visitors.of(request).openingSocket();
    try {
      Dialect dialect = new NodeDoor(channels, gate, identity, followers).admit(visitor, query);
      return new LineBundle(
          socket -> new Bundle(socket, dialect, channels, bundles, Optional.empty()));
    } catch (OutcomeException e) {
      return LineRefusal.ofNode(e);
    }
  }
}
