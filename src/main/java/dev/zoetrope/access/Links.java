package dev.zoetrope.access;

import dev.zoetrope.access.DeniedException.Reason;
import dev.zoetrope.media.SourceId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Share links: {@code base64url(id) "." base64url(HMAC-SHA256)}, the latter over all that the link
 * allows; those of this node, and those that were handed down by nodes whose sources it has.
 * Thread-safe.
 */
public final class Links {
  private static final int MOST = 1000;
  private static final int MOST_CHARACTERS = 200;
  private static final String HMAC = "HmacSHA256";
  private static final String GROUND = "link ";

  /** Players ask for stills beside what they play; who publishes is no viewer. */
  private static final Set<String> UNCOUNTED = Set.of("jpg", Link.PUBLISH);

  private final Ledger ledger;
  private final Grants grants;
  private final Clock clock;

  /** Of other nodes, by id. */
  private volatile Map<String, HandedLink> handed = Map.of();

  private Known known = new Known(null, Map.of(), List.of()); // guarded by this

  /** All links of a moment, as other nodes are told of them. */
  private record Known(Kept kept, Map<String, HandedLink> handed, List<HandedLink> all) {}

  Links(Ledger ledger, Grants grants, Clock clock) {
    this.ledger = ledger;
    this.grants = grants;
    this.clock = clock;
  }

  static String ground(String id) {
    return GROUND + id;
  }

  /** In the order in which they were made; also those that have expired. */
  public List<Link> all() {
    return List.copyOf(ledger.kept().links().values());
  }

  /** How many watch by it at present. */
  public int viewers(Link link) {
    return grants.count(ground(link.id()));
  }

  /** The value of {@code ?link=}. */
  public String value(Link link) {
    return value(ledger.kept(), link);
  }

  private static String value(Kept kept, Link link) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return base64.encodeToString(link.id().getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(signature(kept, link));
  }

  private static byte[] signature(Kept kept, Link link) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(kept.key().reveal().getBytes(StandardCharsets.UTF_8), HMAC));
      return mac.doFinal(link.terms().getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has " + HMAC, e);
    }
  }

  /**
   * Makes one. Where there are 1000, those that have expired make room.
   *
   * @param title 1 to 100 characters, for people
   * @param sources at least one
   * @param ways of {@link Link#WAYS}; empty: all ways of watching
   * @param maxViewers at the same time; empty: any number
   */
  public Link make(
      String title, Set<SourceId> sources, Set<String> ways, Duration life, OptionalInt maxViewers)
      throws RefusedException {
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    Link link = new Link(RandomText.id(), title, sources, ways, now, now.plus(life), maxViewers);
    ledger.change(
        kept -> {
          Kept before = kept.links().size() < MOST ? kept : withoutExpired(kept, now);
          if (before.links().size() >= MOST) {
            throw new RefusedException(
                RefusedException.Reason.CONFLICT,
                "there are " + MOST + " links already: revoke some");
          }
          return before.with(link);
        });
    return link;
  }

  private static Kept withoutExpired(Kept kept, Instant now) {
    Kept fewer = kept;
    for (Map.Entry<String, Link> each : kept.links().entrySet()) {
      if (!each.getValue().isValid(now)) {
        fewer = fewer.withoutLink(each.getKey());
      }
    }
    return fewer;
  }

  /** Revokes it, and cuts those who watch by it. */
  public void delete(String id) throws RefusedException {
    try {
      ledger.restrict(
          kept -> {
            if (!kept.links().containsKey(id)) {
              throw new RefusedException(
                  RefusedException.Reason.NOT_THERE, "there is no link with this id");
            }
            return kept.withoutLink(id);
          });
    } finally {
      if (!ledger.kept().links().containsKey(id)) {
        grants.end(ground(id));
      }
    }
  }

  /** Lets in whoever shows that value. */
  Grant admit(String value, SourceId source, String way) throws DeniedException {
    Link link = check(value, source, way);
    Grant grant = UNCOUNTED.contains(way) ? uncounted(link) : viewer(link);
    if (current(link.id()).filter(link::equals).isEmpty()) { // revoked in between
      grants.end(ground(link.id()));
    }
    return grant;
  }

  private Grant uncounted(Link link) {
    return grants.openBriefly(List.of(ground(link.id())));
  }

  private Grant viewer(Link link) throws DeniedException {
    return grants
        .open(List.of(ground(link.id())), link.maxViewers())
        .orElseThrow(
            () ->
                new DeniedException(
                    Reason.FULL, "as many watch by this link as may; try again later"));
  }

  /** The link of that value, if it is for that; whether it has a place left is not asked. */
  Link check(String value, SourceId source, String way) throws DeniedException {
    Link link = known(value);
    if (!link.isValid(clock.instant())) {
      throw forbidden("this link has expired; ask for a new one");
    }
    if (!link.isFor(source, way)) {
      throw forbidden(
          way.equals(Link.PUBLISH)
              ? "this link is for watching, or for other sources; ask for one to publish"
              : "this link is for other sources, or other ways of watching");
    }
    return link;
  }

  /** Whose value that is. */
  private Link known(String value) throws DeniedException {
    Kept kept = ledger.kept();
    Optional<String> id = id(value);
    Link own = id.map(kept.links()::get).orElse(null);
    HandedLink of = id.map(handed::get).orElse(null);
    if (own == null && of == null) {
      throw forbidden("this link is not known, or was revoked; ask for a new one");
    }
    boolean isWhole =
        own == null
            ? RandomText.isSame(RandomText.sha256(value), of.sha256())
            : RandomText.isSame(value, value(kept, own));
    if (!isWhole) {
      throw forbidden("this link is not whole, or was changed; copy it once more");
    }
    return own == null ? of.link() : own;
  }

  /** The link of that id, as it is now. */
  private Optional<Link> current(String id) {
    Optional<Link> own = Optional.ofNullable(ledger.kept().links().get(id));
    return own.or(() -> Optional.ofNullable(handed.get(id)).map(HandedLink::link));
  }

  private static Optional<String> id(String value) {
    int dot = value.indexOf('.');
    if (dot < 0 || value.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      byte[] id = Base64.getUrlDecoder().decode(value.substring(0, dot));
      return Optional.of(new String(id, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no Base64, so nobody's
    }
  }

  private static DeniedException forbidden(String message) {
    return new DeniedException(Reason.FORBIDDEN, message);
  }

  /** Cuts what is open by links that have expired. */
  void tidy() {
    for (String ground : grants.grounds()) {
      if (ground.startsWith(GROUND)) {
        Optional<Link> link = current(ground.substring(GROUND.length()));
        if (link.filter(any -> any.isValid(clock.instant())).isEmpty()) {
          grants.end(ground);
        }
      }
    }
  }

  // Between nodes.

  /**
   * Takes over what other nodes say of their links, all of it; cuts those who watch by one that has
   * gone or is another.
   *
   * @param all with the ids that the sources have here; one with the id of a link of this node is
   *     of no effect
   */
  public void handedDown(Collection<HandedLink> all) {
    Map<String, HandedLink> before = handed;
    Map<String, HandedLink> now = new LinkedHashMap<>();
    all.forEach(link -> now.putIfAbsent(link.link().id(), link));
    handed = Map.copyOf(now);
    before.forEach(
        (id, link) -> {
          boolean isOwn = ledger.kept().links().containsKey(id);
          if (!isOwn && !link.isAs(now.get(id))) {
            grants.end(ground(id));
          }
        });
  }

  /**
   * All that are for watching, as other nodes are told of them: the same list as long as none is
   * another.
   */
  synchronized List<HandedLink> toHandDown() {
    Kept kept = ledger.kept();
    Map<String, HandedLink> of = handed;
    if (!kept.equals(known.kept) || !of.equals(known.handed)) {
      List<HandedLink> all = new ArrayList<>();
      for (Link link : kept.links().values()) {
        if (link.isForWatching()) {
          all.add(
              new HandedLink(link.forWatching(), RandomText.sha256(value(kept, link)), List.of()));
        }
      }
      of.values().stream()
          .filter(link -> !kept.links().containsKey(link.link().id()))
          .forEach(all::add);
      known = new Known(kept, of, all.equals(known.all) ? known.all : List.copyOf(all));
    }
    return known.all;
  }
}
