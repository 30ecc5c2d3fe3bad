package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every door of the real WAR, and who gets in: by the fast door and by the container's. */
class DoorRightsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Within that, whoever may not watch any more is cut. */
  private static final Duration CUT = Duration.ofSeconds(1);

  private static final String KEY = "0123456789012345678901234567890123456789012";
  private static final String PASSWORD = "correct horse battery";
  private static final String PATTERN =
      "kind: test-pattern\nwidth: 64\nheight: 64\nfps: 10\nkeepRunning: true";

  private static final List<String> SOCKETS = List.of("mpeg1", "fmp4");

  /** What there is on a socket for many sources. */
  private static final List<String> FORMATS = List.of("mpeg1", "fmp4", "mjpeg");

  @TempDir private static Path folder;
  private static final Map<String, Front> FRONTS = new LinkedHashMap<>();

  /** A server, and who is who there. */
  private static final class Front implements AutoCloseable {
    private final TestServer server;
    private final TestAdmin admin;
    private final Map<String, String[]> visitors = new LinkedHashMap<>(); // headers by name

    Front(Path home, String fastDoor) throws Exception {
      TestHome made = new TestHome(home);
      made.source("gate", PATTERN, "access: signed-in", "origins: [https://page.example]");
      made.source("yard", PATTERN, "access: link");
      made.source("open", PATTERN);
      made.source("moved", PATTERN);
      Files.write(
          home.resolve("access.yaml"),
          List.of(
              "key: \"" + KEY + "\"",
              "links:",
              "  \"00000000000000aa\": {title: Old, sources: [gate, yard],"
                  + " createdAt: \"2020-01-01T00:00:00Z\", expiresAt: \"2020-01-02T00:00:00Z\"}"));
      server = TestServer.at(home, List.of("-Dzoetrope.fastDoor=" + fastDoor));
      admin = new TestAdmin(server);
      visitors.put("anonymous", new String[0]);
      visitors.put("admin", bearer(admin.token()));
      visitors.put("viewer", bearer(token("viewer", "gate", "yard")));
      visitors.put("other", bearer(token("viewer", "open")));
      visitors.put("operator", bearer(token("operator")));
      visitors.put("unknown", bearer("nobody's"));
      JsonObject ann =
          Json.createObjectBuilder()
              .add("role", "viewer")
              .add("sources", Json.createArrayBuilder(List.of("gate")))
              .add("password", PASSWORD)
              .build();
      admin.call("PUT", "accounts/ann", ann.toString(), 201);
      visitors.put("session", new String[] {"Cookie", session()});
      String basic = Base64.getEncoder().encodeToString(("ann:" + PASSWORD).getBytes(UTF_8));
      visitors.put("basic", new String[] {"Authorization", "Basic " + basic});
    }

    private static String[] bearer(String token) {
      return new String[] {"Authorization", "Bearer " + token};
    }

    private String token(String role, String... sources) throws Exception {
      String body =
          Json.createObjectBuilder()
              .add("title", role)
              .add("role", role)
              .add("sources", Json.createArrayBuilder(List.of(sources)))
              .build()
              .toString();
      return admin.call("POST", "tokens", body, 201).getString("token");
    }

    private String session() throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(server.uri("api/v1/session"))
              .header("Content-Type", "application/json")
              .POST(
                  BodyPublishers.ofString(
                      "{\"name\": \"ann\", \"password\": \"" + PASSWORD + "\"}"))
              .build();
      HttpResponse<String> answer = LiveStream.CLIENT.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    for (String fastDoor : List.of("auto", "off")) {
      FRONTS.put(fastDoor, new Front(folder.resolve(fastDoor), fastDoor));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (Front front : FRONTS.values()) {
      front.close();
    }
  }

  /** Front door, word of the way, method. */
  static Stream<Arguments> doors() {
    List<Arguments> doors = new ArrayList<>();
    for (String fastDoor : List.of("auto", "off")) {
      for (String word : List.of("gif", "mjpeg", "ts", "mp4", "jpg")) {
        doors.add(Arguments.of(fastDoor, word, "GET"));
        doors.add(Arguments.of(fastDoor, word, "HEAD"));
      }
      SOCKETS.forEach(word -> doors.add(Arguments.of(fastDoor, word, "SOCKET")));
      FORMATS.forEach(word -> doors.add(Arguments.of(fastDoor, word, "MANY")));
    }
    return doors.stream();
  }

  static Stream<Arguments> lasting() {
    return doors()
        .filter(door -> !door.get()[1].equals("jpg"))
        .filter(door -> !List.of("HEAD", "MANY").contains(door.get()[2])); // of many: see ManyIT
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @Execution(CONCURRENT)
  @MethodSource("doors")
  void doorAsksForTheRightToWatch(String fastDoor, String word, String method) throws Exception {
    Front front = FRONTS.get(fastDoor);
    Map<String, String> links = links(front, word);
    Map<String, Integer> expected = new LinkedHashMap<>();
    Map<String, Integer> found = new LinkedHashMap<>();
    Map<String, Integer> ofGate =
        Map.of("anonymous", 401, "unknown", 401, "other", 403); // the others may
    Map<String, Integer> ofYard =
        Map.of(
            "anonymous",
            401,
            "unknown",
            401,
            "other",
            403,
            "viewer",
            403,
            "session",
            403,
            "basic",
            403);

    for (String name : front.visitors.keySet()) {
      String[] headers = front.visitors.get(name);
      expected.put("gate " + name, ofGate.getOrDefault(name, 200));
      found.put("gate " + name, ask(front, word, method, "gate", "", headers));
      expected.put("yard " + name, ofYard.getOrDefault(name, 200));
      found.put("yard " + name, ask(front, word, method, "yard", "", headers));
      expected.put("open " + name, 200);
      found.put("open " + name, ask(front, word, method, "open", "", headers));
    }
    for (String name : links.keySet()) {
      for (String id : List.of("gate", "yard")) {
        expected.put(id + " by " + name, name.startsWith("link") ? 200 : 403);
        found.put(id + " by " + name, ask(front, word, method, id, links.get(name)));
      }
    }

    boolean isSocket = method.equals("SOCKET");
    expected.replaceAll((name, status) -> isSocket && status > 400 ? 1008 : status);
    assertThat(found).isEqualTo(expected);
  }

  private static Map<String, String> links(Front front, String word) throws Exception {
    Map<String, String> links = new LinkedHashMap<>();
    List<String> both = List.of("gate", "yard");
    JsonObject whole = front.admin.link(both, List.of());
    String value = whole.getString("link");
    links.put("link", value);
    links.put("link for this way", front.admin.link(both, List.of(word)).getString("link"));
    links.put("expired", expired());
    links.put("wrong signature", value.substring(0, value.length() - 3) + "AAA");
    links.put("garbage", "....");
    links.put(
        "another way",
        front.admin.link(both, List.of(word.equals("gif") ? "mp4" : "gif")).getString("link"));
    links.put("another source", front.admin.link(List.of("open"), List.of()).getString("link"));
    JsonObject revoked = front.admin.link(both, List.of());
    front.admin.revoke(revoked);
    links.put("revoked", revoked.getString("link"));
    return links;
  }

  /** Of {@code access.yaml}, signed as the server does. */
  private static String expired() throws Exception {
    String id = "00000000000000aa";
    String terms = String.join("\n", id, "gate,yard", "", "1577923200", "any");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(UTF_8), "HmacSHA256"));
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return base64.encodeToString(id.getBytes(UTF_8))
        + "."
        + base64.encodeToString(mac.doFinal(terms.getBytes(UTF_8)));
  }

  private static URI address(Front front, String word, String id, String link) {
    String path = SOCKETS.contains(word) ? "/" + word : "." + word;
    return front.server.uri("live/" + id + path + (link.isEmpty() ? "" : "?link=" + link));
  }

  /** The status; of a WebSocket its close code, or 200 where it sends something. */
  private static int ask(
      Front front, String word, String method, String id, String link, String... headers)
      throws Exception {
    if (method.equals("MANY")) {
      return askMany(front, word, id, link, lines(headers));
    }
    URI address = address(front, word, id, link);
    if (method.equals("SOCKET")) {
      return askSocket(address, lines(headers));
    }
    if (method.equals("HEAD")) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address).method("HEAD", BodyPublishers.noBody());
      if (headers.length > 0) {
        request.headers(headers);
      }
      return LiveStream.CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
    try (LiveStream stream = LiveStream.open(address, headers)) {
      int status = stream.head().statusCode();
      if (status != 200) {
        await().atMost(LIMIT).until(stream::hasEndedWell);
        assertThat(stream.text()).isNotBlank().doesNotContain("test-pattern", "rendition");
      }
      return status;
    }
  }

  private static String[] lines(String... headers) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      lines.add(headers[i] + ": " + headers[i + 1]);
    }
    return lines.toArray(String[]::new);
  }

  private static int askSocket(URI address, String... headers) throws IOException {
    try (LiveSocket socket = LiveSocket.open(address, headers)) {
      await().atMost(LIMIT).until(() -> socket.count() > 0 || socket.isClosed());
      return socket.count() > 0 ? 200 : socket.awaitClose().code();
    }
  }

  /** The status that the end of a subscription is told by, or 200 where frames come. */
  private static int askMany(Front front, String format, String id, String link, String... headers)
      throws IOException {
    String shown = link.isEmpty() ? "" : ",'link':'" + link + "'";
    try (ManySocket client = ManySocket.open(front.server.uri("live"), headers)) {
      client.subscribe(1, id, ",'format':'" + format + "'" + shown);
      await()
          .atMost(LIMIT)
          .until(() -> client.story(1).stream().anyMatch(List.of("fragment", "end")::contains));
      return client.texts("end", 1).stream()
          .findFirst()
          .map(end -> end.getInt("code") - 4000)
          .orElse(200);
    }
  }

  /** One viewer, however it came. */
  private record Watching(AutoCloseable connection, Callable<Boolean> hasEnded) {}

  private static Watching watch(URI address, boolean isSocket, String... headers) throws Exception {
    if (isSocket) {
      LiveSocket socket = LiveSocket.open(address, lines(headers));
      socket.await("messages", messages -> messages.size() > 2);
      return new Watching(socket, socket::isClosed);
    }
    LiveStream stream = LiveStream.open(address, headers);
    assertThat(stream.head().statusCode()).isEqualTo(200);
    stream.awaitMore(100);
    return new Watching(stream, stream::hasEnded);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("lasting")
  void revokedLinkCutsWhoWatchesByIt(String fastDoor, String word, String method) throws Exception {
    Front front = FRONTS.get(fastDoor);
    boolean isSocket = method.equals("SOCKET");
    JsonObject link = front.admin.link(List.of("gate"), List.of());
    JsonObject another = front.admin.link(List.of("gate"), List.of());
    Watching cut = watch(address(front, word, "gate", link.getString("link")), isSocket);
    Watching stays = watch(address(front, word, "gate", another.getString("link")), isSocket);

    front.admin.revoke(link);

    await().atMost(CUT).pollInterval(Duration.ofMillis(20)).until(cut.hasEnded());
    assertThat(stays.hasEnded().call()).isFalse();
    if (cut.connection() instanceof LiveSocket socket) {
      assertThat(socket.awaitClose().code()).isEqualTo(1008);
      assertThat(socket.awaitClose().reason()).isEqualTo("you may not watch this source any more");
    }
    cut.connection().close();
    stays.connection().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void revokedLinkCutsWhoTakesNothingAsWell(String fastDoor) throws Exception {
    Front front = FRONTS.get(fastDoor);
    String wide =
        "{\"kind\": \"test-pattern\", \"width\": 1280, \"height\": 720, \"access\": \"link\"}";
    front.admin.call("PUT", "sources/wide", wide, 201);
    JsonObject link = front.admin.link(List.of("wide"), List.of());
    URI uri = front.server.uri();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4 << 10); // before it connects
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      socket.setSoTimeout((int) LIMIT.toMillis());
      String request =
          "GET /live/wide.mjpeg?link=" + link.getString("link") + " HTTP/1.1\r\nHost: here\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      awaitStuck(front);

      front.admin.revoke(link);

      await()
          .atMost(CUT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> viewers(front, "wide").isEmpty());
      assertThat(drain(socket)).as("what its socket held").isLessThan(MOST_HELD_BYTES);
    }
    front.admin.call("DELETE", "sources/wide", "", 204);
  }

  private static final int MOST_HELD_BYTES = 4 << 20;

  private static JsonArray viewers(Front front, String id) throws Exception {
    String list = front.admin.text("GET", "sources/" + id + "/viewers", "", 200);
    return Json.createReader(new StringReader(list)).readArray();
  }

  /** Waits until the one viewer has been sent nothing more for a while. */
  private static void awaitStuck(Front front) {
    AtomicLong before = new AtomicLong();
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(700))
        .until(
            () -> {
              JsonArray viewers = viewers(front, "wide");
              long bytes =
                  viewers.isEmpty()
                      ? 0
                      : viewers.getJsonObject(0).getJsonNumber("bytes").longValue();
              return bytes > 0 && bytes == before.getAndSet(bytes);
            });
  }

  /** All that is there until the end. */
  private static int drain(Socket socket) throws IOException {
    byte[] some = new byte[64 << 10];
    int all = 0;
    try {
      int count = socket.getInputStream().read(some);
      while (count >= 0 && all < MOST_HELD_BYTES) {
        all += count;
        count = socket.getInputStream().read(some);
      }
    } catch (SocketException e) {
      assertThat(e).as("it is cut").hasMessageContaining("reset");
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void linkWithAsManyViewersAsItMayIsFullForNow(String fastDoor) throws Exception {
    Front front = FRONTS.get(fastDoor);
    String one = "{\"title\": \"One\", \"sources\": [\"gate\"], \"hours\": 1, \"maxViewers\": 1}";
    String link = front.admin.call("POST", "links", one, 201).getString("link");

    try (AutoCloseable first = watch(address(front, "mjpeg", "gate", link), false).connection()) {
      assertThat(first).isNotNull();
      assertThat(get(front, "/live/gate.gif?link=" + link))
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: ");
      assertThat(askSocket(address(front, "fmp4", "gate", link))).isEqualTo(1013);
      assertThat(list(front, "?link=" + link)).containsKey("gate");
    }
    await().atMost(LIMIT).until(() -> ask(front, "gif", "GET", "gate", link) == 200);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("lasting")
  void changedAccessCutsWhoMayNotWatchAnyMore(String fastDoor, String word, String method)
      throws Exception {
    Front front = FRONTS.get(fastDoor);
    boolean isSocket = method.equals("SOCKET");
    front.admin.call("PATCH", "sources/moved", "{\"access\": null}", 200);
    URI address = address(front, word, "moved", "");
    Watching anonymous = watch(address, isSocket);
    Watching operator = watch(address, isSocket, front.visitors.get("operator"));
    JsonObject before = SourceList.source(front.server, "moved");

    front.admin.call("PATCH", "sources/moved", "{\"access\": \"signed-in\"}", 200);

    await().atMost(CUT).pollInterval(Duration.ofMillis(20)).until(anonymous.hasEnded());
    assertThat(operator.hasEnded().call()).isFalse();
    assertThat(ask(front, word, method, "moved", "")).isEqualTo(isSocket ? 1008 : 401);
    front.admin.call("PATCH", "sources/moved", "{\"access\": \"public\"}", 200);
    JsonObject after = SourceList.source(front.server, "moved");
    assertThat(after.getString("state")).isEqualTo("live");
    assertThat(after.getJsonNumber("since")).isEqualTo(before.getJsonNumber("since"));
    assertThat(operator.hasEnded().call()).isFalse();
    anonymous.connection().close();
    operator.connection().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void pageOfAnotherOriginNeedsTheSourcesLeave(String fastDoor) throws Exception {
    Front front = FRONTS.get(fastDoor);
    String cookie = "Cookie: " + front.visitors.get("session")[1];
    String own = "Origin: " + front.server.uri().toString().replaceAll("/$", "");
    String foreign = "Origin: https://evil.example";
    String link = front.admin.link(List.of("gate"), List.of()).getString("link");

    for (String word : SOCKETS) {
      URI gate = address(front, word, "gate", "");
      assertThat(askSocket(gate, cookie)).isEqualTo(200);
      assertThat(askSocket(gate, cookie, own)).isEqualTo(200);
      assertThat(askSocket(gate, cookie, "Origin: https://page.example")).isEqualTo(200);
      assertThat(askSocket(gate, cookie, foreign)).isEqualTo(1008);
      assertThat(askSocket(gate, cookie, "Origin: https://page.example:8443")).isEqualTo(1008);
      assertThat(askSocket(gate, cookie, "Origin: null")).isEqualTo(1008);
      String basic = "Authorization: " + front.visitors.get("basic")[1];
      assertThat(askSocket(gate, basic, own)).isEqualTo(200);
      assertThat(askSocket(gate, basic, foreign)).as("remembered by a browser").isEqualTo(1008);
      assertThat(askSocket(address(front, word, "open", ""), cookie, foreign)).isEqualTo(200);
      assertThat(askSocket(address(front, word, "gate", link), cookie, foreign)).isEqualTo(200);
    }
    try (LiveStream stream =
        LiveStream.open(address(front, "mjpeg", "gate", link), "Origin", "https://evil.example")) {
      assertThat(stream.head().headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(stream.head().headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }
    for (String format : FORMATS) {
      assertThat(askMany(front, format, "gate", "", cookie)).isEqualTo(200);
      assertThat(askMany(front, format, "gate", "", cookie, own)).isEqualTo(200);
      assertThat(askMany(front, format, "gate", "", cookie, "Origin: https://page.example"))
          .isEqualTo(200);
      assertThat(askMany(front, format, "gate", "", cookie, foreign)).isEqualTo(403);
      assertThat(askMany(front, format, "gate", "", cookie, "Origin: null")).isEqualTo(403);
      assertThat(askMany(front, format, "open", "", cookie, foreign)).isEqualTo(200);
      assertThat(askMany(front, format, "gate", link, cookie, foreign)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void listShowsEachWhatItMayWatch(String fastDoor) throws Exception {
    Front front = FRONTS.get(fastDoor);
    String link = front.admin.link(List.of("yard"), List.of("mp4")).getString("link");

    assertThat(list(front, "")).isEqualTo(Map.of("open", "public", "moved", "public"));
    assertThat(list(front, "", front.visitors.get("session")))
        .isEqualTo(Map.of("open", "public", "moved", "public", "gate", "signed-in"));
    assertThat(list(front, "", front.visitors.get("other")))
        .isEqualTo(Map.of("open", "public", "moved", "public"));
    assertThat(list(front, "", front.visitors.get("operator"))).hasSize(4);
    assertThat(list(front, "?link=" + link))
        .isEqualTo(Map.of("open", "public", "moved", "public", "yard", "link"));
    assertThat(list(front, "?link=" + expired())).hasSize(2);
  }

  private static Map<String, String> list(Front front, String query, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(front.server.uri("live/" + query));
    if (headers.length > 0) {
      request.headers(headers);
    }
    String body = LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString()).body();
    Map<String, String> access = new LinkedHashMap<>();
    for (JsonValue each :
        Json.createReader(new StringReader(body)).readObject().getJsonArray("sources")) {
      access.put(each.asJsonObject().getString("id"), each.asJsonObject().getString("access"));
    }
    return access;
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void deniedRequestTellsNothingOfTheSource(String fastDoor) throws Exception {
    Front front = FRONTS.get(fastDoor);

    String denied = get(front, "/live/gate.gif?rendition=nope&strict=5");
    assertThat(denied).startsWith("HTTP/1.1 401 ").doesNotContain("rendition", "Basic");
    assertThat(denied).contains("Access-Control-Allow-Origin: *", "WWW-Authenticate: Bearer");
    HttpRequest published =
        HttpRequest.newBuilder(front.server.uri("publish/gate"))
            .POST(BodyPublishers.ofString("x"))
            .build();
    assertThat(LiveStream.CLIENT.send(published, BodyHandlers.ofString()).body())
        .contains("gate")
        .doesNotContain("test-pattern");
    assertThat(get(front, "/live/nothing.gif")).startsWith("HTTP/1.1 404 ");
    assertThat(askSocket(front.server.uri("live/nothing/fmp4"))).isEqualTo(4404);
    assertThat(get(front, "/live/gate.gif?link=%0d%0aSet-Cookie:%20a=b"))
        .startsWith("HTTP/1.1 403 ")
        .doesNotContain("\nSet-Cookie");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/live/../live/gate.gif",
        "/live/%2e%2e/live/gate.gif",
        "/live/x/../gate.gif",
        "/live//gate.gif",
        "/live/gate.gif;a=b",
        "/live/%67ate.gif",
        "/live/gate%2egif",
        "/live/..%2flive%2fgate.gif",
        "/live/..%5cgate.gif",
        "/live/gate%00.gif",
        "/live/gate.gif%0d%0aX-Injected:%20yes",
        "/live/gate%0d%0aX-Injected:%20yes.gif"
      })
  void wayRoundTheDoorLeadsNowhere(String path) throws Exception {
    String answer = get(FRONTS.get("auto"), path);

    assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*").doesNotContain("\nX-Injected");
  }

  /** The whole answer to what no decent client would send. */
  private static String get(Front front, String path) throws IOException {
    URI uri = front.server.uri();
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + uri.getAuthority()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/",
        "/admin",
        "/%61dmin/",
        "/x/../admin/",
        "/admin;a=b/",
        "/api/v1/sources"
      })
  void operatorsPagesAreNeverFramed(String path) throws Exception {
    String answer = get(FRONTS.get("auto"), path);

    assertThat(answer).contains("frame-ancestors 'none'", "X-Frame-Options: DENY");
    assertThat(answer).doesNotContain("script-src 'self' 'unsafe-inline'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/watch/gate", "/embed/open", "/"})
  void othersMayBe(String path) throws Exception {
    String answer = get(FRONTS.get("auto"), path);

    assertThat(answer).contains("Content-Security-Policy: default-src 'self'");
    assertThat(answer).doesNotContain("frame-ancestors", "X-Frame-Options", "script-src 'unsafe");
  }
}
