package dev.zoetrope.web;

import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Audience;
import java.util.Locale;
import java.util.Optional;

/** What a visitor comes by: what browsers let any page see of it. */
enum Approach {
  /** Pictures and players show it, but scripts of other pages cannot read it. */
  HTTP {
    @Override
    Visitor fit(Visitor visitor, Audience audience) {
      return visitor;
    }
  },
  /** Scripts of any page may read what comes, so a page has to be trusted with who is signed in. */
  SOCKET {
    @Override
    Visitor fit(Visitor visitor, Audience audience) {
      return isForeign(visitor, audience) ? Visitors.withoutSignIn(visitor) : visitor;
    }
  };

  /** The visitor as the gate is to see it. */
  abstract Visitor fit(Visitor visitor, Audience audience);

  /**
   * Whether it comes from a page that is neither ours nor of the source's {@code origins}. Programs
   * have no page.
   *
   * @see "RFC 6455, 10.2 (Origin Considerations)"
   */
  static boolean isForeign(Visitor visitor, Audience audience) {
    Optional<String> origin = visitor.origin().map(text -> text.toLowerCase(Locale.ROOT));
    return origin.isPresent()
        && !isOwn(origin.get(), visitor.host().orElse(""))
        && !audience.origins().contains(origin.get());
  }

  /** The scheme is left out: behind a proxy that does TLS, nobody here knows ours. */
  private static boolean isOwn(String origin, String host) {
    int end = origin.indexOf("://");
    return end > 0
        && !host.isEmpty()
        && origin.substring(end + 3).equals(host.toLowerCase(Locale.ROOT));
  }
}
