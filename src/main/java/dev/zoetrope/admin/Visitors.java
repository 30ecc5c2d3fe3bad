package dev.zoetrope.admin;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Visitor;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.stream.Stream;

/** What requests say about who sent them. Stateless. */
final class Visitors {
  private Visitors() {}

  static Visitor of(HttpServletRequest request) {
    return new Visitor(
        Optional.ofNullable(request.getHeader("Authorization")),
        cookie(request),
        Optional.empty(),
        Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName),
        request::isUserInRole,
        Optional.ofNullable(request.getRemoteAddr()).orElse(""),
        Optional.ofNullable(request.getHeader("Origin")),
        Optional.ofNullable(request.getHeader("Host")));
  }

  private static Optional<String> cookie(HttpServletRequest request) {
    return Optional.ofNullable(request.getCookies()).stream()
        .flatMap(Stream::of)
        .filter(cookie -> cookie.getName().equals(Access.COOKIE))
        .map(Cookie::getValue)
        .findFirst();
  }
}
