package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorkeeperTest {
  private static final Rendition MJPEG = Rendition.defaultOf(Format.MJPEG);
  private static final Rendition THUMB =
      new Rendition("thumb", Format.MJPEG, 160, 0, 5, 0, 0, Encode.AUTO);
  private static final Query NOTHING = name -> Optional.empty();

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private Ffmpeg ffmpeg;
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
    door = new Doorkeeper(channels);
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

  @Test
  void formatThatIsNotServedIsNotFound() {
    assertThatThrownBy(() -> door.rendition(gate(), Format.GIF, NOTHING))
        .hasMessage("source gate is not served as gif");
  }

  @Test
  void viewerBeyondTheLimitIsRefusedForNow() throws OutcomeException {
    try (Lease only = door.lease(gate(), MJPEG, Cards.SHOWN, "")) {
      assertThat(only.feed().viewers()).isZero();

      assertThatThrownBy(() -> door.lease(gate(), MJPEG, Cards.SHOWN, ""))
          .isInstanceOfSatisfying(
              OutcomeException.class, e -> assertThat(e.outcome().isTemporary()).isTrue());
    }
  }

  private Channel gate() throws OutcomeException {
    return door.channel("gate");
  }
}
