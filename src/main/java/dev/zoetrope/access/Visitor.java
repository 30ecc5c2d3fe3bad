package dev.zoetrope.access;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a request, or the handshake of a WebSocket, says about who sent it.
 *
 * @param authorization the header of that name
 * @param session what the session's cookie holds
 * @param link what {@code ?link=} says
 * @param principal the name of who has signed in by the container
 * @param isInRole the container's roles
 * @param address where it comes from; empty where nobody knows
 * @param origin the header of that name, which browsers send with WebSockets
 * @param host the header of that name
 * @param bySocket whether it is a WebSocket: scripts of any page can open one, and read it
 */
public record Visitor(
    Optional<String> authorization,
    Optional<String> session,
    Optional<String> link,
    Optional<String> principal,
    Predicate<String> isInRole,
    String address,
    Optional<String> origin,
    Optional<String> host,
    boolean bySocket) {

  /** By a request, and no WebSocket. */
  public Visitor(
      Optional<String> authorization,
      Optional<String> session,
      Optional<String> link,
      Optional<String> principal,
      Predicate<String> isInRole,
      String address,
      Optional<String> origin,
      Optional<String> host) {
    this(authorization, session, link, principal, isInRole, address, origin, host, false);
  }

  /** The same, who opens a WebSocket. */
  public Visitor openingSocket() {
    return new Visitor(
        authorization, session, link, principal, isInRole, address, origin, host, true);
  }
}
