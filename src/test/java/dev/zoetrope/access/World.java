package dev.zoetrope.access;

import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An Access with its time and its store, and people who are known to it. */
final class World {
  static final SourceId GATE = new SourceId("gate");
  static final SourceId YARD = new SourceId("yard");
  static final String PASSWORD = "correct horse";

  final TestClock clock = new TestClock();
  final MemoryStore store = new MemoryStore();
  Optional<Secret> adminToken = Optional.of(new Secret("t0ken"));
  final Access access = open();

  /** As after a restart. */
  Access open() {
    return new Access(
        store,
        () -> adminToken,
        id -> id.equals(YARD) ? List.of("https://home.example") : List.of(),
        clock,
        clock::nanos,
        4);
  }

  /** With an administrator, an operator, and a viewer of the gate; their passwords are the same. */
  World peopled() throws RefusedException {
    String token = access.begin(Optional.empty()).orElseThrow();
    access.setUp(Asking.stranger(), token, "root", PASSWORD);
    access.accounts().put("olga", Role.OPERATOR, Set.of(), Optional.of(PASSWORD));
    access.accounts().put("vera", Role.VIEWER, Set.of(GATE), Optional.of(PASSWORD));
    return this;
  }

  Access.SignedIn signIn(String name) throws RefusedException {
    return access.signIn(Asking.stranger(), name, PASSWORD);
  }

  /** The cookie of a new session. */
  Visitor session(String name) throws RefusedException {
    return Asking.session(signIn(name).cookie());
  }

  /** A grant that counts how often it was cut. */
  Watching watch(Visitor visitor, Protection protection) throws DeniedException {
    return new Watching(access.admit(visitor, protection, GATE, "mjpeg"));
  }

  void pass(Duration time) {
    clock.pass(time);
    access.tick();
  }

  static final class Watching {
    final Grant grant;
    private final List<String> cuts = new ArrayList<>();

    Watching(Grant grant) {
      this.grant = grant;
      grant.onEnd(() -> cuts.add("cut"));
    }

    int cuts() {
      return cuts.size();
    }
  }
}
