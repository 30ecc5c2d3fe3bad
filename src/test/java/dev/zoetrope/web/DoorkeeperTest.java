package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Audience;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorkeeperTest {
  private static final Rendition MJPEG = Rendition.defaultOf(Format.MJPEG);
  private static final Rendition THUMB =
      new Rendition("thumb", Format.MJPEG, 160, 0, 5, 0, 0, Encode.AUTO);
  private static final Query NOTHING = name -> Optional.empty();

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private Ffmpeg ffmpeg;
  private final FakeGate gate = new FakeGate();
  private Channels channels;
  private Doorkeeper door;

  @BeforeEach
  void start() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
    Limits limits = new Limits(1, 1, 1, 10, Limits.MIN_LOG_BYTES);
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, () -> 0),
            List.of(timer),
            timer,
            limits,
            (source, incident, why) -> {},
            Optional.empty());
    TestPattern pattern = new TestPattern(64, 64, 5);
    SourceSettings gate =
        new SourceSettings(
            new SourceId("gate"),
            "Gate",
            pattern,
            false,
            Duration.ZERO,
            List.of(THUMB, MJPEG),
            CaptureSettings.DEFAULT);
    channels = new Channels(List.of(gate), node);
    door = new Doorkeeper(channels, this.gate);
  }

  @AfterEach
  void stop() {
    channels.close();
    timer.shutdownNow();
    ffmpeg.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"door", "", "GATE", "../gate", "gate\r\nSet-Cookie: a=b", "gate\u0000"})
  void unknownIdIsSaidBackPrintable(String id) {
    assertThatThrownBy(() -> door.channel(id))
        .isInstanceOfSatisfying(
            OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.NO_SUCH_SOURCE))
        .message()
        .matches("[ -~]+");
  }

  @Test
  void renditionOfTheFormatsNameIsTheUsualOne() throws OutcomeException {
    assertThat(door.rendition(gate(), Format.MJPEG, NOTHING)).isEqualTo(MJPEG);
  }

  @Test
  void renditionIsChosenByName() throws OutcomeException {
    assertThat(door.rendition(gate(), Format.MJPEG, name -> Optional.of("thumb"))).isEqualTo(THUMB);
  }

  @Test
  void unknownRenditionIsAnsweredByThoseThereAre() {
    assertThatThrownBy(() -> door.rendition(gate(), Format.MJPEG, name -> Optional.of("huge")))
        .isInstanceOfSatisfying(
            OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.BAD_REQUEST))
        .hasMessage("rendition: expected thumb or mjpeg, got \"huge\"");
  }

  @ParameterizedTest
  @CsvSource({"1, thumb", "160, thumb", "161, mjpeg", "640, mjpeg", "641, mjpeg"})
  void widthIsAnsweredByTheNarrowestThatHasItElseTheWidest(int width, String name)
      throws OutcomeException {
    Rendition found =
        Doorkeeper.rendition(gate(), Format.MJPEG, Optional.empty(), OptionalInt.of(width));

    assertThat(found.name()).isEqualTo(name);
  }

  @Test
  void firstFormatThatIsServedCounts() throws OutcomeException {
    assertThat(Doorkeeper.format(gate(), List.of(Format.FMP4, Format.MJPEG)))
        .isEqualTo(Format.MJPEG);
    assertThat(Doorkeeper.format(gate(), List.of(Format.FMP4, Format.MPEG1)))
        .isEqualTo(Format.FMP4);
    assertThatThrownBy(
            () -> Doorkeeper.rendition(gate(), Format.FMP4, Optional.empty(), OptionalInt.of(100)))
        .hasMessage("source gate is not served as fmp4");
  }

  @Test
  void formatThatIsNotServedIsNotFound() {
    assertThatThrownBy(() -> door.rendition(gate(), Format.GIF, NOTHING))
        .hasMessage("source gate is not served as gif");
  }

  @Test
  void viewerBeyondTheLimitIsRefusedForNow() throws OutcomeException {
    try (Pass pass = admit("");
        Lease only = door.lease(gate(), MJPEG, Cards.SHOWN, pass, "")) {
      assertThat(only.feed().viewers()).isZero();

      try (Pass late = admit("")) {
        assertThatThrownBy(() -> door.lease(gate(), MJPEG, Cards.SHOWN, late, ""))
            .isInstanceOfSatisfying(
                OutcomeException.class, e -> assertThat(e.outcome().isTemporary()).isTrue());
      }
    }
    assertThat(gate.given()).hasSize(2).allMatch(FakeGate.FakeGrant::isClosed);
  }

  private Pass admit(String link) throws OutcomeException {
    return door.admit(FakeGate.visitor(link), gate(), "mjpeg");
  }

  private void protect(Protection protection) {
    SourceSettings settings = channels.all().get(0).settings();
    channels.replace(settings.withAudience(new Audience(protection, Set.of()))).join();
  }

  @ParameterizedTest
  @CsvSource({
    "'', SIGN_IN_NEEDED, this source needs signing in",
    "old, NOT_FOR_YOU, this link has expired",
    "good:gif, NOT_FOR_YOU, this link has expired",
  })
  void whoIsNotLetInHearsWhy(String link, Outcome outcome, String words) {
    protect(Protection.LINK);

    assertThatThrownBy(() -> admit(link))
        .isInstanceOfSatisfying(
            OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(outcome))
        .hasMessage(words);
    assertThat(outcome.closeCode()).isEqualTo(1008);
  }

  @Test
  void linkWithAsManyViewersAsItMayIsFullForNow() throws OutcomeException {
    protect(Protection.LINK);

    try (Pass first = admit(FakeGate.GOOD)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> admit(FakeGate.GOOD))
          .isInstanceOfSatisfying(
              OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.REFUSED));
      assertThat(door.visible(FakeGate.visitor(FakeGate.GOOD))).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"PUBLIC, '', 1", "LINK, '', 0", "LINK, old, 0", "LINK, good, 1", "LINK, good:ts, 1"})
  void listShowsWhatMayBeWatchedByAnyWay(Protection protection, String link, int count)
      throws OutcomeException {
    protect(protection);

    assertThat(door.visible(FakeGate.visitor(link))).hasSize(count);
    assertThat(door.isVisible(FakeGate.visitor(link), gate())).isEqualTo(count == 1);
    assertThat(gate.given()).as("places of viewers").isEmpty();
  }

  @Test
  void passGoesWithItsLease() throws OutcomeException {
    Pass pass = admit("");
    Lease lease = door.leaseStills(gate(), Cards.SHOWN, pass);

    pass.close(); // it is the lease's by now
    assertThat(gate.given().get(0).isClosed()).isFalse();
    lease.close();

    assertThat(gate.given().get(0).isClosed()).isTrue();
  }

  @Test
  void endOfAGrantIsToldOnceAlsoWhenItCameBefore() throws OutcomeException {
    AtomicInteger told = new AtomicInteger();
    try (Pass pass = admit("")) {
      gate.given().get(0).end();

      pass.onEnd(why -> told.incrementAndGet());
      gate.given().get(0).end();

      assertThat(told).hasValue(1);
    }
  }

  @Test
  void viewerWhoMayNotWatchAnyMoreIsToldWhenTheAudienceChanges() throws OutcomeException {
    List<String> told = new CopyOnWriteArrayList<>();
    try (Pass pass = admit("")) {
      pass.onEnd(told::add);

      protect(Protection.LINK);

      await().atMost(Duration.ofSeconds(1)).until(() -> !told.isEmpty());
      assertThat(told).containsExactly("this source needs signing in");
      assertThat(gate.given()).hasSize(1).allMatch(FakeGate.FakeGrant::isClosed);
    }
  }

  @Test
  void viewerWhoStillMayGetsAGrantOfTheNewAudience() throws OutcomeException {
    List<String> told = new CopyOnWriteArrayList<>();
    try (Pass pass = admit(FakeGate.GOOD)) {
      pass.onEnd(told::add);

      protect(Protection.LINK);

      await().atMost(Duration.ofSeconds(1)).until(() -> gate.given().size() == 2);
      assertThat(gate.given().get(0).isClosed()).isTrue();
      assertThat(told).isEmpty();
      gate.given().get(0).end(); // is not ours any more
      assertThat(told).isEmpty();
      gate.given().get(1).end();
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void passThatIsGoneIsNotAskedForAgain() throws OutcomeException {
    admit("").close();

    protect(Protection.LINK);
    protect(Protection.PUBLIC);

    assertThat(gate.given()).hasSize(1);
  }

  private Channel gate() throws OutcomeException {
    return door.channel("gate");
  }
}
