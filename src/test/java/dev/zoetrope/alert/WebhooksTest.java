package dev.zoetrope.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebhooksTest {
  private static final SourceId GATE = new SourceId("gate");
  private static final Secret KEY = new Secret("k3y");
  private static final SourceId YARD = new SourceId("yard");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** An answer whose end does not come. */
  private static final int WITHOUT_ITS_BODY = 0;

  /** 204, as soon as the test lets it go. */
  private static final int WHEN_LET_GO = 1;

  private record Told(JsonObject message, String body, String timestamp, String signature) {
    String event() {
      return message.getString("event");
    }
  }

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>(); // guarded by itself; then 204
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final CountDownLatch letGo = new CountDownLatch(1);
  private volatile boolean isHeld; // until then
  private HttpServer server;
  private Webhooks webhooks;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          told.add(
              new Told(
                  Json.createReader(new StringReader(body)).readObject(),
                  body,
                  exchange.getRequestHeaders().getFirst("X-Zoetrope-Timestamp"),
                  exchange.getRequestHeaders().getFirst("X-Zoetrope-Signature")));
          int status;
          synchronized (answers) {
            status = answers.isEmpty() ? 204 : answers.removeFirst();
          }
          if (status == WITHOUT_ITS_BODY) {
            exchange.sendResponseHeaders(200, 100); // of which none ever come
            return;
          }
          if (status == WHEN_LET_GO) {
            isLetGo();
            status = 204;
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    letGo.countDown();
    webhooks.close();
    timer.shutdownNow();
    executor.shutdownNow();
    server.stop(0);
  }

  private void open(Duration delay, Set<SourceId> sources) {
    open(delay, sources, () -> 0);
  }

  private void open(Duration delay, Set<SourceId> sources, DoubleSupplier random) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/told");
    Webhook webhook = new Webhook("phone", url, Optional.of(KEY), sources, delay);
    webhooks = new Webhooks(List.of(webhook), timer, executor, random);
  }

  /** Of the JDK's HTTP clients, which nobody can end. */
  private static Set<Thread> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("HttpClient-\\d+-.*"))
        .collect(Collectors.toSet());
  }

  @Test
  void closedItLeavesNoThreadAndUntilThenNoneThatIsTheApplications() {
    Set<Thread> before = clientThreads();
    open(Duration.ZERO, Set.of());
    assertThat(webhooks.test("phone").orElseThrow().join()).isEqualTo("answered 204");
    Set<Thread> ours = clientThreads();
    ours.removeAll(before);

    webhooks.close();

    assertThat(ours)
        .isNotEmpty()
        .allMatch(one -> one.getContextClassLoader() == ClassLoader.getPlatformClassLoader());
    await("their end")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              System.gc(); // by which the client learns that it is over
              return ours.stream().noneMatch(Thread::isAlive);
            });
  }

  private void report(Kind kind) {
    report(GATE, kind);
  }

  private void report(SourceId id, Kind kind) {
    Diagnosis why = new Diagnosis(Cause.PORT_CLOSED, "it is \"closed\"", "Open it.");
    Incident incident = new Incident(Instant.ofEpochSecond(7), kind, "after 5 s");
    webhooks.report(id, "Front gate", incident, Optional.of(why));
  }

  /** What was told of one source. */
  private List<String> events(SourceId id) {
    return told.stream()
        .filter(one -> one.message().getString("source").equals(id.value()))
        .map(Told::event)
        .toList();
  }

  private List<String> events() {
    return told.stream().map(Told::event).toList();
  }

  @Test
  void lossAndReturnAreToldInOrderWithTheCause() {
    open(Duration.ZERO, Set.of());

    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> told.size() == 1);
    report(Kind.RECOVERED);
    await().atMost(LIMIT).until(() -> told.size() == 2);

    assertThat(events()).containsExactly("lost", "recovered");
    JsonObject message = told.get(0).message();
    assertThat(message.getString("source")).isEqualTo("gate");
    assertThat(message.getString("title")).isEqualTo("Front gate");
    assertThat(message.getString("cause")).isEqualTo("PORT_CLOSED");
    assertThat(message.getString("words")).isEqualTo("it is \"closed\"");
    assertThat(message.getString("at")).isEqualTo("1970-01-01T00:00:07Z");
  }

  @Test
  void signatureIsThatOfTimeAndBody() {
    open(Duration.ZERO, Set.of());

    report(Kind.LOST);

    await().atMost(LIMIT).until(() -> told.size() == 1);
    Told first = told.get(0);
    String expected = Delivery.signature(KEY, first.timestamp() + "." + first.body());
    assertThat(first.signature()).isEqualTo("sha256=" + expected);
    // RFC 4231, 4.3 (test case 2)
    assertThat(Delivery.signature(new Secret("Jefe"), "what do ya want for nothing?"))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void whatIsBackBeforeTheDelayIsNotTold() {
    open(Duration.ofHours(1), Set.of());

    report(Kind.LOST);
    report(Kind.RECOVERED);

    assertThat(webhooks.test("phone").orElseThrow().join()).isEqualTo("answered 204");
    assertThat(events()).containsExactly("test");
  }

  @Test
  void returnIsToldAlsoWhereTheCaptureWasStoppedInBetween() {
    open(Duration.ZERO, Set.of());

    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> told.size() == 1);
    report(Kind.STOPPED);
    report(Kind.FIRST_FRAME);

    await().atMost(LIMIT).until(() -> told.size() == 2);
    assertThat(events()).containsExactly("lost", "recovered");
  }

  @Test
  void serverInTroubleIsTriedAgainAndKeepsTheOrder() {
    synchronized (answers) {
      answers.addAll(List.of(500, 429));
    }
    open(Duration.ZERO, Set.of());

    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> !told.isEmpty());
    report(Kind.RECOVERED);

    await().atMost(LIMIT).until(() -> told.size() == 4);
    assertThat(events()).containsExactly("lost", "lost", "lost", "recovered");
    assertThat(told.get(2).message().getString("delivery"))
        .isEqualTo(told.get(0).message().getString("delivery"));
  }

  @Test
  void messageThatIsRefusedForGoodIsGivenUpAtOnce() {
    synchronized (answers) {
      answers.add(410);
    }
    open(Duration.ZERO, Set.of());

    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> told.size() == 1);
    report(Kind.RECOVERED);

    await().atMost(LIMIT).until(() -> told.size() == 2);
    assertThat(events()).containsExactly("lost", "recovered");
  }

  @Test
  void otherSourcesAreNotTold() {
    open(Duration.ZERO, Set.of(new SourceId("yard")));

    report(Kind.LOST);

    assertThat(webhooks.test("phone").orElseThrow().join()).isEqualTo("answered 204");
    assertThat(events()).containsExactly("test");
  }

  @Test
  void testTellsWhyNothingWasReached() {
    open(Duration.ZERO, Set.of());
    server.stop(0);

    assertThat(webhooks.test("phone").orElseThrow().join()).startsWith("not reached");
    assertThat(webhooks.test("nobody")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"RECOVERED", "STOPPED"})
  void returnIsToldWhereTheLossWasBeingSent(Kind next) throws Exception {
    synchronized (answers) {
      answers.add(500);
    }
    open(Duration.ZERO, Set.of(), this::isLetGo);
    report(YARD, Kind.LOST);
    await().atMost(LIMIT).until(() -> isHeld && timer.getActiveCount() == 0);
    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> timer.getActiveCount() == 1);

    CompletableFuture<Void> reporting =
        CompletableFuture.runAsync(
            () -> {
              report(next);
              report(Kind.FIRST_FRAME);
            });
    await().during(Duration.ofMillis(200)).until(() -> told.size() == 1);
    letGo.countDown();
    reporting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

    await().atMost(LIMIT).until(() -> events(GATE).size() == 2);
    assertThat(events(GATE)).containsExactly("lost", "recovered");
  }

  private double isLetGo() {
    isHeld = true;
    try {
      assertThat(letGo.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return 0;
  }

  @Test
  void eachLossThatIsToldIsFollowedByItsReturnHoweverFastTheyCome() {
    open(Duration.ZERO, Set.of());

    for (int i = 0; i < 200; i++) {
      report(Kind.LOST);
      report(Kind.RECOVERED);
    }
    report(YARD, Kind.LOST);

    await().atMost(LIMIT).until(() -> !events(YARD).isEmpty());
    List<String> events = events(GATE);
    assertThat(events.size() % 2).isZero();
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i)).isEqualTo(i % 2 == 0 ? "lost" : "recovered");
    }
  }

  @Test
  void answerWithoutItsEndHoldsNothingUp() {
    synchronized (answers) {
      answers.add(WITHOUT_ITS_BODY);
    }
    open(Duration.ZERO, Set.of());

    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> told.size() == 1);
    report(Kind.RECOVERED);

    await().atMost(LIMIT).until(() -> told.size() == 2);
    assertThat(events()).containsExactly("lost", "recovered");
  }

  @Test
  void whereTooManyWaitReturnsAreToldOfTheLossesThatFoundRoomAndOfNoOthers() {
    synchronized (answers) {
      answers.add(WHEN_LET_GO);
    }
    open(Duration.ZERO, Set.of());
    for (int i = 1; i < Delivery.MOST_WAITING; i++) {
      report(new SourceId("s" + i), Kind.LOST);
    }
    report(YARD, Kind.LOST);
    awaitTasks(Delivery.MOST_WAITING);
    report(GATE, Kind.LOST); // one too many
    awaitTasks(Delivery.MOST_WAITING + 1);

    report(GATE, Kind.RECOVERED);
    report(YARD, Kind.RECOVERED);
    letGo.countDown();

    await().atMost(LIMIT).until(() -> events(YARD).size() == 2);
    assertThat(events(YARD)).containsExactly("lost", "recovered");
    assertThat(events(GATE)).isEmpty();
  }

  /** A task that was taken from the queue and has not begun makes the timer look idle. */
  private void awaitTasks(int done) {
    await().atMost(LIMIT).until(() -> timer.getCompletedTaskCount() == done);
  }

  private void awaitIdleTimer() {
    await().atMost(LIMIT).until(() -> timer.getActiveCount() == 0 && timer.getQueue().isEmpty());
  }

  @Test
  void nothingIsSentAfterTheEnd() throws Exception {
    synchronized (answers) {
      answers.add(500);
    }
    open(Duration.ZERO, Set.of(), this::isLetGo);
    report(YARD, Kind.LOST);
    await().atMost(LIMIT).until(() -> isHeld && timer.getActiveCount() == 0);
    report(Kind.LOST);
    await().atMost(LIMIT).until(() -> timer.getActiveCount() == 1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(webhooks::close);
    letGo.countDown();
    closing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    report(Kind.RECOVERED);

    awaitIdleTimer();
    assertThat(events(GATE)).doesNotContain("recovered");
  }
}
