package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.access.World.Watching;
import dev.zoetrope.media.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
  private static final Visitor STRANGER = Asking.stranger();

  private static Reason refusal(ThrowingCallable call) {
    return catchThrowableOfType(RefusedException.class, call).reason();
  }

  private static DeniedException.Reason denial(ThrowingCallable call) {
    return catchThrowableOfType(DeniedException.class, call).reason();
  }

  // The first account.

  @Test
  void setupWorksOnceWithItsTokenAlone() throws Exception {
    World world = new World();
    String token = world.access.begin(Optional.empty()).orElseThrow();
    assertThat(world.access.isSetupDue()).isTrue();

    assertThat(refusal(() -> world.access.setUp(STRANGER, "wrong", "root", World.PASSWORD)))
        .isEqualTo(Reason.WRONG);
    assertThat(refusal(() -> world.access.setUp(STRANGER, token, "root", World.PASSWORD)))
        .isEqualTo(Reason.TOO_SOON);
    world.pass(Duration.ofSeconds(1));
    assertThat(refusal(() -> world.access.setUp(STRANGER, token, "Root", World.PASSWORD)))
        .isEqualTo(Reason.MISTAKES);
    assertThat(refusal(() -> world.access.setUp(STRANGER, token, "root", "short")))
        .isEqualTo(Reason.MISTAKES);
    Access.SignedIn signedIn = world.access.setUp(STRANGER, token, "root", World.PASSWORD);

    assertThat(signedIn.caller().role()).isEqualTo(Role.ADMIN);
    assertThat(world.access.caller(Asking.session(signedIn.cookie())).name()).isEqualTo("root");
    assertThat(world.access.isSetupDue()).isFalse();
    assertThat(refusal(() -> world.access.setUp(STRANGER, token, "other", World.PASSWORD)))
        .isEqualTo(Reason.CONFLICT);
    assertThat(world.open().begin(Optional.empty())).isEmpty();
  }

  @Test
  void environmentSetsThePasswordOfAdmin() throws Exception {
    World world = new World();

    assertThat(world.access.begin(Optional.of("first password"))).isEmpty();
    assertThat(world.access.caller(Asking.basic("admin", "first password")).role())
        .isEqualTo(Role.ADMIN);
    String hash = world.store.kept().accounts().get("admin").passwordHash();

    world.open().begin(Optional.of("first password"));
    assertThat(world.store.kept().accounts().get("admin").passwordHash()).isEqualTo(hash);
    Access again = world.open();
    again.begin(Optional.of("second password"));
    assertThat(again.caller(Asking.basic("admin", "second password")).role()).isEqualTo(Role.ADMIN);
    assertThat(again.caller(Asking.basic("admin", "first password"))).isEqualTo(Caller.NOBODY);
  }

  @Test
  void passwordThatCannotBeIsNotSetAndSetupIsDue() {
    World world = new World();

    assertThat(world.access.begin(Optional.of("short"))).isPresent();
    assertThat(world.access.accounts().all()).isEmpty();
  }

  // A store with a mistake.

  @Test
  void brokenStoreLetsNobodyInAndOffersNoSetup() throws Exception {
    World world = new World().peopled();
    world.store.spoil();
    Access access = world.open();

    assertThat(access.begin(Optional.of("a new password"))).isEmpty();

    assertThat(access.isSetupDue()).isFalse();
    assertThat(access.caller(Asking.basic("root", World.PASSWORD))).isEqualTo(Caller.NOBODY);
    assertThat(access.caller(Asking.basic("admin", "a new password"))).isEqualTo(Caller.NOBODY);
    assertThat(access.caller(Asking.bearer("t0ken")).role()).isEqualTo(Role.ADMIN);
    assertThat(
            refusal(
                () ->
                    access
                        .accounts()
                        .put("eve", Role.ADMIN, Set.of(), Optional.of(World.PASSWORD))))
        .isEqualTo(Reason.NOT_WRITTEN);
    assertThat(access.accounts().all()).isEmpty();
  }

  @Test
  void storeThatBreaksLaterLeavesAllAsItWas() throws Exception {
    World world = new World().peopled();
    Visitor root = world.session("root");
    world.store.spoil();

    world.access.tick();

    assertThat(world.access.caller(root).role()).isEqualTo(Role.ADMIN);
    assertThat(world.access.isSetupDue()).isFalse();
  }

  @Test
  void fullDiskChangesNothingButTakesRightsAwayAtOnce() throws Exception {
    World world = new World().peopled();
    Visitor vera = world.session("vera");
    Watching watching = world.watch(vera, Protection.SIGNED_IN);
    world.store.fill(true);

    assertThat(
            refusal(
                () ->
                    world
                        .access
                        .accounts()
                        .put("eve", Role.VIEWER, Set.of(), Optional.of(World.PASSWORD))))
        .isEqualTo(Reason.NOT_WRITTEN);
    assertThat(world.access.accounts().named("eve")).isEmpty();
    assertThat(refusal(() -> world.access.accounts().delete("vera"))).isEqualTo(Reason.NOT_WRITTEN);

    assertThat(world.access.caller(vera)).isEqualTo(Caller.NOBODY);
    assertThat(watching.cuts()).isEqualTo(1);
    world.store.fill(false);
    world.pass(Duration.ofMinutes(1));
    assertThat(world.store.kept().accounts()).doesNotContainKey("vera");
  }

  @Test
  void changesByHandAreFollowed() throws Exception {
    World world = new World().peopled();
    Visitor vera = world.session("vera");
    Watching watching = world.watch(vera, Protection.SIGNED_IN);
    world.store.change(world.store.kept().withoutAccount("vera"));

    world.access.tick();

    assertThat(world.access.caller(vera)).isEqualTo(Caller.NOBODY);
    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(world.access.accounts().named("root")).isPresent();
  }

  // Who somebody is.

  @Test
  void bearerBasicSessionAndContainerAreKnown() throws Exception {
    World world = new World().peopled();
    Access access = world.access;
    Tokens.Made token =
        access.tokens().make("recorder", Role.VIEWER, Set.of(World.GATE), Optional.empty());

    assertThat(access.caller(Asking.bearer("t0ken")))
        .isEqualTo(new Caller("admin-token", Role.ADMIN, Set.of(), Caller.Via.TOKEN));
    assertThat(access.caller(Asking.bearer(token.text())))
        .isEqualTo(new Caller("recorder", Role.VIEWER, Set.of(World.GATE), Caller.Via.TOKEN));
    assertThat(access.caller(Asking.basic("olga", World.PASSWORD)))
        .isEqualTo(new Caller("olga", Role.OPERATOR, Set.of(), Caller.Via.BASIC));
    assertThat(access.caller(world.session("vera")))
        .isEqualTo(new Caller("vera", Role.VIEWER, Set.of(World.GATE), Caller.Via.SESSION));
    assertThat(access.caller(Asking.ofContainer("carl", "zoetrope-operator")))
        .isEqualTo(new Caller("carl", Role.OPERATOR, Set.of(), Caller.Via.CONTAINER));
    assertThat(access.caller(Asking.ofContainer("vera", "zoetrope-viewer")).sources())
        .containsExactly(World.GATE);
    assertThat(access.caller(Asking.ofContainer("carl", "manager"))).isEqualTo(Caller.NOBODY);
    assertThat(access.caller(STRANGER)).isEqualTo(Caller.NOBODY);
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer wrong",
    "Bearer ",
    "Bearer",
    "Basic ???",
    "Basic cm9vdA==",
    "Digest x",
    "''",
    "Bearer zoetrope-0123456789abcdef-x",
    "Basic cm9vdDp3cm9uZyBwYXNzd29yZA=="
  })
  void whatIsWrongIsNobody(String authorization) throws Exception {
    World world = new World().peopled();

    assertThat(world.access.caller(Asking.authorized(authorization))).isEqualTo(Caller.NOBODY);
  }

  @Test
  void tokenIsKeptAsAHashUntilItExpiresOrIsTakenBack() throws Exception {
    World world = new World().peopled();
    Tokens tokens = world.access.tokens();
    Tokens.Made day =
        tokens.make("a day", Role.OPERATOR, Set.of(), Optional.of(Duration.ofDays(1)));
    Tokens.Made ever = tokens.make("ever", Role.OPERATOR, Set.of(), Optional.empty());
    assertThat(world.store.kept().toString()).doesNotContain(day.text());
    Watching byDay = world.watch(Asking.bearer(day.text()), Protection.SIGNED_IN);
    Watching byEver = world.watch(Asking.bearer(ever.text()), Protection.LINK);

    world.pass(Duration.ofDays(1));
    assertThat(world.access.caller(Asking.bearer(day.text()))).isEqualTo(Caller.NOBODY);
    assertThat(byDay.cuts()).isEqualTo(1);
    assertThat(byEver.cuts()).isZero();

    tokens.delete(ever.token().id());
    assertThat(world.access.caller(Asking.bearer(ever.text()))).isEqualTo(Caller.NOBODY);
    assertThat(byEver.cuts()).isEqualTo(1);
    assertThat(refusal(() -> tokens.delete(ever.token().id()))).isEqualTo(Reason.NOT_THERE);
  }

  @Test
  void adminTokenThatIsAnotherByNowIsNobodysAndEndsWhatItHasOpen() throws Exception {
    World world = new World().peopled();
    Visitor old = Asking.bearer("t0ken");
    Watching watching = world.watch(old, Protection.LINK);
    Watching reading = new Watching(world.access.hold(old, Role.ADMIN).orElseThrow());
    world.access.tick();
    assertThat(watching.cuts() + reading.cuts()).isZero();

    world.adminToken = Optional.of(new Secret("an0ther"));
    assertThat(world.access.caller(old)).isEqualTo(Caller.NOBODY);
    world.access.tick();

    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(reading.cuts()).isEqualTo(1);
    Watching fresh = world.watch(Asking.bearer("an0ther"), Protection.LINK);
    world.access.tick();
    assertThat(fresh.cuts()).isZero();
  }

  @Test
  void whatStaysOpenIsForWhoMayHaveItAtThatMoment() throws Exception {
    World world = new World().peopled();
    Visitor olga = world.session("olga");

    assertThat(world.access.hold(olga, Role.OPERATOR)).isPresent();
    assertThat(world.access.hold(olga, Role.ADMIN)).isEmpty();
    world.access.signOut(olga);
    assertThat(world.access.hold(olga, Role.OPERATOR)).isEmpty();
    assertThat(world.access.hold(STRANGER, Role.VIEWER)).isEmpty();
  }

  @Test
  void lastUseIsKept() throws Exception {
    World world = new World().peopled();
    Tokens.Made made =
        world.access.tokens().make("used", Role.OPERATOR, Set.of(), Optional.empty());
    assertThat(made.token().lastUsed()).isEmpty();

    world.access.caller(Asking.bearer(made.text()));
    world.pass(Duration.ofMinutes(2));

    Access again = world.open();
    assertThat(again.tokens().all().get(0).lastUsed())
        .hasValue(world.clock.instant().minus(Duration.ofMinutes(2)));
    assertThat(again.accounts().named("root").orElseThrow().lastSignIn()).isPresent();
    assertThat(again.caller(Asking.bearer(made.text())).name()).isEqualTo("used");
  }

  // Guessing.

  @Test
  void guessingGetsSlowAndTheRightPasswordHasToWaitAsWell() throws Exception {
    World world = new World().peopled();
    world.pass(Duration.ofMinutes(1));
    assertThat(refusal(() -> world.access.signIn(STRANGER, "vera", "a wrong one")))
        .isEqualTo(Reason.WRONG);

    RefusedException soon =
        catchThrowableOfType(
            RefusedException.class,
            () -> world.access.signIn(Asking.from("192.0.2.7"), "vera", World.PASSWORD));
    assertThat(soon.reason()).isEqualTo(Reason.TOO_SOON);
    assertThat(soon.patience()).isEqualTo(Duration.ofSeconds(1));
    assertThat(refusal(() -> world.access.signIn(STRANGER, "olga", World.PASSWORD)))
        .isEqualTo(Reason.TOO_SOON);
    assertThat(refusal(() -> world.access.signIn(STRANGER, "nobody", World.PASSWORD)))
        .isEqualTo(Reason.TOO_SOON);
    assertThatThrownBy(() -> world.access.callerNow(Asking.basic("vera", World.PASSWORD)))
        .isInstanceOf(RefusedException.class);

    world.pass(Duration.ofSeconds(1));
    assertThat(world.signIn("vera").caller().name()).isEqualTo("vera");
  }

  @Test
  void namesWithoutAccountAreSlowedTheSame() throws Exception {
    World world = new World().peopled();

    assertThat(refusal(() -> world.access.signIn(STRANGER, "ghost", "a wrong one")))
        .isEqualTo(Reason.WRONG);
    assertThat(refusal(() -> world.access.signIn(Asking.from("192.0.2.7"), "ghost", "a wrong one")))
        .isEqualTo(Reason.TOO_SOON);
  }

  @Test
  void basicThatWasRightIsNotSlowedByOthersForAMinute() throws Exception {
    World world = new World().peopled();
    Visitor olga = Asking.basic("olga", World.PASSWORD);
    assertThat(world.access.caller(olga).name()).isEqualTo("olga");
    assertThat(refusal(() -> world.access.signIn(STRANGER, "olga", "a wrong one")))
        .isEqualTo(Reason.WRONG);

    assertThat(world.access.caller(olga).name()).isEqualTo("olga");
    world.access.accounts().put("olga", Role.OPERATOR, Set.of(), Optional.of("another one"));
    assertThat(world.access.caller(olga)).isEqualTo(Caller.NOBODY);
  }

  /** Else everybody could try passwords of who uses Basic as quickly as they like. */
  @Test
  void basicThatWasRightIsAGuessWhereItDidNotComeFrom() throws Exception {
    World world = new World().peopled();
    Visitor olga = Asking.basic("olga", World.PASSWORD);
    assertThat(world.access.caller(olga).name()).isEqualTo("olga");
    assertThat(refusal(() -> world.access.signIn(STRANGER, "olga", "a wrong one")))
        .isEqualTo(Reason.WRONG);

    Visitor elsewhere = Asking.basicFrom("198.51.100.7", "olga", World.PASSWORD);

    assertThat(refusal(() -> world.access.callerNow(elsewhere))).isEqualTo(Reason.TOO_SOON);
  }

  @Test
  void networkOfAnAddress() {
    assertThat(SignIn.network("2001:db8:1:2:3:4:5:6"))
        .isEqualTo(SignIn.network("2001:db8:1:2::1"))
        .isNotEqualTo(SignIn.network("2001:db8:1:3::1"));
    assertThat(SignIn.network("192.0.2.1")).isNotEqualTo(SignIn.network("192.0.2.2"));
    assertThat(SignIn.network("no:address")).isEqualTo(SignIn.network("none::either::"));
  }

  // Sessions.

  @Test
  void sessionIsRotatedAtSignInAndEndsAtSignOut() throws Exception {
    World world = new World().peopled();
    Visitor first = world.session("vera");
    Watching watching = world.watch(first, Protection.SIGNED_IN);

    Visitor second = Asking.session(world.access.signIn(first, "vera", World.PASSWORD).cookie());
    assertThat(world.access.caller(first)).isEqualTo(Caller.NOBODY);
    assertThat(watching.cuts()).isEqualTo(1);

    Watching more = world.watch(second, Protection.SIGNED_IN);
    world.access.signOut(second);
    assertThat(world.access.caller(second)).isEqualTo(Caller.NOBODY);
    assertThat(more.cuts()).isEqualTo(1);
    world.access.signOut(second);
  }

  @Test
  void sessionEndsAfterTwelveIdleHoursUnlessSomebodyWatches() throws Exception {
    World world = new World().peopled();
    Visitor idle = world.session("vera");
    Visitor busy = world.session("vera");
    Watching watching = world.watch(busy, Protection.SIGNED_IN);

    for (int hour = 0; hour < 13; hour++) {
      world.pass(Duration.ofHours(1));
    }

    assertThat(world.access.caller(idle)).isEqualTo(Caller.NOBODY);
    assertThat(world.access.caller(busy).name()).isEqualTo("vera");
    for (int hour = 0; hour < 7 * 24; hour++) {
      world.pass(Duration.ofHours(1));
    }
    assertThat(world.access.caller(busy)).isEqualTo(Caller.NOBODY);
    assertThat(watching.cuts()).isEqualTo(1);
  }

  @Test
  void sessionsOfAnAccountAreBounded() throws Exception {
    World world = new World().peopled();
    List<Visitor> sessions = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      world.clock.pass(Duration.ofSeconds(1));
      sessions.add(world.session("olga"));
    }

    assertThat(world.access.caller(sessions.get(0))).isEqualTo(Caller.NOBODY);
    assertThat(world.access.caller(sessions.get(1)).name()).isEqualTo("olga");
    assertThat(world.access.caller(sessions.get(50)).name()).isEqualTo("olga");
  }

  @Test
  void changesByACookieNeedTheTokenOfTheSession() throws Exception {
    World world = new World().peopled();
    Access.SignedIn vera = world.signIn("vera");
    Access.SignedIn olga = world.signIn("olga");
    Visitor visitor = Asking.session(vera.cookie());
    Caller caller = world.access.caller(visitor);

    assertThat(world.access.csrf(visitor)).hasValue(vera.csrf());
    assertThat(world.access.isForged(visitor, caller, Optional.of(vera.csrf()))).isFalse();
    assertThat(world.access.isForged(visitor, caller, Optional.of(olga.csrf()))).isTrue();
    assertThat(world.access.isForged(visitor, caller, Optional.of(""))).isTrue();
    assertThat(world.access.isForged(visitor, caller, Optional.empty())).isTrue();
  }

  @Test
  void whatBrowsersRememberChangesNothingForPagesOfOthers() throws Exception {
    World world = new World().peopled();
    Visitor basic = Asking.basic("vera", World.PASSWORD);
    Visitor container = Asking.ofContainer("carl", "zoetrope-operator");

    for (Visitor visitor : List.of(basic, container)) {
      Caller caller = world.access.caller(visitor);
      Visitor own = Asking.ofPage(visitor, "https://zoetrope.example:8080");
      assertThat(world.access.isForged(visitor, caller, Optional.empty())).isFalse();
      assertThat(world.access.isForged(own, caller, Optional.empty())).isFalse();
      for (String origin : List.of("https://evil.example", "https://zoetrope.example", "null")) {
        Visitor forged = Asking.ofPage(visitor, origin);
        assertThat(world.access.isForged(forged, caller, Optional.empty())).isTrue();
        assertThat(
                denial(
                    () ->
                        world.access.admit(
                            forged.openingSocket(), Protection.SIGNED_IN, World.GATE, "fmp4")))
            .isEqualTo(DeniedException.Reason.FORBIDDEN);
      }
    }
    Visitor token = Asking.ofPage(Asking.bearer("t0ken"), "https://evil.example");
    assertThat(world.access.isForged(token, world.access.caller(token), Optional.empty()))
        .as("no browser remembers it")
        .isFalse();
  }

  // Accounts.

  @Test
  void lastAdministratorStays() throws Exception {
    World world = new World().peopled();
    Accounts accounts = world.access.accounts();

    assertThat(refusal(() -> accounts.delete("root"))).isEqualTo(Reason.CONFLICT);
    assertThat(refusal(() -> accounts.put("root", Role.OPERATOR, Set.of(), Optional.empty())))
        .isEqualTo(Reason.CONFLICT);
    accounts.put("second", Role.ADMIN, Set.of(), Optional.of(World.PASSWORD));
    accounts.delete("root");
    assertThat(refusal(() -> accounts.delete("second"))).isEqualTo(Reason.CONFLICT);
    assertThat(accounts.all()).extracting(Account::name).containsExactly("olga", "second", "vera");
  }

  @Test
  void accountIsMadeWithAPasswordAndChangedWithoutOne() throws Exception {
    World world = new World().peopled();
    Accounts accounts = world.access.accounts();
    Visitor vera = world.session("vera");

    assertThat(refusal(() -> accounts.put("new", Role.VIEWER, Set.of(), Optional.empty())))
        .isEqualTo(Reason.MISTAKES);
    assertThat(accounts.put("new", Role.VIEWER, Set.of(), Optional.of(World.PASSWORD))).isTrue();
    assertThat(accounts.put("vera", Role.VIEWER, Set.of(World.YARD), Optional.empty())).isFalse();

    assertThat(world.access.caller(vera).sources()).containsExactly(World.YARD);
    assertThat(refusal(() -> accounts.delete("ghost"))).isEqualTo(Reason.NOT_THERE);
    for (String name : List.of("", "A", "a b", "a/b", "a".repeat(65), "ü")) {
      assertThat(
              refusal(() -> accounts.put(name, Role.VIEWER, Set.of(), Optional.of(World.PASSWORD))))
          .isEqualTo(Reason.MISTAKES);
    }
  }

  @Test
  void accountIsChangedOnlyAsItWasGot() throws Exception {
    World world = new World().peopled();
    Accounts accounts = world.access.accounts();
    String first = accounts.named("vera").orElseThrow().tag();
    world.signIn("vera");
    assertThat(accounts.named("vera").orElseThrow().tag())
        .as("a sign-in changes nothing of it")
        .isEqualTo(first)
        .matches("\"[0-9a-f]{24}\"");

    accounts.put("vera", Role.VIEWER, Set.of(), Optional.empty(), Optional.of("W/\"x\", " + first));
    String second = accounts.named("vera").orElseThrow().tag();
    assertThat(second).isNotEqualTo(first);
    accounts.put("vera", Role.VIEWER, Set.of(), Optional.of("another one"));
    assertThat(accounts.named("vera").orElseThrow().tag()).isNotEqualTo(second);

    for (String old : List.of(first, second, "", "x")) {
      assertThat(
              refusal(
                  () ->
                      accounts.put(
                          "vera", Role.ADMIN, Set.of(), Optional.empty(), Optional.of(old))))
          .isEqualTo(Reason.CHANGED_SINCE);
      assertThat(refusal(() -> accounts.delete("vera", Optional.of(old))))
          .isEqualTo(Reason.CHANGED_SINCE);
    }
    assertThat(
            refusal(
                () ->
                    accounts.put(
                        "new",
                        Role.VIEWER,
                        Set.of(),
                        Optional.of(World.PASSWORD),
                        Optional.of("*"))))
        .as("there is none to be changed")
        .isEqualTo(Reason.CHANGED_SINCE);
    assertThat(accounts.named("vera").orElseThrow().role()).isEqualTo(Role.VIEWER);
    accounts.delete("vera", Optional.of("*"));
    assertThat(accounts.named("vera")).isEmpty();
  }

  @Test
  void whatIsChangedAboutAnAccountEndsWhatItHasOpen() throws Exception {
    World world = new World().peopled();
    Accounts accounts = world.access.accounts();
    Visitor session = world.session("vera");
    Watching bySession = world.watch(session, Protection.SIGNED_IN);
    Watching byBasic = world.watch(Asking.basic("vera", World.PASSWORD), Protection.SIGNED_IN);

    accounts.put("vera", Role.VIEWER, Set.of(World.GATE), Optional.empty());
    assertThat(bySession.cuts() + byBasic.cuts()).isZero();
    accounts.put("vera", Role.VIEWER, Set.of(World.YARD), Optional.empty());
    assertThat(bySession.cuts()).isEqualTo(1);
    assertThat(byBasic.cuts()).isEqualTo(1);
    assertThat(world.access.caller(session).name()).isEqualTo("vera");

    accounts.put("vera", Role.VIEWER, Set.of(World.GATE), Optional.of("another one"));
    assertThat(world.access.caller(session)).isEqualTo(Caller.NOBODY);
  }

  @Test
  void ownPasswordIsChangedAndOtherSessionsEnd() throws Exception {
    World world = new World().peopled();
    Visitor own = world.session("vera");
    Visitor other = world.session("vera");
    Watching ownWatching = world.watch(own, Protection.SIGNED_IN);
    Watching otherWatching = world.watch(other, Protection.SIGNED_IN);
    Watching byPassword = world.watch(Asking.basic("vera", World.PASSWORD), Protection.SIGNED_IN);
    Caller vera = world.access.caller(own);

    assertThat(refusal(() -> world.access.changePassword(own, vera, "wrong one", "another one")))
        .isEqualTo(Reason.WRONG);
    world.pass(Duration.ofSeconds(1));
    assertThat(refusal(() -> world.access.changePassword(own, vera, World.PASSWORD, "short")))
        .isEqualTo(Reason.MISTAKES);
    world.access.changePassword(own, vera, World.PASSWORD, "another one");

    assertThat(world.access.caller(own)).isEqualTo(vera);
    assertThat(ownWatching.cuts()).isZero();
    assertThat(world.access.caller(other)).isEqualTo(Caller.NOBODY);
    assertThat(otherWatching.cuts()).isEqualTo(1);
    assertThat(byPassword.cuts()).as("by the old password").isEqualTo(1);
    assertThat(world.access.caller(Asking.basic("vera", "another one")).name()).isEqualTo("vera");
    Visitor token = Asking.bearer("t0ken");
    assertThat(
            refusal(
                () ->
                    world.access.changePassword(
                        token, world.access.caller(token), "old password", "new password")))
        .isEqualTo(Reason.CONFLICT);
  }

  // Watching.

  @Test
  void eachRoleWatchesWhatItMay() throws Exception {
    World world = new World().peopled();
    Visitor vera = world.session("vera");
    Visitor olga = world.session("olga");
    Access access = world.access;

    access.admit(STRANGER, Protection.PUBLIC, World.GATE, "gif").close();
    assertThat(denial(() -> access.admit(STRANGER, Protection.SIGNED_IN, World.GATE, "gif")))
        .isEqualTo(DeniedException.Reason.UNKNOWN);
    assertThat(denial(() -> access.admit(STRANGER, Protection.LINK, World.GATE, "gif")))
        .isEqualTo(DeniedException.Reason.UNKNOWN);
    access.admit(vera, Protection.SIGNED_IN, World.GATE, "gif").close();
    assertThat(denial(() -> access.admit(vera, Protection.SIGNED_IN, World.YARD, "gif")))
        .isEqualTo(DeniedException.Reason.FORBIDDEN);
    assertThat(denial(() -> access.admit(vera, Protection.LINK, World.GATE, "gif")))
        .isEqualTo(DeniedException.Reason.FORBIDDEN);
    for (Protection protection : Protection.values()) {
      access.admit(olga, protection, World.YARD, "gif").close();
      access.admit(Asking.bearer("t0ken"), protection, World.YARD, "gif").close();
    }
  }

  @Test
  void socketsOfOtherPagesDoNotGetInByASession() throws Exception {
    World world = new World().peopled();
    String cookie = world.signIn("olga").cookie();
    Access access = world.access;
    Visitor image = Asking.sessionFrom(cookie, "https://evil.example");
    Visitor own = Asking.sessionFrom(cookie, "https://zoetrope.example:8080").openingSocket();
    Visitor friend = Asking.sessionFrom(cookie, "https://home.example").openingSocket();
    Visitor evil = image.openingSocket();
    Visitor program = Asking.session(cookie).openingSocket();

    for (String way : List.of("fmp4", "mpeg1", "mjpeg")) {
      access.admit(own, Protection.SIGNED_IN, World.GATE, way).close();
      access.admit(program, Protection.SIGNED_IN, World.GATE, way).close();
      access.admit(friend, Protection.SIGNED_IN, World.YARD, way).close();
      access.admit(evil, Protection.PUBLIC, World.GATE, way).close();
      assertThat(denial(() -> access.admit(friend, Protection.LINK, World.GATE, way)))
          .isEqualTo(DeniedException.Reason.FORBIDDEN);
      assertThat(denial(() -> access.admit(evil, Protection.SIGNED_IN, World.GATE, way)))
          .isEqualTo(DeniedException.Reason.FORBIDDEN);
    }
    access.admit(image, Protection.SIGNED_IN, World.GATE, "mjpeg").close(); // it tells nothing
  }

  @Test
  void linkThatIsOfNoUseKeepsNobodyOutWhoMayComeInWithout() throws Exception {
    World world = new World().peopled();
    Visitor withOldLink = Asking.linkAndSession("b2xk.signature", world.signIn("olga").cookie());

    world.access.admit(withOldLink, Protection.LINK, World.GATE, "gif").close();
    assertThat(
            denial(
                () ->
                    world.access.admit(
                        Asking.link("b2xk.signature"), Protection.LINK, World.GATE, "gif")))
        .isEqualTo(DeniedException.Reason.FORBIDDEN);
  }

  @Test
  void grantThatWasClosedIsNotCutAndOneThatEndedIsCutAtOnce() throws Exception {
    World world = new World().peopled();
    Visitor vera = world.session("vera");
    Watching left = world.watch(vera, Protection.SIGNED_IN);
    Grant late = world.access.admit(vera, Protection.SIGNED_IN, World.GATE, "gif");
    List<String> cuts = new ArrayList<>();

    left.grant.close();
    left.grant.close();
    world.access.signOut(vera);
    late.onEnd(() -> cuts.add("late"));

    assertThat(left.cuts()).isZero();
    assertThat(cuts).containsExactly("late");
  }

  @Test
  void oneDoorThatFailsKeepsNoOtherOpen() throws Exception {
    World world = new World().peopled();
    Visitor vera = world.session("vera");
    world
        .access
        .admit(vera, Protection.SIGNED_IN, World.GATE, "gif")
        .onEnd(
            () -> {
              throw new IllegalStateException("a door that sticks");
            });
    Watching watching = world.watch(vera, Protection.SIGNED_IN);

    world.access.signOut(vera);

    assertThat(watching.cuts()).isEqualTo(1);
  }
}
