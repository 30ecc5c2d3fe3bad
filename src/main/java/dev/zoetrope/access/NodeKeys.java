package dev.zoetrope.access;

import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.media.SourceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Node keys, which let followers in and nobody else anywhere. Only what cannot be turned back into
 * them is kept. Thread-safe.
 */
public final class NodeKeys {
  private static final int MOST = 200;

  /** So that they are recognised where they should not be. */
  private static final String PREFIX = "zoetrope-node-";

  private static final int ID_LENGTH = 16;
  private static final int MOST_CHARACTERS = 100;

  /** A use is written down no more often. */
  private static final Duration USE = Duration.ofMinutes(1);

  /**
   * A new one.
   *
   * @param text the key itself, which is shown this once
   */
  public record Made(NodeKey key, String text) {}

  private final Ledger ledger;
  private final Grants grants;
  private final Links links;
  private final Clock clock;

  NodeKeys(Ledger ledger, Grants grants, Links links, Clock clock) {
    this.ledger = ledger;
    this.grants = grants;
    this.links = links;
    this.clock = clock;
  }

  static String ground(String id) {
    return "node key " + id;
  }

  /** In the order in which they were made. */
  public List<NodeKey> all() {
    return List.copyOf(ledger.kept().nodeKeys().values());
  }

  /** How many followers are connected by it at present. */
  public int followers(NodeKey key) {
    return grants.count(ground(key.id()));
  }

  /**
   * Makes one.
   *
   * @param title 1 to 100 characters, for people
   * @param sources which it is for; empty: all
   * @param limit of what a follower is sent, bits a second; empty: none
   */
  public Made make(String title, Set<SourceId> sources, OptionalInt limit) throws RefusedException {
    String id = RandomText.id();
    String text = PREFIX + id + "-" + RandomText.key();
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    NodeKey key =
        new NodeKey(id, title, sources, limit, RandomText.sha256(text), now, Optional.empty());
    ledger.change(
        kept -> {
          if (kept.nodeKeys().size() >= MOST) {
            throw new RefusedException(Reason.CONFLICT, "there are " + MOST + " node keys already");
          }
          return kept.with(key);
        });
    return new Made(key, text);
  }

  /** Takes it back, and cuts the followers that are connected by it. */
  public void delete(String id) throws RefusedException {
    try {
      ledger.restrict(
          kept -> {
            if (!kept.nodeKeys().containsKey(id)) {
              throw new RefusedException(Reason.NOT_THERE, "there is no node key with this id");
            }
            return kept.withoutNodeKey(id);
          });
    } finally {
      if (!ledger.kept().nodeKeys().containsKey(id)) {
        grants.end(ground(id));
      }
    }
  }

  /** The key whose id is in what somebody shows; it need not be right. */
  Optional<NodeKey> meant(String text) {
    int end = PREFIX.length() + ID_LENGTH;
    boolean hasForm =
        text.startsWith(PREFIX) && text.length() > end && text.length() <= MOST_CHARACTERS;
    return hasForm
        ? Optional.ofNullable(ledger.kept().nodeKeys().get(text.substring(PREFIX.length(), end)))
        : Optional.empty();
  }

  /** The one that somebody shows, if it is right. */
  Optional<NodeKey> find(String text) {
    Optional<NodeKey> found =
        meant(text).filter(key -> RandomText.isSame(RandomText.sha256(text), key.sha256()));
    found.ifPresent(this::noteUse);
    return found;
  }

  private void noteUse(NodeKey key) {
    Instant now = clock.instant();
    if (key.lastUsed().map(last -> now.isBefore(last.plus(USE))).orElse(false)) {
      return;
    }
    Instant second = Instant.ofEpochSecond(now.getEpochSecond());
    ledger.note(
        kept -> {
          NodeKey newest = kept.nodeKeys().get(key.id());
          return newest == null ? kept : kept.with(newest.used(second));
        });
  }

  /** For as long as the key is what it is, and the follower connected. */
  NodeGrant hold(NodeKey key) {
    Grant grant = grants.open(List.of(ground(key.id())));
    NodeKey newest = ledger.kept().nodeKeys().get(key.id());
    if (newest == null || !newest.isAs(key)) { // revoked or changed in between
      grants.end(ground(key.id()));
    }
    return new Held(key, grant, links);
  }

  private static final class Held implements NodeGrant {
    private final NodeKey key;
    private final Grant grant;
    private final Links links;

    // Guarded by this: all that there were, and those of them that the key is for.
    private List<HandedLink> all = List.of();
    private List<HandedLink> told = List.of();

    Held(NodeKey key, Grant grant, Links links) {
      this.key = key;
      this.grant = grant;
      this.links = links;
    }

    @Override
    public String keyName() {
      return key.title();
    }

    @Override
    public OptionalInt limit() {
      return key.limit();
    }

    @Override
    public boolean mayHave(SourceId source) {
      return key.isFor(source);
    }

    @Override
    public synchronized List<HandedLink> links() {
      List<HandedLink> now = links.toHandDown();
      if (!now.equals(all)) {
        all = now;
        List<HandedLink> fit = now.stream().flatMap(link -> fit(link).stream()).toList();
        told = fit.equals(told) ? told : fit;
      }
      return told;
    }

    private Optional<HandedLink> fit(HandedLink link) {
      Set<SourceId> fit =
          link.link().sources().stream().filter(key::isFor).collect(Collectors.toSet());
      return fit.isEmpty() ? Optional.empty() : Optional.of(link.with(fit));
    }

    @Override
    public void onEnd(Runnable cut) {
      grant.onEnd(cut);
    }

    @Override
    public void close() {
      grant.close();
    }
  }
}
