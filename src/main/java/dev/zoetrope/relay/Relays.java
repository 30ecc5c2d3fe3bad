package dev.zoetrope.relay;

import dev.zoetrope.capture.Input;
import dev.zoetrope.capture.Origins;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Origin;
import dev.zoetrope.media.Origin.Trust;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.Source.Relay.Form;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Link.Surroundings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The links of this node to its origins, one for each, and what is followed over them. A link
 * stands as long as anything is followed over it. Thread-safe.
 */
public final class Relays implements Origins, AutoCloseable {
  private static final Logger LOG = System.getLogger(Relays.class.getName());
  private static final long TICK_MILLIS = 100;

  /** A source of other nodes, as it is called here and taken from there. */
  private record Followed(SourceId id, Relay source) {}

  private static final class Use<T> {
    final T used;
    int users;

    Use(T used) {
      this.used = used;
    }
  }

  private final Surroundings surroundings;
  private final ScheduledExecutorService timer;

  // Guarded by this.
  private final Map<Origin, Use<Link>> links = new LinkedHashMap<>();
  private final Map<Followed, Use<Following>> followings = new HashMap<>();
  private ScheduledFuture<?> ticking; // null while nothing is followed
  private boolean closed;

  /**
   * @param self who this node is
   * @param random numbers from 0 up to, not including, 1; any thread
   */
  public Relays(
      NodeIdentity self,
      ScheduledExecutorService timer,
      LongSupplier wallMicros,
      LongSupplier nanoTime,
      DoubleSupplier random) {
    this.timer = timer;
    surroundings = new Surroundings(self, wallMicros, nanoTime, random);
  }

  /** Who this node is. */
  public NodeIdentity self() {
    return surroundings.self();
  }

  /** Follows a source until {@link #leave}. */
  public synchronized Following follow(SourceId id, Relay source) {
    Followed followed = new Followed(id, source);
    Use<Following> use = followings.computeIfAbsent(followed, this::begin);
    use.users++;
    if (ticking == null && !closed) {
      ticking =
          timer.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return use.used;
  }

  private Use<Following> begin(Followed followed) {
    List<Upstream> to = new ArrayList<>();
    for (Origin origin : followed.source().origins()) {
      Use<Link> use = links.computeIfAbsent(origin, this::connect);
      use.users++;
      to.add(use.used);
    }
    SourceId there = followed.source().source().orElse(followed.id());
    Form form = followed.source().form();
    return new Use<>(new Following(there, form, to, surroundings.nanoTime()));
  }

  private Use<Link> connect(Origin origin) {
    return new Use<>(
        new Link(
            new Connector(origin.address(), origin.key(), () -> tls(origin.trust())),
            surroundings));
  }

  private static Tls tls(Trust trust) throws IOException {
    try {
      if (trust instanceof Trust.Authority authority) {
        return Tls.byAuthority(authority.pem());
      }
      return trust instanceof Trust.Pinned pinned ? Tls.byPin(pinned.sha256()) : Tls.usual();
    } catch (GeneralSecurityException e) {
      throw new IOException("its authority's certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /** Ends {@link #follow}, once. */
  public synchronized void leave(SourceId id, Relay source) {
    Followed followed = new Followed(id, source);
    Use<Following> use = followings.get(followed);
    if (use == null || --use.users > 0) {
      return;
    }
    followings.remove(followed);
    use.used.close();
    for (Origin origin : source.origins()) {
      Use<Link> link = links.get(origin);
      link.users--;
      if (link.users == 0) {
        links.remove(origin);
        link.used.close();
      }
    }
    if (followings.isEmpty() && ticking != null) {
      ticking.cancel(false);
      ticking = null;
    }
  }

  private void tick() {
    List<Link> connected = new ArrayList<>();
    List<Following> followed = new ArrayList<>();
    synchronized (this) {
      links.values().forEach(use -> connected.add(use.used));
      followings.values().forEach(use -> followed.add(use.used));
    }
    try {
      connected.forEach(Link::tick);
      followed.forEach(Following::choose);
    } catch (RuntimeException e) { // ours; the next tick may do better
      LOG.log(Level.ERROR, "links to other nodes broke an invariant", e);
    }
  }

  @Override
  public Input open(SourceId id, Relay source) {
    return new RelayInput(follow(id, source), () -> leave(id, source), surroundings.wallMicros());
  }

  /**
   * All that the origins of {@code source} have, the preferred one's first; empty while none of
   * them says anything.
   */
  public Optional<Map<SourceId, Offer>> offers(Relay source) {
    List<Link> asked = links(source.origins());
    Map<SourceId, Offer> offers = new LinkedHashMap<>();
    boolean isAnyThere = false;
    for (Link link : asked) {
      isAnyThere |= link.hasTold();
      link.offers().forEach(offer -> offers.putIfAbsent(offer.id(), offer));
    }
    return isAnyThere ? Optional.of(offers) : Optional.empty();
  }

  /**
   * The share links that are known by those of {@code origins} that answer; empty while none does.
   * One that several know is there once, as the one says that it came to the shortest way.
   */
  public Optional<Collection<OfferedLink>> shareLinks(List<Origin> origins) {
    Map<String, OfferedLink> known = new LinkedHashMap<>();
    boolean isAnyUp = false;
    for (Link link : links(origins)) {
      Optional<List<OfferedLink>> told = link.shareLinks();
      isAnyUp |= told.isPresent();
      for (OfferedLink each : told.orElse(List.of())) {
        known.merge(each.id(), each, (a, b) -> b.path().size() < a.path().size() ? b : a);
      }
    }
    return isAnyUp ? Optional.of(known.values()) : Optional.empty();
  }

  /** Those of the origins to which there are any, in that order. */
  private synchronized List<Link> links(List<Origin> origins) {
    return origins.stream()
        .filter(links::containsKey)
        .map(origin -> links.get(origin).used)
        .toList();
  }

  /** Figures of each link, in the order in which they were first wanted. */
  public List<LinkFigures> figures() {
    List<Link> told = new ArrayList<>();
    synchronized (this) {
      links.values().forEach(use -> told.add(use.used));
    }
    return told.stream().map(Link::figures).toList();
  }

  /**
   * Says something to all origins that are connected; they understand it, or pass over it.
   *
   * @param used to those of which anything is wanted now
   * @param spare to the others
   */
  public void say(String used, String spare) {
    List<Link> told = new ArrayList<>();
    synchronized (this) {
      links.values().forEach(use -> told.add(use.used));
    }
    told.forEach(link -> link.say(link.isUsed() ? used : spare));
  }

  /** Whether nothing is followed. */
  public synchronized boolean isEmpty() {
    return links.isEmpty();
  }

  /** Ends all links. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    if (ticking != null) {
      ticking.cancel(false);
      ticking = null;
    }
    followings.values().forEach(use -> use.used.close());
    links.values().forEach(use -> use.used.close());
  }
}
