package dev.zoetrope.access;

import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.media.SourceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** API tokens. Only what cannot be turned back into them is kept. Thread-safe. */
public final class Tokens {
  private static final int MOST = 200;

  /** So that they are recognised where they should not be. */
  private static final String PREFIX = "zoetrope-";

  private static final int ID_LENGTH = 16;
  private static final String GROUND = "token ";

  /** A use is written down no more often. */
  private static final Duration USE = Duration.ofMinutes(1);

  /**
   * A new one.
   *
   * @param text the token itself, which is shown this once
   */
  public record Made(ApiToken token, String text) {}

  private final Ledger ledger;
  private final Grants grants;
  private final Clock clock;

  Tokens(Ledger ledger, Grants grants, Clock clock) {
    this.ledger = ledger;
    this.grants = grants;
    this.clock = clock;
  }

  static String ground(String id) {
    return GROUND + id;
  }

  /** In the order in which they were made. */
  public List<ApiToken> all() {
    return List.copyOf(ledger.kept().tokens().values());
  }

  /**
   * Makes one.
   *
   * @param title 1 to 100 characters, for people
   * @param sources what a viewer may watch; without meaning for others
   * @param life empty: it never expires
   */
  public Made make(String title, Role role, Set<SourceId> sources, Optional<Duration> life)
      throws RefusedException {
    String id = RandomText.id();
    String text = PREFIX + id + "-" + RandomText.key();
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    ApiToken token =
        new ApiToken(
            id,
            title,
            role,
            sources,
            RandomText.sha256(text),
            now,
            life.map(now::plus),
            Optional.empty());
    ledger.change(
        kept -> {
          if (kept.tokens().size() >= MOST) {
            throw new RefusedException(Reason.CONFLICT, "there are " + MOST + " tokens already");
          }
          return kept.with(token);
        });
    return new Made(token, text);
  }

  /** Takes it back, with all that is open by it. */
  public void delete(String id) throws RefusedException {
    try {
      ledger.restrict(
          kept -> {
            if (!kept.tokens().containsKey(id)) {
              throw new RefusedException(Reason.NOT_THERE, "there is no token with this id");
            }
            return kept.withoutToken(id);
          });
    } finally {
      if (!ledger.kept().tokens().containsKey(id)) {
        grants.end(ground(id));
      }
    }
  }

  /** The one that somebody shows, if it is right and has not expired. */
  Optional<ApiToken> find(String text) {
    int end = PREFIX.length() + ID_LENGTH;
    if (!text.startsWith(PREFIX) || text.length() <= end || text.length() > 100) {
      return Optional.empty();
    }
    ApiToken token = ledger.kept().tokens().get(text.substring(PREFIX.length(), end));
    Instant now = clock.instant();
    if (token == null
        || !RandomText.isSame(RandomText.sha256(text), token.sha256())
        || !token.isValid(now)) {
      return Optional.empty();
    }
    if (token.lastUsed().map(last -> !now.isBefore(last.plus(USE))).orElse(true)) {
      used(token.id(), Instant.ofEpochSecond(now.getEpochSecond()));
    }
    return Optional.of(token);
  }

  private void used(String id, Instant now) {
    ledger.note(
        kept -> {
          ApiToken token = kept.tokens().get(id);
          return token == null ? kept : kept.with(token.used(now));
        });
  }

  /** Cuts what is open by tokens that have expired. */
  void tidy() {
    Map<String, ApiToken> tokens = ledger.kept().tokens();
    for (String ground : grants.grounds()) {
      if (ground.startsWith(GROUND)) {
        ApiToken token = tokens.get(ground.substring(GROUND.length()));
        if (token == null || !token.isValid(clock.instant())) {
          grants.end(ground);
        }
      }
    }
  }
}
