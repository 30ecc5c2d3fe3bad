package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.EventReader.Event;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Server-sent events of the real WAR, read by a plain client. */
@Execution(CONCURRENT)
class EventsStreamIT {
  private static final Duration SOON = Duration.ofSeconds(2);

  /** By which its process is told from others. */
  private static final int WIDTH_OF_KILLED = 352;

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;
  private static Operator operator;

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    keep("stopped", 320);
    keep("calm", 320);
    keep("killed", WIDTH_OF_KILLED);
    home.source("edited", "kind: test-pattern");
    home.source("idle", "kind: test-pattern");
    server = TestServer.at(home.folder());
    operator = new Operator(server);
    for (String id : List.of("stopped", "killed", "calm")) {
      SourceList.awaitState(server, id, "live");
    }
  }

  private static void keep(String id, int width) throws Exception {
    home.source(
        id, "kind: test-pattern", "width: " + width, "height: 180", "fps: 25", "keepRunning: true");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static EventReader open(String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Authorization", operator.authorization()));
    return EventReader.open(operator.api("events"), all.toArray(String[]::new));
  }

  /** Whether an event tells of that source in that state. */
  private static Predicate<Event> sources(String id, Predicate<JsonObject> fits) {
    return event ->
        event.name().equals("sources")
            && event.data().asJsonArray().stream()
                .map(one -> one.asJsonObject())
                .anyMatch(one -> one.getString("id").equals(id) && fits.test(one));
  }

  private static Predicate<Event> incident(String source, String kind) {
    return event ->
        event.name().equals("incident")
            && event.data().asJsonObject().getString("source").equals(source)
            && event.data().asJsonObject().getString("kind").equals(kind);
  }

  @Test
  void readerIsGreetedThenToldAllThenWhatChanges() throws Exception {
    try (EventReader reader = open()) {
      reader.await("sources", event -> event.name().equals("sources"));
      HttpResponse<?> head = reader.stream().head();
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      List<Event> events = reader.events();
      assertThat(events.get(0).name()).isEqualTo("hello");
      assertThat(events.get(0).data().asJsonObject().getJsonNumber("now").longValue())
          .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
      assertThat(events.get(1).name()).isEqualTo("sources");
      assertThat(
              events.get(1).data().asJsonArray().stream()
                  .map(one -> one.asJsonObject().getString("id")))
          .contains("calm", "idle");

      reader.await(
          "figures",
          sources(
              "calm",
              one ->
                  one.containsKey("fps")
                      && one.getJsonNumber("fps").doubleValue() > 15
                      && one.getJsonNumber("bytesIn").longValue() > 0
                      && one.containsKey("cpu")));
      try (LiveStream viewer = LiveStream.open(server.uri("live/calm.mjpeg"))) {
        viewer.awaitMore(10_000);
        reader.await(
            "the viewer",
            sources(
                "calm",
                one ->
                    one.getInt("viewers") == 1
                        && one.getJsonObject("ways").getInt("mjpeg", 0) == 1));
        reader.await("bytes to it", sources("calm", one -> one.getInt("bytesOut", 0) > 0));
      }
      long ofIdle = reader.events().stream().filter(sources("idle", one -> true)).count();
      assertThat(ofIdle).as("a source that idles is told of once").isEqualTo(1);
    }
  }

  @Test
  void sourceThatStopsIsToldWithinTwoSecondsAndItsEditAsWell() throws Exception {
    try (EventReader reader = open()) {
      reader.await("live", sources("stopped", one -> one.getString("state").equals("live")));

      operator.call("POST", "sources/stopped/stop");

      reader.await("idle", SOON, sources("stopped", one -> one.getString("state").equals("idle")));
      reader.await("STOPPED", SOON, incident("stopped", "STOPPED"));
      reader.await(
          "edited",
          SOON,
          event -> event.name().equals("edited") && event.data().toString().contains("stopped"));
    }
  }

  @Test
  void editByHandNewSourceAndMistakeAreTold() throws Exception {
    try (EventReader reader = open()) {
      reader.await("sources", event -> event.name().equals("sources"));

      home.source("edited", "kind: test-pattern", "width: banana");
      reader.await("the mistake", edited("edited"));
      home.source("fresh", "kind: test-pattern");
      reader.await("the new source", edited("fresh"));
      reader.await("how it is", sources("fresh", one -> one.getString("state").equals("idle")));
      operator.call("DELETE", "sources/fresh", "If-Match", "*");
      reader.await("its end", sources("fresh", one -> one.getString("state").equals("removed")));
    }
  }

  private static Predicate<Event> edited(String id) {
    return event ->
        event.name().equals("edited")
            && event.data().asJsonObject().getJsonArray("ids").toString().contains('"' + id + '"');
  }

  @Test
  void incidentsAreNumberedAndToldAgainToWhoMissedThem() throws Exception {
    Optional<String> known;
    try (EventReader reader = open()) {
      reader.await("sources", event -> event.name().equals("sources"));
      killTheKilled();
      Event exited = reader.await("the end", incident("killed", "EXITED"));
      known = exited.id();
      assertThat(known).isPresent();
      reader.await("its return", incident("killed", "RECOVERED"));
    }

    try (EventReader again = open("Last-Event-ID", known.orElseThrow())) {
      again.await("its return", incident("killed", "RECOVERED"));
      List<Event> events = again.events();
      assertThat(events).noneMatch(incident("killed", "EXITED"));
      List<Long> numbers =
          events.stream().flatMap(event -> event.id().stream()).map(Long::parseLong).toList();
      assertThat(numbers).isSorted().doesNotHaveDuplicates();
      assertThat(numbers.get(0)).isGreaterThan(Long.parseLong(known.get()));
    }
    try (EventReader without = open()) {
      without.await("sources", event -> event.name().equals("sources"));
      assertThat(without.events()).noneMatch(incident("killed", "RECOVERED"));
    }
  }

  private static void killTheKilled() {
    SourceList.awaitState(server, "killed", "live");
    String pattern = "testsrc2=size=" + WIDTH_OF_KILLED;
    server.children().stream()
        .filter(child -> child.info().commandLine().orElse("").contains(pattern))
        .forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void silentConnectionIsKept() throws Exception {
    try (EventReader reader = open()) {
      Awaitility.await("a comment")
          .atMost(Duration.ofSeconds(20))
          .until(() -> reader.comments() > 0);
    }
  }

  @Test
  void onlyOperatorsReadAndMistakesAreTold() throws Exception {
    try (LiveStream nobody = LiveStream.open(operator.api("events"))) {
      assertThat(nobody.head().statusCode()).isEqualTo(401);
      assertThat(nobody.head().headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }
    assertThat(operator.call("GET", "events", "Last-Event-ID", "yesterday").statusCode())
        .isEqualTo(400);
    HttpResponse<String> posted = operator.call("POST", "events");
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("Allow")).hasValue("GET, HEAD");
    assertThat(operator.call("HEAD", "events").statusCode()).isEqualTo(200);
  }

  @Test
  void thereAreOnlySoManyReadersAndWhoLeavesMakesRoom() throws Exception {
    List<EventReader> readers = new ArrayList<>();
    try (TestServer other = TestServer.start()) {
      Operator there = new Operator(other);
      String[] headers = {"Authorization", there.authorization()};
      for (int i = 0; i < 100; i++) {
        readers.add(EventReader.open(there.api("events"), headers));
      }
      for (EventReader reader : readers) {
        reader.await("sources", event -> event.name().equals("sources"));
      }
      HttpResponse<String> refused = there.call("GET", "events");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();

      readers.get(0).close();

      Awaitility.await("room")
          .atMost(Duration.ofSeconds(40)) // it is seen when something is written
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                EventReader next = EventReader.open(there.api("events"), headers);
                readers.add(next);
                return next.stream().head().statusCode() == 200;
              });
      Duration stop = other.stop();
      assertThat(stop).isLessThan(Duration.ofSeconds(4));
      EventReader one = readers.get(1);
      Awaitility.await("end").atMost(SOON).until(() -> one.stream().hasEnded());
    } finally {
      readers.forEach(EventReader::close);
    }
  }
}
