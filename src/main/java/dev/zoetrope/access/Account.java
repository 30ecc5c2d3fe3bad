package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Somebody with a password.
 *
 * @param sources what a viewer may watch; empty for the other roles
 * @param passwordHash by bcrypt
 */
public record Account(
    String name,
    Role role,
    Set<SourceId> sources,
    String passwordHash,
    Instant createdAt,
    Optional<Instant> lastSignIn) {
  /** What names are, for people. */
  public static final String NAME = "1 to 64 of a-z, 0-9, '.', '_' and '-'";

  private static final int TAG_LENGTH = 24;
  private static final Pattern FORM = Pattern.compile("[a-z0-9._-]{1,64}");

  public Account {
    if (!isName(name)) {
      throw new IllegalArgumentException("account " + name + ": expected " + NAME);
    }
    if (role == Role.NOBODY) {
      throw new IllegalArgumentException("account " + name + ": nobody has no account");
    }
    sources = role == Role.VIEWER ? Set.copyOf(sources) : Set.of();
  }

  /** Whether {@code text} has the form of a name. */
  public static boolean isName(String text) {
    return FORM.matcher(text).matches();
  }

  /** An entity tag, with its quotes: another as soon as it lets in otherwise. Tells nothing. */
  public String tag() {
    String ids = sources.stream().map(SourceId::value).sorted().collect(Collectors.joining(","));
    String terms = String.join("\n", name, role.word(), ids, passwordHash, createdAt.toString());
    return '"' + RandomText.sha256(terms).substring(0, TAG_LENGTH) + '"';
  }

  Account signedIn(Instant now) {
    return new Account(name, role, sources, passwordHash, createdAt, Optional.of(now));
  }

  Account withPassword(String hash) {
    return new Account(name, role, sources, hash, createdAt, lastSignIn);
  }

  /** Whether both let in the same person to the same. */
  boolean isAs(Account other) {
    return role == other.role
        && sources.equals(other.sources)
        && passwordHash.equals(other.passwordHash);
  }
}
