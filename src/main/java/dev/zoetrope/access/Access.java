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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who somebody is and what they may do: the one place for all doors and the API. Thread-safe. A
 * password takes some 50 ms; what changes something waits for the disk; the rest waits for nothing.
 */
public final class Access implements Gate, NodeGate, AutoCloseable {
  /** The cookie of sessions. */
  public static final String COOKIE = "zoetrope-session";

  private static final Logger LOG = System.getLogger(Access.class.getName());
  private static final long FLUSH_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Somebody who has signed in: the new session's cookie, and what its pages have to show. */
  public record SignedIn(Caller caller, String cookie, String csrf) {}

  private final Ledger ledger;
  private final LongSupplier nanos;
  private final Sessions sessions;
  private final Grants grants = new Grants();
  private final Accounts accounts;
  private final Tokens tokens;
  private final Links links;
  private final NodeKeys nodeKeys;
  private final SignIn signIn;
  private final Callers callers;
  private final Admission admission;
  private final NodeAdmission nodeAdmission;
  private final Setup setup;
  private long flushedNanos; // confined to tick()

  /**
   * Reads who there is. What cannot be read is logged; then nobody has an account until the store
   * is mended.
   *
   * @param adminToken the newest of {@code secrets.yaml}; waits for nothing
   * @param origins of pages whose scripts may watch a source as who looks at them
   * @param nanos a clock that never jumps
   */
  public Access(
      Store store,
      Supplier<Optional<Secret>> adminToken,
      Function<SourceId, List<String>> origins,
      Clock clock,
      LongSupplier nanos) {
    this(store, adminToken, origins, clock, nanos, Passwords.COST);
  }

  Access(
      Store store,
      Supplier<Optional<Secret>> adminToken,
      Function<SourceId, List<String>> origins,
      Clock clock,
      LongSupplier nanos,
      int cost) {
    ledger = new Ledger(store);
    this.nanos = nanos;
    Passwords passwords = new Passwords(cost);
    sessions = new Sessions(nanos);
    accounts = new Accounts(ledger, passwords, sessions, grants, clock);
    tokens = new Tokens(ledger, grants, clock);
    links = new Links(ledger, grants, clock);
    nodeKeys = new NodeKeys(ledger, grants, links, clock);
    signIn = new SignIn(accounts, passwords, nanos);
    callers = new Callers(adminToken, sessions, accounts, tokens, signIn, grants);
    admission = new Admission(callers, links, grants, origins);
    nodeAdmission = new NodeAdmission(nodeKeys, nanos);
    setup = new Setup(ledger, accounts, signIn);
    flushedNanos = nanos.getAsLong();
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

  public NodeKeys nodeKeys() {
    return nodeKeys;
  }

  // Who somebody is, and what they may watch.

  /** Who this is; nobody, too, while wrong passwords make them wait. */
  public Caller caller(Visitor visitor) {
    try {
      return callerNow(visitor);
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
    return callers.identify(visitor).caller();
  }

  @Override
  public Grant admit(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    return admission.admit(visitor, protection, source, way);
  }

  @Override
  public void check(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    admission.check(visitor, protection, source, way);
  }

  @Override
  public Grant admitPublisher(String link, SourceId source) throws DeniedException {
    return admission.admitPublisher(link, source);
  }

  @Override
  public NodeGrant admitNode(Visitor visitor) throws DeniedException {
    return nodeAdmission.admitNode(visitor);
  }

  /**
   * For what stays open for as long as the visitor is who they are.
   *
   * @return empty if they are less than {@code needed}
   * @throws RefusedException as for {@link #callerNow}
   */
  public Optional<Grant> hold(Visitor visitor, Role needed) throws RefusedException {
    if (needed == Role.NOBODY) {
      throw new IllegalArgumentException("nobody has nothing that could end");
    }
    Identity who = callers.identify(visitor);
    return who.caller().role().covers(needed)
        ? Optional.of(admission.hold(visitor, who))
        : Optional.empty();
  }

  // Signing in and out.

  /** Whether this is the first start, and the first account is yet to be made. */
  public boolean isSetupDue() {
    return setup.isDue();
  }

  /**
   * Gets ready for the first account, if there is none.
   *
   * @param adminPassword sets that of the account {@code admin}, which is made if it is missing
   * @return what {@link #setUp} takes, once; empty if there are accounts
   */
  public Optional<String> begin(Optional<String> adminPassword) {
    return setup.begin(adminPassword);
  }

  /** Makes the first account, an administrator, and signs it in. */
  public SignedIn setUp(Visitor visitor, String token, String name, String password)
      throws RefusedException {
    return beginSession(visitor, setup.finish(visitor, token, name, password));
  }

  /** Signs somebody in; a session that the visitor has already ends. */
  public SignedIn signIn(Visitor visitor, String name, String password) throws RefusedException {
    return beginSession(visitor, signIn.check(name, password, visitor.address()));
  }

  private SignedIn beginSession(Visitor visitor, Account account) throws RefusedException {
    signOut(visitor);
    List<Session> ended = new ArrayList<>();
    Session session = sessions.begin(account.name(), ended);
    ended.forEach(old -> grants.end(Callers.ground(old)));
    boolean isSame =
        accounts
            .named(account.name())
            .map(now -> now.passwordHash().equals(account.passwordHash()))
            .orElse(false);
    if (!isSame) { // changed since it was checked: whoever did so ended what there was
      sessions.end(session);
      throw new RefusedException(Reason.WRONG, "the account was changed at this moment");
    }
    accounts.signedIn(account.name());
    return new SignedIn(Callers.caller(account, Via.SESSION), session.id(), session.csrf());
  }

  /** Ends the visitor's session, with all that is open by it. Without effect if there is none. */
  public void signOut(Visitor visitor) {
    visitor
        .session()
        .flatMap(sessions::find)
        .ifPresent(
            session -> {
              sessions.end(session);
              grants.end(Callers.ground(session));
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
      case CONTAINER, BASIC -> !Origins.isOwn(visitor); // browsers send along what they remember
      case NONE, TOKEN -> false;
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
        .tidy(session -> grants.count(Callers.ground(session)) > 0)
        .forEach(session -> grants.end(Callers.ground(session)));
    callers.tidy();
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
    LOG.log(Level.INFO, "accounts, tokens, links and node keys were changed by hand");
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
    before
        .nodeKeys()
        .forEach(
            (id, key) -> {
              if (!after.nodeKeys().containsKey(id) || !key.isAs(after.nodeKeys().get(id))) {
                grants.end(NodeKeys.ground(id));
              }
            });
  }

  /** Writes what was noted. */
  @Override
  public void close() {
    ledger.flush();
  }
}
