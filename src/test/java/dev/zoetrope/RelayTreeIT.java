package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tree of seven real nodes on hosts of their own, with viewers at each edge: whatever fails
 * between, nobody is thrown out, and the picture moves again soon.
 *
 * <pre>
 *            ingress
 *           /       \\
 *        left       right
 *       / \\  \\     /  / \\        each edge has both, its own side first
 *      a   b   (spare)   c   d
 * </pre>
 */
class RelayTreeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** Whatever has failed: within this it moves again. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private static final List<String> JVM = List.of("-Xmx96m", "-XX:+UseSerialGC");
  private static final List<String> EDGES = List.of("a", "b", "c", "d");

  /** Those whose first origin that is. */
  private static final Map<String, List<String>> MIDDLE =
      Map.of("left", List.of("a", "b"), "right", List.of("c", "d"));

  /** Two origins tell the time of the same capture as exactly as their clocks are known. */
  private static final long CLOCKS = TimeUnit.MILLISECONDS.toMicros(5);

  /** A player is back so soon after its edge. */
  private static final long BACK = TimeUnit.SECONDS.toMicros(5);

  private static final Executor AT_THE_SAME_TIME = task -> new Thread(task, "node").start();

  @TempDir private static Path folder;
  private static Network network;
  private static final Map<String, Network.Host> HOSTS = new LinkedHashMap<>();
  private static final Map<String, TestServer> NODES = new LinkedHashMap<>();
  private static String key;

  private final Map<String, ManySocket> sockets = new LinkedHashMap<>();
  private final Map<String, LiveStream> streams = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    network = new Network();
    for (String name : List.of("ingress", "left", "right", "a", "b", "c", "d")) {
      HOSTS.put(name, network.host());
    }
    TestHome home = new TestHome(folder.resolve("ingress"));
    home.settings("node: ingress", "rtmpPort: 0");
    home.source(
        "gate",
        "kind: test-pattern",
        "width: 160",
        "height: 96",
        "fps: 10",
        "keepRunning: true",
        "renditions: {mpeg1: {width: 160}}");
    start("ingress");
    key =
        new TestAdmin(NODES.get("ingress"))
            .call("POST", "nodes/keys", "{\"title\":\"tree\"}", 201)
            .getString("key");
    follower("left", "ingress");
    follower("right", "ingress");
    follower("a", "left", "right");
    follower("b", "left", "right");
    follower("c", "right", "left");
    follower("d", "right", "left");
    start("left", "right");
    start("a", "b", "c", "d");
  }

  /** All of them at the same time. */
  private static void start(String... names) {
    Map<String, CompletableFuture<TestServer>> starting = new LinkedHashMap<>();
    for (String name : names) {
      starting.put(name, CompletableFuture.supplyAsync(() -> started(name), AT_THE_SAME_TIME));
    }
    List<CompletableFuture<TestServer>> all = List.copyOf(starting.values());
    var unused =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .exceptionally(e -> null)
            .join();
    starting.forEach(
        (name, node) -> {
          if (!node.isCompletedExceptionally()) { // to be stopped, whatever the others do
            NODES.put(name, node.join());
          }
        });
    all.forEach(CompletableFuture::join);
  }

  private static TestServer started(String name) {
    try {
      return TestServer.in(HOSTS.get(name), folder.resolve(name), JVM);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All nodes have the same keys, as a copied access.yaml gives them. */
  private static void follower(String name, String... origins) throws Exception {
    TestHome home = new TestHome(folder.resolve(name));
    home.settings("node: " + name, "rtmpPort: 0");
    home.secrets("tree-key: \"" + key + "\"");
    Files.copy(
        folder.resolve("ingress").resolve("access.yaml"),
        folder.resolve(name).resolve("access.yaml"),
        StandardCopyOption.COPY_ATTRIBUTES);
    List<String> addresses = new ArrayList<>();
    for (String origin : origins) {
      addresses.add("http://" + HOSTS.get(origin).address() + ":8080");
    }
    home.source("gate", "kind: relay", "origin: " + addresses, "key: tree-key", "linger: 1s");
  }

  @AfterAll
  static void stop() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    // Edges first, so that nobody waits for those that have no other origin.
    for (List<String> names : List.of(EDGES, List.of("left", "right"), List.of("ingress"))) {
      List<CompletableFuture<Void>> stopping =
          names.stream()
              .filter(NODES::containsKey)
              .map(NODES::get)
              .map(node -> CompletableFuture.runAsync(() -> close(node), AT_THE_SAME_TIME))
              .toList();
      for (CompletableFuture<Void> one : stopping) {
        one.handle((nothing, failure) -> failure == null || failures.add(failure)).join();
      }
    }
    network.close();
    assertThat(failures).isEmpty();
  }

  private static void close(TestServer node) {
    try {
      node.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void watch() throws Exception {
    for (String edge : EDGES) {
      ManySocket socket = ManySocket.open(uri(edge, "live"));
      socket.subscribe(1, "gate", "");
      socket.subscribe(2, "gate", ",'format':'mpeg1'");
      sockets.put(edge, socket);
      streams.put(edge + " mjpeg", LiveStream.open(uri(edge, "live/gate.mjpeg")));
      streams.put(edge + " gif", LiveStream.open(uri(edge, "live/gate.gif")));
    }
    for (String edge : EDGES) {
      for (int format = 1; format <= 2; format++) {
        sockets.get(edge).awaitFrames(format, frames -> frames.size() > 15);
      }
      streams.get(edge + " mjpeg").awaitMore(3000);
      streams.get(edge + " gif").awaitMore(3000);
    }
  }

  private static URI uri(String node, String path) {
    return URI.create("http://" + HOSTS.get(node).address() + ":8080/" + path);
  }

  @AfterEach
  void leave() {
    sockets.values().forEach(ManySocket::close);
    streams.values().forEach(LiveStream::close);
  }

  /** Nobody was thrown out, no frame came twice, and none went back in time. */
  private void checkThatNobodyWasLost() {
    streams.forEach((name, stream) -> assertThat(stream.hasEnded()).as(name).isFalse());
    sockets.forEach(
        (edge, socket) -> {
          assertThat(socket.texts("end", 1)).as(edge).isEmpty();
          assertThat(socket.texts("end", 2)).as(edge).isEmpty();
          checkOrder(edge, socket);
        });
  }

  /** No frame came twice, and none went back in time. */
  private static void checkOrder(String edge, ManySocket socket) {
    for (int format = 1; format <= 2; format++) {
      List<ManySocket.Frame> frames =
          socket.frames(format).stream()
              .filter(frame -> frame.isFragment() && !frame.has(ManySocket.CARD))
              .toList();
      assertThat(frames.stream().map(ManySocket.Frame::payload))
          .as(edge + ": " + format)
          .doesNotHaveDuplicates();
      long before = 0;
      for (ManySocket.Frame frame : frames) {
        assertThat(frame.captureMicros())
            .as(edge + ": " + format + ", " + frame.sequence())
            .isGreaterThanOrEqualTo(before - CLOCKS);
        before = frame.captureMicros();
      }
    }
  }

  /** The longest that any viewer of an edge has waited for a frame of the source since then. */
  private Duration longestWait(int format, long sinceMicros) {
    return longestWait(sockets.values(), format, sinceMicros);
  }

  private static Duration longestWait(
      Collection<ManySocket> viewers, int format, long sinceMicros) {
    long longest = 0;
    for (ManySocket socket : viewers) {
      long before = sinceMicros;
      for (ManySocket.Frame frame : socket.frames(format)) {
        if (frame.isFragment() && frame.arrivedMicros() > sinceMicros) {
          longest = Math.max(longest, frame.arrivedMicros() - before);
          before = frame.arrivedMicros();
        }
      }
      longest = Math.max(longest, now() - before);
    }
    return Duration.ofNanos(longest * 1000);
  }

  private static long now() {
    return System.currentTimeMillis() * 1000;
  }

  /** Everybody gets new frames of the source. */
  private void awaitMoving() {
    long since = now();
    for (ManySocket socket : sockets.values()) {
      await("moving")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> isMoving(socket, since));
    }
    for (LiveStream stream : streams.values()) {
      stream.awaitMore(3000);
    }
  }

  private static long frames(ManySocket socket, int format, long sinceMicros) {
    return socket.frames(format).stream()
        .filter(frame -> frame.isFragment() && !frame.has(ManySocket.CARD))
        .filter(frame -> frame.captureMicros() > sinceMicros)
        .count();
  }

  @Test
  void theIngressSeesTheWholeTree() throws Exception {
    TestAdmin admin = new TestAdmin(NODES.get("ingress"));
    await("the tree")
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              Map<String, Integer> viewers = new LinkedHashMap<>();
              for (JsonObject middle : followers(admin.call("GET", "nodes", "", 200))) {
                middle.getJsonArray("below").getValuesAs(JsonObject.class).stream()
                    .filter(edge -> edge.getInt("sources") > 0) // the others keep it as a spare
                    .forEach(edge -> viewers.put(edge.getString("name"), edge.getInt("viewers")));
              }
              assertThat(viewers).isEqualTo(Map.of("a", 4, "b", 4, "c", 4, "d", 4));
            });
    await("those on its side are at the left one")
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              JsonObject left =
                  followers(admin.call("GET", "nodes", "", 200)).stream()
                      .filter(node -> node.getString("name").equals("left"))
                      .findFirst()
                      .orElseThrow();
              assertThat(left.getInt("viewers")).isEqualTo(8);
              assertThat(left.isNull("roundTripMillis")).as("not known yet").isFalse();
              assertThat(left.isNull("bytesPerSecond")).as("not known yet").isFalse();
              assertThat(left.getJsonNumber("roundTripMillis").doubleValue()).isPositive();
              assertThat(left.getJsonNumber("bytesPerSecond").doubleValue()).isPositive();
            });
  }

  private static List<JsonObject> followers(JsonObject nodes) {
    return nodes.getJsonArray("followers").getValuesAs(JsonObject.class);
  }

  @Test
  void allNodesAreStartedAnewInGoodOrderAndViewersOfOthersDoNotNotice() throws Exception {
    leave();
    Map<String, Returning<ManySocket>> bySocket = new LinkedHashMap<>();
    Map<String, Returning<LiveStream>> byStream = new LinkedHashMap<>();
    try {
      for (String edge : EDGES) {
        bySocket.put(
            edge, Returning.bySocket(uri(edge, "live"), "gate", List.of("", ",'format':'mpeg1'")));
        byStream.put(edge, Returning.byStream(uri(edge, "live/gate.mjpeg")));
      }
      awaitVisits(bySocket, byStream, Map.of());
      Map<String, Integer> visits = new LinkedHashMap<>();
      EDGES.forEach(edge -> visits.put(edge, 1));
      for (String name : HOSTS.keySet()) {
        long begin = now();
        NODES.get(name).stop();
        start(name);
        visits.computeIfPresent(name, (edge, before) -> before + 1);
        long back = now();
        awaitVisits(bySocket, byStream, visits);
        if (EDGES.contains(name)) { // to the ingress, links come back slower the longer it was away
          assertThat(now() - back).as("micros until %s is seen to be back", name).isLessThan(BACK);
        }
        if (MIDDLE.containsKey(name)) {
          awaitOwnSide(name);
          assertThat(longestWait(newest(bySocket), 1, begin)).as(name).isLessThan(SOON);
        }
      }
      for (Returning<ManySocket> viewer : bySocket.values()) {
        viewer.visits().forEach(visit -> checkOrder("", visit));
        assertThat(viewer.visits().get(0).socket().awaitClose().code()).isIn(1001, 1012);
      }
    } finally {
      for (Returning<?> viewer : bySocket.values()) {
        viewer.close();
      }
      for (Returning<?> viewer : byStream.values()) {
        viewer.close();
      }
    }
  }

  private static List<ManySocket> newest(Map<String, Returning<ManySocket>> viewers) {
    return viewers.values().stream()
        .map(Returning::visits)
        .map(visits -> visits.get(visits.size() - 1))
        .toList();
  }

  /**
   * Waits until all get frames that are captured from now on.
   *
   * @param expected how often each edge's viewers have come by then; not looked at where empty
   */
  private static void awaitVisits(
      Map<String, Returning<ManySocket>> bySocket,
      Map<String, Returning<LiveStream>> byStream,
      Map<String, Integer> expected) {
    long since = now();
    Map<String, Integer> seen = new LinkedHashMap<>();
    bySocket.forEach(
        (edge, viewer) ->
            await(edge + " moves")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(
                    () -> {
                      List<ManySocket> visits = viewer.visits();
                      seen.put(edge, visits.size());
                      return !visits.isEmpty() && isMoving(visits.get(visits.size() - 1), since);
                    }));
    byStream.forEach(
        (edge, viewer) -> {
          await(edge + " is visited")
              .atMost(LIMIT)
              .until(() -> viewer.visits().size() >= expected.getOrDefault(edge, 1));
          List<LiveStream> visits = viewer.visits();
          visits.get(visits.size() - 1).awaitMore(3000);
          assertThat(viewer.visits()).as(edge).hasSize(expected.getOrDefault(edge, 1));
        });
    assertThat(seen).isEqualTo(expected.isEmpty() ? seen : expected);
  }

  private static boolean isMoving(ManySocket socket, long since) {
    return frames(socket, 1, since) > 3 && frames(socket, 2, since) > 3;
  }

  @Test
  void whatIsWantedCrossesALinkOnceHoweverManyWantIt() throws Exception {
    leave();
    Network.Host edge = HOSTS.get("a");
    TestAdmin left = new TestAdmin(NODES.get("left"));
    await("it has lingered out")
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(users(left)).doesNotContain("a"));
    long idle = edge.received();
    TimeUnit.SECONDS.sleep(3);
    assertThat(edge.received() - idle).as("nobody watches").isLessThan(40_000);

    List<LiveStream> viewers = new ArrayList<>();
    for (int viewer = 0; viewer < 5; viewer++) {
      LiveStream stream = LiveStream.open(uri("a", "live/gate.mjpeg"));
      streams.put("five " + viewer, stream);
      viewers.add(stream);
      stream.awaitMore(3000);
    }
    long before = edge.received();
    int got = viewers.get(0).size();
    TimeUnit.SECONDS.sleep(3);
    long crossed = edge.received() - before;
    int watched = viewers.get(0).size() - got;
    assertThat(crossed).isBetween(watched * 8L / 10, watched * 16L / 10 + 60_000);
  }

  /** The names of the followers that have anything from that node now. */
  private static List<String> users(TestAdmin node) throws Exception {
    return followers(node.call("GET", "nodes", "", 200)).stream()
        .filter(follower -> follower.getInt("sources") > 0)
        .map(follower -> follower.getString("name"))
        .toList();
  }

  /** Waits until those whose first origin that is have come back to it. */
  private static void awaitOwnSide(String middle) throws Exception {
    TestAdmin admin = new TestAdmin(NODES.get(middle));
    await("its side is back at " + middle)
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(users(admin)).containsAll(MIDDLE.get(middle)));
  }

  @Test
  void aKilledNodeIsReplacedByTheSpare() throws Exception {
    long begin = now();
    NODES.get("left").signal("KILL");
    NODES.get("left").awaitEnd();
    try {
      awaitMoving();
      checkThatNobodyWasLost();
      assertThat(longestWait(1, begin)).isLessThan(SOON);
    } finally {
      start("left");
    }
    awaitOwnSide("left");
    awaitMoving();
    checkThatNobodyWasLost();
  }

  @Test
  void aFrozenNodeIsReplacedByTheSpare() throws Exception {
    long begin = now();
    NODES.get("right").signal("STOP");
    try {
      TimeUnit.SECONDS.sleep(14); // longer than anybody waits for it
      awaitMoving();
      assertThat(longestWait(1, begin)).isLessThan(SOON);
    } finally {
      NODES.get("right").signal("CONT");
    }
    awaitMoving();
    checkThatNobodyWasLost();
  }

  @Test
  void aPulledPlugIsReplacedByTheSpare() throws Exception {
    long begin = now();
    HOSTS.get("left").connect(false);
    try {
      awaitMoving();
      assertThat(longestWait(1, begin)).isLessThan(SOON);
    } finally {
      HOSTS.get("left").connect(true);
    }
    awaitOwnSide("left");
    awaitMoving();
    checkThatNobodyWasLost();
  }

  @Test
  void theCardIsShownWhileTheIngressIsReplaced() throws Exception {
    NODES.get("ingress").signal("KILL");
    NODES.get("ingress").awaitEnd();
    for (String edge : EDGES) {
      for (int format = 1; format <= 2; format++) {
        sockets
            .get(edge)
            .awaitFrames(format, frames -> frames.get(frames.size() - 1).has(ManySocket.CARD));
      }
      streams.get(edge + " mjpeg").awaitMore(500);
      streams.get(edge + " gif").awaitMore(500);
    }
    start("ingress");
    awaitMoving();
    checkThatNobodyWasLost();
  }
}
