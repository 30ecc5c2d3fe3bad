package dev.zoetrope.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.zoetrope.access.DeniedException.Reason;
import dev.zoetrope.access.World.Watching;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinksTest {
  private World world;
  private Access access;
  private Links links;

  @BeforeEach
  void begin() throws Exception {
    world = new World().peopled();
    access = world.access;
    links = access.links();
  }

  private Link link(Set<String> ways, OptionalInt most) throws Exception {
    return links.make("for a friend", Set.of(World.GATE), ways, Duration.ofHours(2), most);
  }

  private Link link() throws Exception {
    return link(Set.of(), OptionalInt.empty());
  }

  private Reason denial(String value, String way) {
    return catchThrowableOfType(
            DeniedException.class,
            () -> access.admit(Asking.link(value), Protection.LINK, World.GATE, way))
        .reason();
  }

  @Test
  void linkLetsInToItsSourceByAllWaysOnEveryProtection() throws Exception {
    String value = links.value(link());

    assertThat(value).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}");
    for (Protection protection : Protection.values()) {
      for (String way : Link.WATCHING) {
        access.admit(Asking.link(value), protection, World.GATE, way).close();
      }
    }
  }

  @Test
  void linkToPublishNamesIt() throws Exception {
    Link forWatching = link();
    Link forPublishing = link(Set.of(Link.PUBLISH), OptionalInt.of(1));
    String value = links.value(forPublishing);

    try (Grant one = access.admitPublisher(value, World.GATE);
        Grant other = access.admitPublisher(value, World.GATE)) {
      assertThat(one).isNotSameAs(other);
      assertThat(links.viewers(forPublishing)).isZero();
    }

    assertThat(denial(value, "gif")).isEqualTo(Reason.FORBIDDEN);
    assertThat(publishDenial(links.value(forWatching), World.GATE)).contains("for watching");
    assertThat(publishDenial(value, World.YARD)).contains("other sources");
    assertThat(publishDenial(value + "x", World.GATE)).contains("not whole");
  }

  @Test
  void publisherIsCutWhenTheLinkExpires() throws Exception {
    String value = links.value(link(Set.of(Link.PUBLISH), OptionalInt.empty()));
    CountDownLatch cut = new CountDownLatch(1);
    Grant grant = access.admitPublisher(value, World.GATE);
    grant.onEnd(cut::countDown);

    access.tick();
    assertThat(cut.getCount()).isEqualTo(1);
    world.pass(Duration.ofHours(2));

    assertThat(cut.getCount()).isZero();
    assertThat(publishDenial(value, World.GATE)).contains("expired");
  }

  private String publishDenial(String value, SourceId source) {
    return catchThrowableOfType(DeniedException.class, () -> access.admitPublisher(value, source))
        .getMessage();
  }

  @Test
  void linkIsGoodAfterARestart() throws Exception {
    String value = links.value(link());

    Access again = world.open();

    again.admit(Asking.link(value), Protection.LINK, World.GATE, "gif").close();
    assertThat(again.links().value(again.links().all().get(0))).isEqualTo(value);
  }

  @Test
  void whoOnlyLooksWhatALinkIsForTakesNoPlace() throws Exception {
    Link one = link(Set.of("gif"), OptionalInt.of(1));
    Visitor visitor = Asking.link(links.value(one));

    try (Grant watching = access.admit(visitor, Protection.LINK, World.GATE, "gif")) {
      assertThat(watching).isNotNull();
      access.check(visitor, Protection.LINK, World.GATE, "gif");
      assertThat(links.viewers(one)).isEqualTo(1);
    }
    access.check(visitor, Protection.LINK, World.GATE, "gif");
    assertThat(links.viewers(one)).isZero();
    assertThat(
            catchThrowableOfType(
                    DeniedException.class,
                    () -> access.check(visitor, Protection.LINK, World.GATE, "ts"))
                .reason())
        .isEqualTo(Reason.FORBIDDEN);
    links.delete(one.id());
    assertThat(
            catchThrowableOfType(
                    DeniedException.class,
                    () -> access.check(visitor, Protection.LINK, World.GATE, "gif"))
                .reason())
        .isEqualTo(Reason.FORBIDDEN);
  }

  @Test
  void wrongSignatureOpensNothing() throws Exception {
    String value = links.value(link());
    String other = links.value(link());

    List<String> wrong = new ArrayList<>(List.of("x", ".", "..", "a.b", value + "A", "%%%.x"));
    for (int i = 0; i < value.length(); i++) { // each character, to one that can stand there
      char c = value.charAt(i) == 'A' ? 'B' : 'A';
      wrong.add(value.substring(0, i) + c + value.substring(i + 1));
      wrong.add(value.substring(0, i));
    }
    wrong.add(value.substring(0, value.indexOf('.')) + other.substring(other.indexOf('.')));
    wrong.add(value.repeat(1000));
    wrong.removeIf(String::isBlank);

    assertThat(wrong).allSatisfy(one -> assertThat(denial(one, "gif")).isEqualTo(Reason.FORBIDDEN));
  }

  @Test
  void otherSourceOrWayIsForbiddenButToWhoNeedsNoLink() throws Exception {
    String value = links.value(link(Set.of("mjpeg"), OptionalInt.empty()));
    String cookie = world.signIn("root").cookie();

    assertThat(denial(value, "gif")).isEqualTo(Reason.FORBIDDEN);
    access.admit(Asking.link(value), Protection.LINK, World.GATE, "mjpeg").close();
    assertThat(
            catchThrowableOfType(
                    DeniedException.class,
                    () ->
                        access.admit(Asking.link(value), Protection.SIGNED_IN, World.YARD, "mjpeg"))
                .reason())
        .isEqualTo(Reason.FORBIDDEN);
    access
        .admit(Asking.linkAndSession(value, cookie), Protection.SIGNED_IN, World.YARD, "mjpeg")
        .close();
    access.admit(Asking.link(value), Protection.PUBLIC, World.YARD, "gif").close();
    access.admit(Asking.link("wrong"), Protection.PUBLIC, World.YARD, "gif").close();
    access.admit(Asking.linkAndSession("", cookie), Protection.LINK, World.YARD, "gif").close();
  }

  @Test
  void linkExpiresAndThoseWhoWatchAreCut() throws Exception {
    String value = links.value(link());
    Watching watching = world.watch(Asking.link(value), Protection.LINK);

    world.pass(Duration.ofHours(2).minusMillis(1));
    assertThat(watching.cuts()).isZero();
    world.pass(Duration.ofMillis(1));

    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(denial(value, "mjpeg")).isEqualTo(Reason.FORBIDDEN);
    world.pass(Duration.ofSeconds(1));
    assertThat(watching.cuts()).isEqualTo(1);
  }

  @Test
  void revokedLinkIsGoneAndThoseWhoWatchAreCut() throws Exception {
    Link link = link();
    Link other = link();
    Watching watching = world.watch(Asking.link(links.value(link)), Protection.LINK);
    Watching otherWatching = world.watch(Asking.link(links.value(other)), Protection.LINK);

    String value = links.value(link);
    links.delete(link.id());

    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(otherWatching.cuts()).isZero();
    assertThat(denial(value, "mjpeg")).isEqualTo(Reason.FORBIDDEN);
    assertThat(links.all()).containsExactly(other);
  }

  @Test
  void viewersAreCountedWhileTheyWatch() throws Exception {
    Link link = link(Set.of(), OptionalInt.of(2));
    String value = links.value(link);
    Watching first = world.watch(Asking.link(value), Protection.SIGNED_IN);
    world.watch(Asking.link(value), Protection.LINK);

    assertThat(links.viewers(link)).isEqualTo(2);
    assertThat(denial(value, "mjpeg")).isEqualTo(Reason.FULL);
    first.grant.close();
    first.grant.close();

    assertThat(links.viewers(link)).isEqualTo(1);
    world.watch(Asking.link(value), Protection.LINK);
    assertThat(denial(value, "mjpeg")).isEqualTo(Reason.FULL);
  }

  @Test
  void stillsDoNotCount() throws Exception {
    Link link = link(Set.of(), OptionalInt.of(1));
    Visitor visitor = Asking.link(links.value(link));
    Grant still = access.admit(visitor, Protection.LINK, World.GATE, "jpg");
    Watching watching = world.watch(visitor, Protection.LINK);

    access.admit(visitor, Protection.LINK, World.GATE, "jpg").close();

    assertThat(links.viewers(link)).isEqualTo(1);
    List<String> cuts = new ArrayList<>();
    still.onEnd(() -> cuts.add("still"));
    links.delete(link.id());
    assertThat(cuts).containsExactly("still");
    assertThat(watching.cuts()).isEqualTo(1);
  }

  @Test
  void termsThatAreChangedByHandMakeTheOldAddressWrong() throws Exception {
    Link link = link(Set.of(), OptionalInt.of(1));
    String value = links.value(link);
    Watching watching = world.watch(Asking.link(value), Protection.LINK);
    world.store.change(
        world
            .store
            .kept()
            .with(
                new Link(
                    link.id(),
                    link.title(),
                    Set.of(World.GATE, World.YARD),
                    Set.of(),
                    link.createdAt(),
                    link.expiresAt(),
                    OptionalInt.of(1))));

    access.tick();

    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(denial(value, "mjpeg")).isEqualTo(Reason.FORBIDDEN);
    assertThat(links.value(links.all().get(0))).isNotEqualTo(value);
  }

  @Test
  void manyAtOnceNeverGetMoreThanTheMost() throws Exception {
    Link link = link(Set.of(), OptionalInt.of(5));
    Visitor visitor = Asking.link(links.value(link));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      tries.add(
          threads.submit(
              () -> {
                start.await();
                try {
                  access.admit(visitor, Protection.LINK, World.GATE, "gif");
                  return true;
                } catch (DeniedException e) {
                  return false;
                }
              }));
    }

    start.countDown();
    int admitted = 0;
    for (Future<Boolean> one : tries) {
      admitted += one.get() ? 1 : 0;
    }
    threads.shutdown();

    assertThat(admitted).isEqualTo(5);
    assertThat(links.viewers(link)).isEqualTo(5);
  }

  @Test
  void expiredLinksMakeRoom() throws Exception {
    for (int i = 0; i < 999; i++) {
      link();
    }
    links.make("long", Set.of(World.GATE), Set.of(), Duration.ofDays(9), OptionalInt.empty());
    assertThat(catchThrowableOfType(RefusedException.class, this::link).reason())
        .isEqualTo(RefusedException.Reason.CONFLICT);

    world.pass(Duration.ofHours(2));
    link();

    assertThat(links.all()).hasSize(2);
  }

  private static HandedLink handed(String id, String value, OptionalInt most) {
    return new HandedLink(
        new Link(
            id,
            "",
            Set.of(World.GATE),
            Set.of("gif"),
            Instant.EPOCH,
            new TestClock().instant().plus(Duration.ofHours(2)),
            most),
        RandomText.sha256(value),
        List.of("n-other"));
  }

  /** What a node makes of that id. */
  private static String valueOf(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8)) + ".abc";
  }

  @Test
  void linkOfAnotherNodeLetsInUntilThatNodeRevokesIt() throws Exception {
    String value = valueOf("0123");
    assertThat(denial(value, "gif")).isEqualTo(Reason.FORBIDDEN);

    links.handedDown(List.of(handed("0123", value, OptionalInt.of(1))));
    Watching watching =
        new Watching(access.admit(Asking.link(value), Protection.LINK, World.GATE, "gif"));

    assertThat(denial(value, "gif")).isEqualTo(Reason.FULL);
    assertThat(denial(value, "ts")).isEqualTo(Reason.FORBIDDEN);
    assertThat(denial(value + "d", "gif")).isEqualTo(Reason.FORBIDDEN);
    access.tick();
    HandedLink otherWay = // by which it comes now
        new HandedLink(
            handed("0123", value, OptionalInt.of(1)).link(),
            RandomText.sha256(value),
            List.of("n-other", "n-between"));
    links.handedDown(List.of(otherWay));
    assertThat(watching.cuts()).isZero();
    links.handedDown(List.of());
    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(denial(value, "gif")).isEqualTo(Reason.FORBIDDEN);
    assertThat(links.all()).isEmpty();
  }

  @Test
  void linkOfAnotherNodeExpires() throws Exception {
    String value = valueOf("0123");
    links.handedDown(List.of(handed("0123", value, OptionalInt.empty())));
    Watching watching =
        new Watching(access.admit(Asking.link(value), Protection.LINK, World.GATE, "gif"));

    world.pass(Duration.ofHours(2));

    assertThat(watching.cuts()).isEqualTo(1);
    assertThat(denial(value, "gif")).isEqualTo(Reason.FORBIDDEN);
  }

  @Test
  void noOtherNodeChangesALinkOfThisOne() throws Exception {
    Link own = link();
    String foreign = valueOf(own.id());

    links.handedDown(List.of(handed(own.id(), foreign, OptionalInt.empty())));
    Watching watching =
        new Watching(
            access.admit(Asking.link(links.value(own)), Protection.LINK, World.GATE, "gif"));
    assertThat(denial(foreign, "gif")).isEqualTo(Reason.FORBIDDEN);
    links.handedDown(List.of());

    assertThat(watching.cuts()).isZero();
    access.admit(Asking.link(links.value(own)), Protection.LINK, World.GATE, "gif").close();
  }

  @Test
  void linksAreHandedDownWithoutWhatMakesThem() throws Exception {
    Link own = link(Set.of("gif", Link.PUBLISH), OptionalInt.of(3));
    link(Set.of(Link.PUBLISH), OptionalInt.empty());
    HandedLink other = handed("0123", valueOf("0123"), OptionalInt.empty());
    links.handedDown(List.of(other, handed(own.id(), valueOf(own.id()), OptionalInt.empty())));

    List<HandedLink> down = links.toHandDown();

    assertThat(down).hasSize(2).contains(other);
    assertThat(down.get(0).link().ways()).containsExactly("gif");
    assertThat(down.get(0).sha256()).isEqualTo(RandomText.sha256(links.value(own)));
    assertThat(down.get(0).path()).isEmpty();
    assertThat(links.toHandDown()).isSameAs(down);
    links.delete(own.id());
    assertThat(links.toHandDown())
        .hasSize(2)
        .doesNotContain(down.get(0)); // no more hides the other
  }
}
