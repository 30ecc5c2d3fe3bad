package dev.zoetrope.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.SourceId;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
  private static final Instant AT = Instant.ofEpochSecond(7);
  private static final Optional<Diagnosis> WHY =
      Optional.of(new Diagnosis(Cause.PORT_CLOSED, "it is closed", "Open it."));

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Fired events = new Fired();
  private final Announcer announcer =
      new Announcer(
          new Webhooks(List.of(), timer, timer, () -> 0),
          events,
          NotificationOptions.builder().build());

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private void happens(String id, Kind... kinds) {
    SourceSettings source =
        new SourceSettings(
            new SourceId(id),
            "Title",
            new TestPattern(64, 64, 10),
            false,
            Duration.ZERO,
            List.of(Rendition.defaultOf(Format.MJPEG)),
            CaptureSettings.DEFAULT);
    for (Kind kind : kinds) {
      announcer.happened(source, new Incident(AT, kind, ""), WHY);
    }
  }

  private static SourceLost lost(String id) {
    return new SourceLost(new SourceId(id), "Title", AT, WHY);
  }

  private static SourceRecovered recovered(String id) {
    return new SourceRecovered(new SourceId(id), "Title", AT);
  }

  @Test
  void lossesAndReturnsOfEachSourceAreTold() {
    happens("gate", Kind.STARTED, Kind.FIRST_FRAME, Kind.STALLED, Kind.LOST);
    happens("yard", Kind.STARTED, Kind.LOST);
    happens("gate", Kind.KILLED, Kind.BACK_OFF, Kind.STARTED, Kind.RECOVERED);

    assertThat(events.fired).containsExactly(lost("gate"), lost("yard"), recovered("gate"));
  }

  @Test
  void returnIsToldAlsoWhereNobodyWantedTheSourceInBetween() {
    happens("gate", Kind.LOST, Kind.STOPPED);
    happens("gate", Kind.STARTED, Kind.LOST, Kind.STOPPED); // no news
    happens("gate", Kind.STARTED, Kind.FIRST_FRAME);

    assertThat(events.fired).containsExactly(lost("gate"), recovered("gate"));
  }

  /** Keeps what is fired. */
  private static final class Fired implements Event<Object> {
    private final List<Object> fired = new ArrayList<>();

    @Override
    public void fire(Object event) {
      throw new AssertionError("not asynchronously: " + event);
    }

    @Override
    public <U> CompletionStage<U> fireAsync(U event) {
      return fireAsync(event, NotificationOptions.builder().build());
    }

    @Override
    public <U> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
      fired.add(event);
      return CompletableFuture.completedFuture(event);
    }

    @Override
    public Event<Object> select(Annotation... qualifiers) {
      return this;
    }

    @Override
    public <U> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <U> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
      throw new UnsupportedOperationException();
    }
  }
}
