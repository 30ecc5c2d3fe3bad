package dev.zoetrope.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Visitors of tests. */
final class Asking {
  private static final Visitor STRANGER =
      new Visitor(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          role -> false,
          "192.0.2.1",
          Optional.empty(),
          Optional.of("zoetrope.example:8080"));

  private Asking() {}

  static Visitor stranger() {
    return STRANGER;
  }

  static Visitor from(String address) {
    return new Visitor(
        STRANGER.authorization(),
        STRANGER.session(),
        STRANGER.link(),
        STRANGER.principal(),
        STRANGER.isInRole(),
        address,
        STRANGER.origin(),
        STRANGER.host());
  }

  static Visitor authorized(String header) {
    return with(Optional.of(header), Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Visitor bearer(String token) {
    return authorized("Bearer " + token);
  }

  static Visitor basic(String name, String password) {
    byte[] both = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return authorized("Basic " + Base64.getEncoder().encodeToString(both));
  }

  static Visitor basicFrom(String address, String name, String password) {
    Visitor here = basic(name, password);
    return new Visitor(
        here.authorization(),
        here.session(),
        here.link(),
        here.principal(),
        here.isInRole(),
        address,
        here.origin(),
        here.host());
  }

  static Visitor session(String cookie) {
    return with(Optional.empty(), Optional.of(cookie), Optional.empty(), Optional.empty());
  }

  static Visitor sessionFrom(String cookie, String origin) {
    return with(Optional.empty(), Optional.of(cookie), Optional.empty(), Optional.of(origin));
  }

  /** The same, as a page of that origin has a browser ask. */
  static Visitor ofPage(Visitor visitor, String origin) {
    return new Visitor(
        visitor.authorization(),
        visitor.session(),
        visitor.link(),
        visitor.principal(),
        visitor.isInRole(),
        visitor.address(),
        Optional.of(origin),
        visitor.host());
  }

  static Visitor link(String value) {
    return with(Optional.empty(), Optional.empty(), Optional.of(value), Optional.empty());
  }

  static Visitor linkAndSession(String value, String cookie) {
    return with(Optional.empty(), Optional.of(cookie), Optional.of(value), Optional.empty());
  }

  static Visitor ofContainer(String name, String... roles) {
    return new Visitor(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(name),
        role -> List.of(roles).contains(role),
        "192.0.2.1",
        Optional.empty(),
        STRANGER.host());
  }

  private static Visitor with(
      Optional<String> authorization,
      Optional<String> session,
      Optional<String> link,
      Optional<String> origin) {
    return new Visitor(
        authorization,
        session,
        link,
        Optional.empty(),
        role -> false,
        "192.0.2.1",
        origin,
        STRANGER.host());
  }
}
