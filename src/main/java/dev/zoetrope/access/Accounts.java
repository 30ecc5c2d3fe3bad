package dev.zoetrope.access;

import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.media.SourceId;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Those who have a password. What is changed about one ends what it has open. Thread-safe. */
public final class Accounts {
  private static final int MOST = 200;

  private final Ledger ledger;
  private final Passwords passwords;
  private final Sessions sessions;
  private final Grants grants;
  private final Clock clock;

  Accounts(Ledger ledger, Passwords passwords, Sessions sessions, Grants grants, Clock clock) {
    this.ledger = ledger;
    this.passwords = passwords;
    this.sessions = sessions;
    this.grants = grants;
    this.clock = clock;
  }

  static String ground(String name) {
    return "account " + name;
  }

  /** By name. */
  public List<Account> all() {
    return ledger.kept().accounts().values().stream()
        .sorted(Comparator.comparing(Account::name))
        .toList();
  }

  /** The one of that name. */
  public Optional<Account> named(String name) {
    return Optional.ofNullable(ledger.kept().accounts().get(name));
  }

  /**
   * Makes an account, or changes it.
   *
   * @param sources what a viewer may watch; without meaning for others
   * @param password empty to leave that of an account that is there; takes as long as hashing does
   * @return whether it is new
   */
  public boolean put(String name, Role role, Set<SourceId> sources, Optional<String> password)
      throws RefusedException {
    return put(name, role, sources, password, Optional.empty());
  }

  /**
   * The same under a condition.
   *
   * @param ifMatch the header: tags that the account that is there may have; empty for any, or none
   * @see "RFC 9110, 13.1.1 (If-Match)"
   */
  public boolean put(
      String name,
      Role role,
      Set<SourceId> sources,
      Optional<String> password,
      Optional<String> ifMatch)
      throws RefusedException {
    checkName(name);
    if (password.isPresent()) {
      checkPassword("password", password.get());
    }
    Optional<String> hash = password.map(passwords::hash);
    boolean[] isNew = new boolean[1];
    Optional<Account> before = named(name);
    ledger.change(
        kept -> {
          Optional<Account> old = Optional.ofNullable(kept.accounts().get(name));
          isNew[0] = old.isEmpty();
          checkIsSame(old, ifMatch);
          if (old.isEmpty() && hash.isEmpty()) {
            throw RefusedException.mistake(
                "password", "", "a new account needs one; " + Passwords.EXPECTED);
          }
          if (old.isEmpty() && kept.accounts().size() >= MOST) {
            throw new RefusedException(Reason.CONFLICT, "there are " + MOST + " accounts already");
          }
          if (role != Role.ADMIN && kept.isLastAdmin(name)) {
            throw lastAdmin(name);
          }
          return kept.with(
              new Account(
                  name,
                  role,
                  sources,
                  hash.orElseGet(() -> old.orElseThrow().passwordHash()),
                  old.map(Account::createdAt).orElseGet(this::now),
                  old.flatMap(Account::lastSignIn)));
        });
    before.ifPresent(old -> changed(old, named(name)));
    return isNew[0];
  }

  /** Removes an account, with all that it has open. */
  public void delete(String name) throws RefusedException {
    delete(name, Optional.empty());
  }

  /** The same under a condition, as for {@link #put}. */
  public void delete(String name, Optional<String> ifMatch) throws RefusedException {
    Optional<Account> before = named(name);
    try {
      ledger.restrict(
          kept -> {
            if (!kept.accounts().containsKey(name)) {
              throw new RefusedException(Reason.NOT_THERE, "there is no account of this name");
            }
            checkIsSame(Optional.of(kept.accounts().get(name)), ifMatch);
            if (kept.isLastAdmin(name)) {
              throw lastAdmin(name);
            }
            return kept.withoutAccount(name);
          });
    } finally {
      before.ifPresent(old -> changed(old, named(name)));
    }
  }

  /** Ends what stands on an account that is not as it was. */
  void changed(Account before, Optional<Account> after) {
    if (after.map(before::isAs).orElse(false)) {
      return;
    }
    boolean isSamePassword =
        after.map(now -> now.passwordHash().equals(before.passwordHash())).orElse(false);
    if (!isSamePassword) {
      for (Session session : sessions.of(before.name())) {
        sessions.end(session);
      }
    }
    grants.end(ground(before.name()));
  }

  /** Sets a password whose old one was shown; what is open ends, but for the one session. */
  void setPassword(String name, String password, Optional<Session> kept) throws RefusedException {
    checkPassword("new", password);
    String hash = passwords.hash(password);
    ledger.change(
        before -> {
          Account account = before.accounts().get(name);
          if (account == null) {
            throw new RefusedException(Reason.NOT_THERE, "there is no account of this name");
          }
          return before.with(account.withPassword(hash));
        });
    for (Session session : sessions.of(name)) {
      if (kept.isEmpty() || !session.id().equals(kept.get().id())) {
        sessions.end(session);
      }
    }
    grants.endOthers(ground(name), kept.map(Callers::ground)); // by the old password, too
  }

  /** The first account of all, an administrator. */
  void makeFirst(String name, String password) throws RefusedException {
    checkName(name);
    checkPassword("password", password);
    String hash = passwords.hash(password);
    ledger.change(
        kept -> {
          if (!kept.accounts().isEmpty()) {
            throw new RefusedException(Reason.CONFLICT, "there is an account already: sign in");
          }
          return kept.with(new Account(name, Role.ADMIN, Set.of(), hash, now(), Optional.empty()));
        });
  }

  /** Sees to it that there is an administrator {@code admin} with that password. */
  void setAdminPassword(String password) throws RefusedException {
    Optional<Account> before = named("admin");
    boolean isSo =
        before
            .filter(account -> account.role() == Role.ADMIN)
            .filter(account -> passwords.fits(password, account.passwordHash()))
            .isPresent();
    if (!isSo) {
      put("admin", Role.ADMIN, Set.of(), Optional.of(password));
    }
  }

  void signedIn(String name) {
    Instant now = now();
    ledger.note(
        kept -> {
          Account account = kept.accounts().get(name);
          return account == null ? kept : kept.with(account.signedIn(now));
        });
  }

  private Instant now() {
    return Instant.ofEpochSecond(clock.instant().getEpochSecond());
  }

  private static void checkIsSame(Optional<Account> account, Optional<String> ifMatch)
      throws RefusedException {
    if (ifMatch.isPresent() && !account.map(one -> fits(one, ifMatch.get())).orElse(false)) {
      throw new RefusedException(
          Reason.CHANGED_SINCE, "the account has been changed since; get it again, then edit it");
    }
  }

  private static boolean fits(Account account, String ifMatch) {
    return ifMatch.strip().equals("*")
        || Arrays.stream(ifMatch.split(",", -1)).map(String::strip).anyMatch(account.tag()::equals);
  }

  private static void checkName(String name) throws RefusedException {
    if (!Account.isName(name)) {
      String shown = name.length() > 64 ? name.substring(0, 64) : name;
      throw RefusedException.mistake("name", shown, "expected " + Account.NAME);
    }
  }

  private static void checkPassword(String key, String password) throws RefusedException {
    if (!Passwords.isPassword(password)) {
      throw RefusedException.mistake(key, "", Passwords.EXPECTED);
    }
  }

  private static RefusedException lastAdmin(String name) {
    return new RefusedException(
        Reason.CONFLICT, name + " is the last administrator: make another one first");
  }
}
