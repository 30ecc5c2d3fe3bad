package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.zoetrope.access.RefusedException.Reason;
import dev.zoetrope.access.World.Watching;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have sources of this node. */
class NodeKeysTest {
  private static final SourceId OTHER = new SourceId("other");

  private final World world = new World();
  private final NodeKeys keys = world.access.nodeKeys();

  private NodeGrant admit(String key) throws DeniedException {
    return world.access.admitNode(Asking.bearer(key));
  }

  private DeniedException denial(Visitor visitor) {
    DeniedException denied =
        catchThrowableOfType(DeniedException.class, () -> world.access.admitNode(visitor));
    assertThat(denied.reason()).isEqualTo(DeniedException.Reason.UNKNOWN);
    return denied;
  }

  private static Visitor from(String address, String key) {
    Visitor there = Asking.from(address);
    return new Visitor(
        Optional.of("Bearer " + key),
        there.session(),
        there.link(),
        there.principal(),
        there.isInRole(),
        address,
        there.origin(),
        there.host());
  }

  @Test
  void keyIsForItsSourcesOrForAll() throws Exception {
    String some = keys.make("edge 1", Set.of(World.GATE), OptionalInt.empty()).text();
    String all = keys.make("edge 2", Set.of(), OptionalInt.empty()).text();

    NodeGrant bySome = admit(some);
    NodeGrant byAll = admit(all);

    assertThat(bySome.keyName()).isEqualTo("edge 1");
    assertThat(bySome.mayHave(World.GATE)).isTrue();
    assertThat(bySome.mayHave(OTHER)).isFalse();
    assertThat(byAll.keyName()).isEqualTo("edge 2");
    assertThat(byAll.mayHave(OTHER)).isTrue();
  }

  @Test
  void keyIsKeptAsAHashAndGoodAfterARestart() throws Exception {
    NodeKeys.Made made = keys.make("edge", Set.of(World.GATE), OptionalInt.empty());

    Access again = world.open();

    assertThat(world.store.kept().toString()).doesNotContain(made.text());
    assertThat(again.nodeKeys().all()).containsExactly(made.key());
    assertThat(again.admitNode(Asking.bearer(made.text())).mayHave(World.GATE)).isTrue();
  }

  @Test
  void revokedKeyEndsItsFollowersAtOnceAndNoOthers() throws Exception {
    NodeKeys.Made made = keys.make("edge", Set.of(), OptionalInt.empty());
    NodeKeys.Made other = keys.make("other", Set.of(), OptionalInt.empty());
    Watching first = new Watching(admit(made.text()));
    Watching second = new Watching(admit(made.text()));
    Watching beside = new Watching(admit(other.text()));
    assertThat(keys.followers(made.key())).isEqualTo(2);

    keys.delete(made.key().id());

    assertThat(first.cuts()).isEqualTo(1);
    assertThat(second.cuts()).isEqualTo(1);
    assertThat(beside.cuts()).isZero();
    assertThat(keys.all()).extracting(NodeKey::title).containsExactly("other");
    assertThat(denial(Asking.bearer(made.text())).getMessage()).contains("not known, or was revok");
    RefusedException gone =
        catchThrowableOfType(RefusedException.class, () -> keys.delete(made.key().id()));
    assertThat(gone.reason()).isEqualTo(Reason.NOT_THERE);
  }

  @Test
  void followerThatHasGoneIsNotCounted() throws Exception {
    NodeKeys.Made made = keys.make("edge", Set.of(), OptionalInt.empty());
    NodeGrant grant = admit(made.text());
    Watching watching = new Watching(grant);

    grant.close();
    keys.delete(made.key().id());

    assertThat(keys.followers(made.key())).isZero();
    assertThat(watching.cuts()).isZero();
  }

  @Test
  void keyThatIsChangedByHandEndsItsFollowers() throws Exception {
    NodeKeys.Made renamed = keys.make("renamed", Set.of(World.GATE), OptionalInt.empty());
    NodeKeys.Made narrowed = keys.make("narrowed", Set.of(World.GATE, OTHER), OptionalInt.empty());
    NodeKeys.Made limited = keys.make("limited", Set.of(), OptionalInt.empty());
    NodeKeys.Made removed = keys.make("removed", Set.of(), OptionalInt.empty());
    Watching byRenamed = new Watching(admit(renamed.text()));
    Watching byNarrowed = new Watching(admit(narrowed.text()));
    Watching byLimited = new Watching(admit(limited.text()));
    Watching byRemoved = new Watching(admit(removed.text()));
    Kept kept = world.store.kept();
    NodeKey title = renamed.key();
    NodeKey fewer = narrowed.key();
    NodeKey less = limited.key();

    world.store.change(
        kept.withoutNodeKey(removed.key().id())
            .with(
                new NodeKey(
                    title.id(),
                    "called otherwise",
                    title.sources(),
                    title.limit(),
                    title.sha256(),
                    title.createdAt(),
                    title.lastUsed()))
            .with(
                new NodeKey(
                    fewer.id(),
                    fewer.title(),
                    Set.of(World.GATE),
                    fewer.limit(),
                    fewer.sha256(),
                    fewer.createdAt(),
                    fewer.lastUsed()))
            .with(
                new NodeKey(
                    less.id(),
                    less.title(),
                    less.sources(),
                    OptionalInt.of(NodeKey.LEAST_LIMIT),
                    less.sha256(),
                    less.createdAt(),
                    less.lastUsed())));
    world.access.tick();

    assertThat(byRenamed.cuts()).isZero();
    assertThat(byNarrowed.cuts()).isEqualTo(1);
    assertThat(byLimited.cuts()).isEqualTo(1);
    assertThat(byRemoved.cuts()).isEqualTo(1);
    assertThat(admit(narrowed.text()).mayHave(OTHER)).isFalse();
    assertThat(admit(limited.text()).limit()).hasValue(NodeKey.LEAST_LIMIT);
  }

  @Test
  void lastUseIsKept() throws Exception {
    NodeKeys.Made made = keys.make("edge", Set.of(), OptionalInt.empty());
    assertThat(made.key().lastUsed()).isEmpty();

    admit(made.text()).close();
    world.pass(Duration.ofMinutes(2));

    assertThat(world.open().nodeKeys().all().get(0).lastUsed())
        .hasValue(world.clock.instant().minus(Duration.ofMinutes(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic cm9vdDpjb3JyZWN0IGhvcnNl",
        "Bearer ",
        "Bearer t0ken",
        "Bearer zoetrope-node-",
        "Bearer zoetrope-node-0123456789abcdef",
        "Bearer zoetrope-node-0123456789abcdef-x",
      })
  void whatIsNoNodeKeyLetsNobodyIn(String authorization) throws Exception {
    world.peopled();

    assertThat(denial(Asking.authorized(authorization)).getMessage()).contains("node key");
  }

  @Test
  void nodeKeyOpensNothingElseAndNothingElseOpensTheDoorOfNodes() throws Exception {
    world.peopled();
    String nodeKey = keys.make("edge", Set.of(), OptionalInt.empty()).text();
    String token =
        world.access.tokens().make("boss", Role.ADMIN, Set.of(), Optional.empty()).text();

    assertThat(world.access.caller(Asking.bearer(nodeKey))).isEqualTo(Caller.NOBODY);
    assertThat(
            catchThrowableOfType(
                    DeniedException.class,
                    () ->
                        world.access.admit(
                            Asking.bearer(nodeKey), Protection.SIGNED_IN, World.GATE, "gif"))
                .reason())
        .isEqualTo(DeniedException.Reason.UNKNOWN);
    assertThat(denial(Asking.bearer(token))).isNotNull();
    assertThat(denial(from("192.0.2.2", "t0ken"))).isNotNull();
    assertThat(denial(world.session("root"))).isNotNull();
    assertThat(denial(Asking.ofContainer("boss", "zoetrope-admin"))).isNotNull();
  }

  @Test
  void wrongKeysSlowDownTheirAddressAndNobodyElse() throws Exception {
    String right = keys.make("edge", Set.of(), OptionalInt.empty()).text();
    String wrong = right.substring(0, right.length() - 1) + (right.endsWith("A") ? "B" : "A");
    assertThat(denial(from("192.0.2.1", wrong)).getMessage()).contains("not known");

    assertThat(denial(from("192.0.2.1", right)).getMessage()).contains("too many wrong node keys");
    world.access.admitNode(from("192.0.2.2", right)).close();
    world.pass(Duration.ofSeconds(1));
    world.access.admitNode(from("192.0.2.1", right)).close();
  }

  @Test
  void followerWithARevokedKeyKeepsNobodyOutBesideIt() throws Exception {
    NodeKeys.Made revoked = keys.make("revoked", Set.of(), OptionalInt.empty());
    String right = keys.make("edge", Set.of(), OptionalInt.empty()).text();
    keys.delete(revoked.key().id());

    denial(Asking.bearer(revoked.text()));
    assertThat(denial(Asking.bearer(revoked.text())).getMessage()).contains("too many wrong");

    admit(right).close();
  }

  @Test
  void storeThatIsFullMakesNoKeyAndStillRevokesOne() throws Exception {
    NodeKeys.Made made = keys.make("edge", Set.of(), OptionalInt.empty());
    Watching watching = new Watching(admit(made.text()));
    world.store.fill(true);

    assertThat(
            catchThrowableOfType(
                    RefusedException.class,
                    () -> keys.make("second", Set.of(), OptionalInt.empty()))
                .reason())
        .isEqualTo(Reason.NOT_WRITTEN);
    assertThat(
            catchThrowableOfType(RefusedException.class, () -> keys.delete(made.key().id()))
                .reason())
        .isEqualTo(Reason.NOT_WRITTEN);

    assertThat(keys.all()).isEmpty();
    assertThat(watching.cuts()).isEqualTo(1);
  }

  @Test
  void thereAreNotAnyNumberOfKeys() throws Exception {
    for (int i = 0; i < 200; i++) {
      keys.make("edge " + i, Set.of(), OptionalInt.empty());
    }

    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class, () -> keys.make("one more", Set.of(), OptionalInt.empty()));

    assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void followerIsToldOfLinksForItsSourcesOnly() throws Exception {
    NodeGrant grant = admit(keys.make("edge", Set.of(World.GATE), OptionalInt.empty()).text());
    assertThat(grant.links()).isEmpty();
    Links links = world.access.links();

    Link both = link(links, Set.of(World.GATE, OTHER));
    link(links, Set.of(OTHER));

    assertThat(grant.links()).hasSize(1);
    assertThat(grant.links().get(0).link().id()).isEqualTo(both.id());
    assertThat(grant.links().get(0).link().sources()).containsExactly(World.GATE);
    assertThat(grant.links()).isSameAs(grant.links());
    links.delete(both.id());
    assertThat(grant.links()).isEmpty();
  }

  private static Link link(Links links, Set<SourceId> sources) throws Exception {
    return links.make("", sources, Set.of(), Duration.ofHours(1), OptionalInt.empty());
  }
}
