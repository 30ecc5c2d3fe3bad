package dev.zoetrope.web;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.server.HandshakeRequest;
import java.security.Principal;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a {@link Visitor} of a request, or of the handshake of a WebSocket. What is made holds
 * nothing of the container's, and so may outlive the request. Stateless.
 */
public final class Visitors {
  private static final String LINK = "link";
  private static final Set<String> ROLES =
      Set.of("zoetrope-admin", "zoetrope-operator", "zoetrope-viewer");

  private Visitors() {}

  /** Of a request. On its thread. */
  public static Visitor of(HttpServletRequest request) {
    Optional<Principal> principal = Optional.ofNullable(request.getUserPrincipal());
    return new Visitor(
        Optional.ofNullable(request.getHeader("Authorization")),
        session(Collections.list(request.getHeaders("Cookie"))),
        Query.of(request).value(LINK).flatMap(Visitors::notEmpty),
        principal.map(Principal::getName),
        roles(principal, request::isUserInRole),
        Outside.of(request).address(),
        Optional.ofNullable(request.getHeader("Origin")),
        Optional.ofNullable(request.getHeader("Host")));
  }

  /** The address is not known yet; see {@link #at}. */
  static Visitor of(HandshakeRequest request) {
    Optional<Principal> principal = Optional.ofNullable(request.getUserPrincipal());
    List<String> links = request.getParameterMap().getOrDefault(LINK, List.of());
    return new Visitor(
        header(request, "Authorization").findFirst(),
        session(header(request, "Cookie").toList()),
        links.stream().findFirst().flatMap(Visitors::notEmpty),
        principal.map(Principal::getName),
        roles(principal, request::isUserInRole),
        "",
        header(request, "Origin").findFirst(),
        header(request, "Host").findFirst(),
        true);
  }

  /** Who shows nothing. */
  static Visitor stranger() {
    return new Visitor(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        role -> false,
        "",
        Optional.empty(),
        Optional.empty());
  }

  /** The same, who comes from that address. */
  static Visitor at(Visitor visitor, String address) {
    return new Visitor(
        visitor.authorization(),
        visitor.session(),
        visitor.link(),
        visitor.principal(),
        visitor.isInRole(),
        address,
        visitor.origin(),
        visitor.host(),
        visitor.bySocket());
  }

  /** The same, who shows that link instead. */
  static Visitor withLink(Visitor visitor, String link) {
    return new Visitor(
        visitor.authorization(),
        visitor.session(),
        Optional.of(link),
        visitor.principal(),
        visitor.isInRole(),
        visitor.address(),
        visitor.origin(),
        visitor.host(),
        visitor.bySocket());
  }

  /** Not every container's map of headers takes names in any case. */
  private static Stream<String> header(HandshakeRequest request, String name) {
    return request.getHeaders().entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .flatMap(header -> header.getValue().stream());
  }

  private static Optional<String> notEmpty(String text) {
    return Optional.ofNullable(text).filter(present -> !present.isEmpty());
  }

  /**
   * What the session's cookie holds; the first, if there are several.
   *
   * @see "RFC 6265, 5.4 (The Cookie Header)"
   */
  private static Optional<String> session(Collection<String> headers) {
    return headers.stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(pair -> pair.strip().split("=", 2))
        .filter(pair -> pair.length == 2 && pair[0].equals(Access.COOKIE))
        .map(pair -> pair[1].strip().replaceAll("^\"(.*)\"$", "$1"))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static Predicate<String> roles(Optional<Principal> principal, Predicate<String> has) {
    Set<String> roles =
        principal.isPresent()
            ? ROLES.stream().filter(has).collect(Collectors.toUnmodifiableSet())
            : Set.of();
    return roles::contains;
  }
}
