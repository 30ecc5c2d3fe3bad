package dev.zoetrope.access;

import dev.zoetrope.access.Caller.Via;
import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Who somebody is and what they may do: the one place for all doors and the API. Thread-safe. A
 * password takes some 50 ms; what changes something waits for the disk; the rest waits for nothing.
 */
public final class Access implements Gate, AutoCloseable {
  /** The cookie of sessions. */
  public static final String COOKIE = "zoetrope-session";

  /** Ways that scripts of any page could open with the cookies of whoever looks at it. */
  private static final Set<String> SOCKETS = Set.of("mpeg1", "fmp4");

  private static final Logger LOG = System.getLogger(Access.class.getName());
  private static final long FLUSH_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Grant OPEN =
      new Grant() {
        @Override
        public void onEnd(Runnable cut) {
          // what is public does not end
        }

        @Override
        public void close() {
          // nothing is held
        }
      };

  /** Somebody who has signed in: the new session's cookie, and what its pages have to show. */
  public record SignedIn(Caller caller, String cookie, String csrf) {}

  /**
   * @param grounds what it stands on; none for what does not end by itself
   */
  private record Identity(Caller caller, List<String> grounds, Optional<Session> session) {
    static final Identity NOBODY = new Identity(Caller.NOBODY, List.of(), Optional.empty());
  }

  private final Ledger ledger;
  private final Optional<Secret> adminToken;
  private final Function<SourceId, List<String>> origins;
  private final LongSupplier nanos;
  private final Sessions sessions;
  private final Grants grants = new Grants();
  private final Accounts accounts;
  private final Tokens tokens;
  private final Links links;
  private final SignIn signIn;
  private volatile Optional<String> setupToken = Optional.empty(); // written under this
  private long flushedNanos; // confined to tick()

  /**
   * Reads who there is. What cannot be read is logged; then nobody has an account until the store
   * is mended.
   *
   * @param adminToken of {@code secrets.yaml}
   * @param origins of pages whose scripts may watch a source with the cookies of their viewers
   * @param nanos a clock that never jumps
   */
  public Access(
      Store store,
      Optional<Secret> adminToken,
      Function<SourceId, List<String>> origins,
      Clock clock,
      LongSupplier nanos) {
    this(store, adminToken, origins, clock, nanos, Passwords.COST);
  }

  Access(
      Store store,
      Optional<Secret> adminToken,
      Function<SourceId, List<String>> origins,
      Clock clock,
      LongSupplier nanos,
      int cost) {
    ledger = new Ledger(store);
    this.adminToken = adminToken;
    this.origins = origins;
    this.nanos = nanos;
    Passwords passwords = new Passwords(cost);
    sessions = new Sessions(nanos);
    accounts = new Accounts(ledger, passwords, sessions, grants, clock);
    tokens = new Tokens(ledger, grants, clock);
    links = new Links(ledger, grants, clock);
    signIn = new SignIn(accounts, passwords, nanos);
    flushedNanos = nanos.getAsLong();
  }

  static String ground(Session session) {
    return "session " + session.id();
  }

  public Accounts accounts() {
    return accounts;
  }

  public Tokens tokens() {
    return tokens;
  }

  public Links links() {
    return links;
  }

  // Who somebody is.

  /** Who this is; nobody, too, while wrong passwords make them wait. */
  public Caller caller(Visitor visitor) {
    try {
      return identify(visitor).caller();
    } catch (RefusedException e) {
      return Caller.NOBODY;
    }
  }

  /**
   * Who this is.
   *
   * @throws RefusedException if the password in the request is not looked at, as it is too soon
   */
  public Caller callerNow(Visitor visitor) throws RefusedException {
    return identify(visitor).caller();
  }

  private Identity identify(Visitor visitor) throws RefusedException {
    String authorization = visitor.authorization().orElse("");
    Optional<String> bearer = credentials(authorization, "bearer ");
    if (bearer.isPresent()) {
      return bearer(bearer.get());
    }
    Optional<Identity> ambient = session(visitor).or(() -> container(visitor));
    if (ambient.isPresent()) {
      return ambient.get();
    }
    Optional<String> basic = credentials(authorization, "basic ");
    return basic.isPresent() ? basic(basic.get(), visitor.address()) : Identity.NOBODY;
  }

  private static Optional<String> credentials(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        ? Optional.of(authorization.substring(scheme.length()).strip())
        : Optional.empty();
  }

  private Identity bearer(String token) {
    if (adminToken.map(secret -> secret.matches(token)).orElse(false)) {
      Caller caller = new Caller("admin-token", Role.ADMIN, Set.of(), Via.TOKEN);
      return new Identity(caller, List.of(), Optional.empty());
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

  private static Caller caller(Account account, Via via) {
    return new Caller(account.name(), account.role(), account.sources(), via);
  }

  // Watching.

  @Override
  public Grant admit(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    if (protection == Protection.PUBLIC) {
      return OPEN;
    }
    Optional<String> link = visitor.link().filter(value -> !value.isBlank());
    if (link.isPresent()) {
      return admitByLink(visitor, link.get(), protection, source, way);
    }
    return admitByName(visitor, protection, source, way);
  }

  /** A link that is of no use keeps nobody out who may come in without. */
  private Grant admitByLink(
      Visitor visitor, String link, Protection protection, SourceId source, String way)
      throws DeniedException {
    try {
      return links.admit(link, source, way);
    } catch (DeniedException ofLink) {
      try {
        return admitByName(visitor, protection, source, way);
      } catch (DeniedException ofName) {
        throw ofLink; // it was the link that they came with
      }
    }
  }

  private Grant admitByName(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    Identity who = identifyViewer(visitor);
    check(who.caller(), protection, source);
    checkOrigin(visitor, who.caller(), source, way);
    return hold(visitor, who);
  }

  /**
   * For what stays open for as long as the visitor is who they are; whether they may have it is the
   * caller's to ask.
   */
  public Grant hold(Visitor visitor) throws RefusedException {
    return hold(visitor, identify(visitor));
  }

  private Grant hold(Visitor visitor, Identity who) {
    if (who.grounds().isEmpty()) {
      return OPEN;
    }
    Grant grant = grants.open(who.grounds(), OptionalInt.empty()).orElseThrow();
    if (!caller(visitor).equals(who.caller())) { // changed in between
      grants.end(who.grounds().get(0));
    }
    return grant;
  }

  private Identity identifyViewer(Visitor visitor) throws DeniedException {
    try {
      return identify(visitor);
    } catch (RefusedException e) {
      throw new DeniedException(DeniedException.Reason.UNKNOWN, e.getMessage());
    }
  }

  private static void check(Caller caller, Protection protection, SourceId source)
      throws DeniedException {
    boolean isForLinks = protection == Protection.LINK;
    if (caller.role() == Role.NOBODY) {
      throw new DeniedException(
          DeniedException.Reason.UNKNOWN,
          isForLinks
              ? "this source is watched by a link; ask for one"
              : "this source is for those who are signed in, or have a link");
    }
    if (isForLinks && !caller.role().covers(Role.OPERATOR)) {
      throw new DeniedException(
          DeniedException.Reason.FORBIDDEN, "this source is watched by a link; ask for one");
    }
    if (!caller.mayWatch(source)) {
      throw new DeniedException(
          DeniedException.Reason.FORBIDDEN, "this source is not among those you may watch");
    }
  }

  private void checkOrigin(Visitor visitor, Caller caller, SourceId source, String way)
      throws DeniedException {
    boolean isAmbient = caller.via() == Via.SESSION || caller.via() == Via.CONTAINER;
    if (isAmbient
        && SOCKETS.contains(way)
        && !Origins.isOwnOrOneOf(visitor, origins.apply(source))) {
      throw new DeniedException(
          DeniedException.Reason.FORBIDDEN,
          "a page of another origin may not watch this source with your session; name it in the"
              + " source's key origins");
    }
  }

  // Signing in and out.

  /** Whether this is the first start, and the first account is yet to be made. */
  public boolean isSetupDue() {
    return setupToken.isPresent() && ledger.kept().accounts().isEmpty();
  }

  /**
   * Gets ready for the first account, if there is none.
   *
   * @param adminPassword sets that of the account {@code admin}, which is made if it is missing
   * @return what {@link #setUp} takes, once; empty if there are accounts
   */
  public synchronized Optional<String> begin(Optional<String> adminPassword) {
    if (adminPassword.isPresent()) {
      try {
        accounts.setAdminPassword(adminPassword.get());
      } catch (RefusedException e) {
        LOG.log(Level.ERROR, "the password of admin is not set: {0}", e.getMessage());
      }
    }
    boolean isDue = accounts.all().isEmpty() && !ledger.isBroken();
    setupToken = isDue ? Optional.of(RandomText.key()) : Optional.empty();
    return setupToken;
  }

  /** Makes the first account, an administrator, and signs it in. */
  public SignedIn setUp(Visitor visitor, String token, String name, String password)
      throws RefusedException {
    synchronized (this) {
      if (setupToken.isEmpty()) {
        throw new RefusedException(Reason.CONFLICT, "the setup is done: sign in");
      }
      signIn.checkPatience(visitor.address());
      if (!RandomText.isSame(token, setupToken.get())) {
        signIn.guessedWrong(visitor.address());
        throw new RefusedException(
            Reason.WRONG, "the setup's token is not right; the log has the link");
      }
      accounts.makeFirst(name, password);
      setupToken = Optional.empty();
    }
    return beginSession(visitor, accounts.named(name).orElseThrow());
  }

  /** Signs somebody in; a session that the visitor has already ends. */
  public SignedIn signIn(Visitor visitor, String name, String password) throws RefusedException {
    return beginSession(visitor, signIn.check(name, password, visitor.address()));
  }

  private SignedIn beginSession(Visitor visitor, Account account) {
    signOut(visitor);
    List<Session> ended = new ArrayList<>();
    Session session = sessions.begin(account.name(), ended);
    ended.forEach(old -> grants.end(ground(old)));
    accounts.signedIn(account.name());
    return new SignedIn(caller(account, Via.SESSION), session.id(), session.csrf());
  }

  /** Ends the visitor's session, with all that is open by it. Without effect if there is none. */
  public void signOut(Visitor visitor) {
    visitor
        .session()
        .flatMap(sessions::find)
        .ifPresent(
            session -> {
              sessions.end(session);
              grants.end(ground(session));
            });
  }

  /** What pages of the visitor's session have to show when they change something. */
  public Optional<String> csrf(Visitor visitor) {
    return visitor.session().flatMap(sessions::find).map(Session::csrf);
  }

  /**
   * Whether a request that changes something may have been made by a page of somebody else.
   *
   * @param shown the header {@code X-CSRF-Token}
   */
  public boolean isForged(Visitor visitor, Caller caller, Optional<String> shown) {
    return switch (caller.via()) {
      case SESSION ->
          !csrf(visitor)
              .map(csrf -> shown.map(text -> RandomText.isSame(csrf, text)).orElse(false))
              .orElse(false);
      case CONTAINER -> !Origins.isOwn(visitor);
      case NONE, TOKEN, BASIC -> false;
    };
  }

  /** Changes the password of the caller's account; its other sessions end. */
  public void changePassword(Visitor visitor, Caller caller, String old, String wanted)
      throws RefusedException {
    if (caller.via() != Via.SESSION && caller.via() != Via.BASIC) {
      throw new RefusedException(
          Reason.CONFLICT, "who came by a token, or by the container, has no password here");
    }
    Account account = signIn.check(caller.name(), old, visitor.address());
    accounts.setPassword(account.name(), wanted, visitor.session().flatMap(sessions::find));
  }

  // What time brings.

  /** Ends what is over, and sees what was changed by hand; to be called about every 0.5 s. */
  public void tick() {
    Kept before = ledger.kept();
    if (ledger.look()) {
      follow(before, ledger.kept());
    }
    sessions
        .tidy(session -> grants.count(ground(session)) > 0)
        .forEach(session -> grants.end(ground(session)));
    tokens.tidy();
    links.tidy();
    long now = nanos.getAsLong();
    if (now - flushedNanos >= FLUSH_NANOS) {
      flushedNanos = now;
      ledger.flush();
    }
  }

  /** Ends what stood on something that is not as it was. */
  private void follow(Kept before, Kept after) {
    LOG.log(Level.INFO, "accounts, tokens and links were changed by hand");
    before
        .accounts()
        .forEach(
            (name, account) ->
                accounts.changed(account, Optional.ofNullable(after.accounts().get(name))));
    before
        .tokens()
        .forEach(
            (id, token) -> {
              if (!after.tokens().containsKey(id) || !token.isAs(after.tokens().get(id))) {
                grants.end(Tokens.ground(id));
              }
            });
    before
        .links()
        .forEach(
            (id, link) -> {
              if (!link.equals(after.links().get(id)) || !before.key().equals(after.key())) {
                grants.end(Links.ground(id));
              }
            });
  }

  /** Writes what was noted. */
  @Override
  public void close() {
    ledger.flush();
  }
}
