package dev.zoetrope.access;

import dev.zoetrope.access.Caller.Via;
import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Tells who sent a request by what it shows. Thread-safe. */
final class Callers {
  private static final String ADMIN_TOKEN = "admin-token";

  private final Supplier<Optional<Secret>> adminToken;
  private final Sessions sessions;
  private final Accounts accounts;
  private final Tokens tokens;
  private final SignIn signIn;
  private final Grants grants;
  private Optional<Secret> knownToken; // confined to tidy()

  /**
   * @param adminToken of {@code secrets.yaml}, the newest; waits for nothing
   */
  Callers(
      Supplier<Optional<Secret>> adminToken,
      Sessions sessions,
      Accounts accounts,
      Tokens tokens,
      SignIn signIn,
      Grants grants) {
    this.adminToken = adminToken;
    this.sessions = sessions;
    this.accounts = accounts;
    this.tokens = tokens;
    this.signIn = signIn;
    this.grants = grants;
    knownToken = adminToken.get();
  }

  static String ground(Session session) {
    return "session " + session.id();
  }

  /** The one by an account. */
  static Caller caller(Account account, Via via) {
    return new Caller(account.name(), account.role(), account.sources(), via);
  }

  /**
   * Who this is.
   *
   * @throws RefusedException if the password in the request is not looked at, as it is too soon
   */
  Identity identify(Visitor visitor) throws RefusedException {
    Optional<String> bearer = bearer(visitor);
    if (bearer.isPresent()) {
      return bearer(bearer.get());
    }
    Optional<Identity> ambient = session(visitor).or(() -> container(visitor));
    if (ambient.isPresent()) {
      return ambient.get();
    }
    Optional<String> basic = credentials(visitor.authorization().orElse(""), "basic ");
    return basic.isPresent() ? basic(basic.get(), visitor.address()) : Identity.NOBODY;
  }

  /** What a visitor shows as {@code Authorization: Bearer}. */
  static Optional<String> bearer(Visitor visitor) {
    return credentials(visitor.authorization().orElse(""), "bearer ");
  }

  private static Optional<String> credentials(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        ? Optional.of(authorization.substring(scheme.length()).strip())
        : Optional.empty();
  }

  private Identity bearer(String token) {
    if (adminToken.get().map(secret -> secret.matches(token)).orElse(false)) {
      Caller caller = new Caller(ADMIN_TOKEN, Role.ADMIN, Set.of(), Via.TOKEN);
      return new Identity(caller, List.of(ADMIN_TOKEN), Optional.empty());
    }
    return tokens
        .find(token)
        .map(
            found ->
                new Identity(
                    new Caller(found.title(), found.role(), found.sources(), Via.TOKEN),
                    List.of(Tokens.ground(found.id())),
                    Optional.empty()))
        .orElse(Identity.NOBODY);
  }

  private Optional<Identity> session(Visitor visitor) {
    return visitor
        .session()
        .flatMap(sessions::find)
        .flatMap(
            session ->
                accounts
                    .named(session.account())
                    .map(
                        account ->
                            new Identity(
                                caller(account, Via.SESSION),
                                List.of(ground(session), Accounts.ground(account.name())),
                                Optional.of(session))));
  }

  /** A viewer of the container watches what the account of the same name may, if there is one. */
  private Optional<Identity> container(Visitor visitor) {
    if (visitor.principal().isEmpty()) {
      return Optional.empty();
    }
    for (Role role : List.of(Role.ADMIN, Role.OPERATOR, Role.VIEWER)) {
      if (visitor.isInRole().test("zoetrope-" + role.word())) {
        String name = visitor.principal().get();
        Set<SourceId> sources =
            role == Role.VIEWER
                ? accounts.named(name).map(Account::sources).orElse(Set.of())
                : Set.of();
        Caller caller = new Caller(name, role, sources, Via.CONTAINER);
        return Optional.of(new Identity(caller, List.of(Accounts.ground(name)), Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private Identity basic(String credentials, String address) throws RefusedException {
    try {
      Account account = signIn.checkBasic(credentials, address);
      return new Identity(
          caller(account, Via.BASIC), List.of(Accounts.ground(account.name())), Optional.empty());
    } catch (RefusedException e) {
      if (e.reason() == Reason.TOO_SOON) {
        throw e;
      }
      return Identity.NOBODY;
    }
  }

  /** Whether browsers show it without being told to, for pages of anybody. */
  static boolean isAmbient(Via via) {
    return switch (via) {
      case SESSION, CONTAINER, BASIC -> true;
      case TOKEN, NONE -> false;
    };
  }

  /** Cuts what is open by an admin-token that is another by now. */
  void tidy() {
    Optional<Secret> newest = adminToken.get();
    if (!newest.equals(knownToken)) {
      knownToken = newest;
      grants.end(ADMIN_TOKEN);
    }
  }
}
