package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts, sessions, tokens and links of the real WAR. */
class AccessIT {
  private static final String PASSWORD = "correct horse";
  private static final Pattern SETUP = Pattern.compile("open (http://\\S+/admin/)#setup=(\\S+) to");

  @TempDir private static Path folder;

  private static TestServer server;
  private static String viewer; // Authorization
  private static String operator;
  private static String admin;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("gate", "kind: test-pattern", "width: 320", "height: 180");
    server = TestServer.at(home.folder(), Map.of("ZOETROPE_ADMIN_PASSWORD", PASSWORD));
    admin = basic("admin", PASSWORD);
    put("olga", "operator");
    put("vera", "viewer");
    operator = basic("olga", PASSWORD);
    viewer = basic("vera", PASSWORD);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void put(String name, String role) throws Exception {
    HttpResponse<String> answer =
        call(
            server,
            "PUT",
            "accounts/" + name,
            "{\"role\": \""
                + role
                + "\", \"sources\": [\"gate\"], \"password\": \""
                + PASSWORD
                + "\"}",
            "Authorization",
            admin);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static String basic(String name, String password) {
    byte[] both = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private static HttpResponse<String> call(
      TestServer server, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("api/v1/" + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(30));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> call(
      String method, String path, String body, String... headers) throws Exception {
    return call(server, method, path, body, headers);
  }

  private static JsonObject json(HttpResponse<String> answer) {
    try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
      return reader.readObject();
    }
  }

  private static JsonArray array(HttpResponse<String> answer) {
    try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
      return reader.readArray();
    }
  }

  private static String setCookie(HttpResponse<String> answer) {
    return answer.headers().firstValue("Set-Cookie").orElse("");
  }

  /** Name and value, as a browser sends it. */
  private static String cookie(HttpResponse<String> answer) {
    return setCookie(answer).split(";", 2)[0];
  }

  private static String credentials(String name, String password) {
    return "{\"name\": \"" + name + "\", \"password\": \"" + password + "\"}";
  }

  private static HttpResponse<String> signIn(String name) throws Exception {
    HttpResponse<String> answer = call("POST", "session", credentials(name, PASSWORD));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  @Test
  @Execution(CONCURRENT)
  void setupLinkOfTheLogMakesTheFirstAccountOnce() throws Exception {
    Path home = folder.resolve("first");
    String link;
    try (TestServer first = TestServer.at(home)) {
      Awaitility.await("link").until(() -> SETUP.matcher(first.log()).find());
      Matcher found = SETUP.matcher(first.log());
      assertThat(found.find()).isTrue();
      assertThat(found.group(1)).isEqualTo(first.uri("admin/").toString());
      link = found.group(2);
      assertThat(json(call(first, "GET", "session", "")).toString())
          .isEqualTo("{\"role\":\"nobody\",\"setup\":true}");
      String body = "{\"token\": \"" + link + "\", \"name\": \"root\", \"password\": \"%s\"}";

      HttpResponse<String> tooShort = call(first, "POST", "setup", String.format(body, "short"));
      assertThat(tooShort.statusCode()).isEqualTo(422);
      assertThat(tooShort.body())
          .contains("8 to 72 letters and digits")
          .doesNotContain("\"short\"");
      HttpResponse<String> done = call(first, "POST", "setup", String.format(body, PASSWORD));
      assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
      assertThat(json(done).getString("name")).isEqualTo("root");
      assertThat(json(done).getString("role")).isEqualTo("admin");
      assertThat(json(done).getString("via")).isEqualTo("session");
      assertThat(call(first, "GET", "accounts", "", "Cookie", cookie(done)).statusCode())
          .isEqualTo(200);
      assertThat(call(first, "POST", "setup", String.format(body, PASSWORD)).statusCode())
          .isEqualTo(409);
      Path file = home.resolve("access.yaml");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(Files.readString(file)).contains("$2a$10$").doesNotContain(PASSWORD);
    }

    try (TestServer again = TestServer.at(home)) {
      assertThat(again.log()).doesNotContain("#setup=");
      assertThat(json(call(again, "GET", "session", "")).getBoolean("setup")).isFalse();
      assertThat(
              call(again, "GET", "accounts", "", "Authorization", basic("root", PASSWORD))
                  .statusCode())
          .isEqualTo(200);
    }

    Files.writeString(home.resolve("access.yaml"), "accounts: {root: {role: admin}}");
    try (TestServer broken = TestServer.at(home)) {
      assertThat(broken.log()).contains("access.yaml:1: accounts.root.password — missing");
      assertThat(broken.log()).doesNotContain("#setup=");
      assertThat(json(call(broken, "GET", "session", "")).getBoolean("setup")).isFalse();
      assertThat(
              call(broken, "GET", "accounts", "", "Authorization", basic("root", PASSWORD))
                  .statusCode())
          .isEqualTo(401);
    }
    assertThat(Files.readString(home.resolve("access.yaml")))
        .isEqualTo("accounts: {root: {role: admin}}");
  }

  @Test
  void variableSetsThePasswordAndIsShownNowhere() {
    assertThat(server.log()).doesNotContain("#setup=", PASSWORD);
  }

  @Test
  void sessionBeginsIsRotatedAndEnds() throws Exception {
    HttpResponse<String> first = signIn("vera");
    assertThat(setCookie(first))
        .startsWith("zoetrope-session=")
        .contains("HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain("Secure");
    assertThat(json(first).getString("role")).isEqualTo("viewer");
    assertThat(json(first).getJsonArray("sources").getString(0)).isEqualTo("gate");
    String csrf = json(first).getString("csrf");

    HttpResponse<String> got = call("GET", "session", "", "Cookie", cookie(first));
    assertThat(json(got)).isEqualTo(json(first));
    HttpResponse<String> second =
        call("POST", "session", credentials("vera", PASSWORD), "Cookie", cookie(first));
    assertThat(cookie(second)).isNotEqualTo(cookie(first));
    assertThat(json(call("GET", "session", "", "Cookie", cookie(first))).getString("role"))
        .isEqualTo("nobody");

    String cookie = cookie(second);
    assertThat(call("DELETE", "session", "", "Cookie", cookie).statusCode()).isEqualTo(403);
    assertThat(call("DELETE", "session", "", "Cookie", cookie, "X-CSRF-Token", csrf).statusCode())
        .as("that of another session")
        .isEqualTo(403);
    HttpResponse<String> out =
        call(
            "DELETE",
            "session",
            "",
            "Cookie",
            cookie,
            "X-CSRF-Token",
            json(second).getString("csrf"));
    assertThat(out.statusCode()).isEqualTo(204);
    assertThat(setCookie(out)).containsPattern("Max-Age=0|Expires=Thu, 01 Jan 1970");
    assertThat(json(call("GET", "session", "", "Cookie", cookie)).getString("role"))
        .isEqualTo("nobody");
  }

  @Test
  void cookieOfAPageByHttpsIsForHttpsAloneAlsoBehindAProxy() throws Exception {
    String origin = "https://" + server.uri().getAuthority();

    HttpResponse<String> answer =
        call("POST", "session", credentials("vera", PASSWORD), "Origin", origin);

    assertThat(setCookie(answer)).contains("; Secure", "HttpOnly", "SameSite=Strict");
  }

  @Test
  void adminTokenOfTheFileIsOutOfUseWhenItIsAnother() throws Exception {
    TestHome home = new TestHome(folder.resolve("token"));
    home.secrets("admin-token: \"the first one\"");
    try (TestServer own = TestServer.at(home.folder());
        LiveStream events =
            LiveStream.open(own.uri("api/v1/events"), "Authorization", "Bearer the first one")) {
      events.awaitMore(1);

      home.secrets("admin-token: \"the second one\"");

      Awaitility.await("the first one is nobody's")
          .atMost(Duration.ofSeconds(4))
          .until(
              () ->
                  call(own, "GET", "sources", "", "Authorization", "Bearer the first one")
                          .statusCode()
                      == 401);
      Awaitility.await("its events end").atMost(Duration.ofSeconds(2)).until(events::hasEnded);
      assertThat(
              call(own, "GET", "sources", "", "Authorization", "Bearer the second one")
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void accountIsEditedAsItWasGotAndListsComeInParts() throws Exception {
    put("edited", "viewer");
    HttpResponse<String> got = call("GET", "accounts/edited", "", "Authorization", admin);
    String tag = got.headers().firstValue("ETag").orElseThrow();
    assertThat(json(got).getString("role")).isEqualTo("viewer");
    String body = "{\"role\": \"operator\"}";

    HttpResponse<String> first =
        call("PUT", "accounts/edited", body, "Authorization", admin, "If-Match", tag);
    HttpResponse<String> second =
        call("PUT", "accounts/edited", body, "Authorization", admin, "If-Match", tag);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(first.headers().firstValue("ETag")).isPresent().get().isNotEqualTo(tag);
    assertThat(second.statusCode()).isEqualTo(412);
    assertThat(
            call("DELETE", "accounts/edited", "", "Authorization", admin, "If-Match", tag)
                .statusCode())
        .isEqualTo(412);
    assertThat(call("GET", "accounts/none", "", "Authorization", admin).statusCode())
        .isEqualTo(404);
    for (String list : List.of("accounts", "tokens", "links", "nodes/keys", "sources")) {
      HttpResponse<String> all = call("GET", list, "", "Authorization", admin);
      HttpResponse<String> some =
          call("GET", list + "?offset=1&limit=1", "", "Authorization", admin);
      int count = array(all).size();
      assertThat(all.headers().firstValue("X-Total-Count")).hasValue(count + "");
      assertThat(some.headers().firstValue("X-Total-Count")).hasValue(count + "");
      assertThat(array(some)).isEqualTo(array(all).subList(Math.min(1, count), Math.min(2, count)));
      assertThat(call("GET", list + "?limit=0", "", "Authorization", admin).statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void pageOfAnAdministratorChangesSomethingWithItsTokenAlone() throws Exception {
    HttpResponse<String> session = signIn("admin");
    String csrf = json(session).getString("csrf");
    String body = "{\"title\": \"page\", \"role\": \"operator\"}";

    HttpResponse<String> without = call("POST", "tokens", body, "Cookie", cookie(session));
    assertThat(without.statusCode()).isEqualTo(403);
    assertThat(without.body()).contains("X-CSRF-Token");
    assertThat(
            call("POST", "tokens", body, "Cookie", cookie(session), "X-CSRF-Token", csrf)
                .statusCode())
        .isEqualTo(201);
    assertThat(call("GET", "tokens", "", "Cookie", cookie(session)).statusCode()).isEqualTo(200);
  }

  @Test
  void tokenIsShownOnceAndGoodUntilItIsTakenBack() throws Exception {
    HttpResponse<String> made =
        call(
            "POST",
            "tokens",
            "{\"title\": \"recorder\", \"role\": \"operator\", \"days\": 7}",
            "Authorization",
            admin);
    String bearer = "Bearer " + json(made).getString("token");
    String id = json(made).getString("id");

    assertThat(json(call("GET", "session", "", "Authorization", bearer)).toString())
        .contains("\"recorder\"", "\"operator\"", "\"token\"");
    assertThat(call("GET", "sources", "", "Authorization", bearer).statusCode()).isEqualTo(200);
    HttpResponse<String> listed = call("GET", "tokens", "", "Authorization", admin);
    assertThat(listed.body()).contains(id).doesNotContain(json(made).getString("token"));
    JsonObject one =
        array(listed).getValuesAs(JsonObject.class).stream()
            .filter(token -> token.getString("id").equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(one.getString("lastUsed")).isNotEmpty();
    assertThat(one.getString("expiresAt")).isGreaterThan(one.getString("createdAt"));
    assertThat(Files.readString(server.home().resolve("access.yaml")))
        .contains(id)
        .doesNotContain(json(made).getString("token"));

    assertThat(call("DELETE", "tokens/" + id, "", "Authorization", admin).statusCode())
        .isEqualTo(204);
    assertThat(call("GET", "sources", "", "Authorization", bearer).statusCode()).isEqualTo(401);
  }

  @Test
  void nodeKeyIsShownOnceAndLetsIntoNothingOfTheApi() throws Exception {
    HttpResponse<String> made =
        call(
            "POST",
            "nodes/keys",
            "{\"title\": \"edge\", \"sources\": [\"gate\"]}",
            "Authorization",
            admin);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String key = json(made).getString("key");
    String id = json(made).getString("id");
    HttpResponse<String> wide =
        call("POST", "nodes/keys", "{\"title\": \"all\"}", "Authorization", admin);
    assertThat(json(wide).isNull("sources")).isTrue();

    HttpResponse<String> listed = call("GET", "nodes/keys", "", "Authorization", admin);
    assertThat(listed.body()).contains(id, "\"edge\"", "[\"gate\"]").doesNotContain(key);
    assertThat(Files.readString(server.home().resolve("access.yaml")))
        .contains(id)
        .doesNotContain(key);
    for (String path : List.of("sources", "nodes", "nodes/keys")) {
      assertThat(call("GET", path, "", "Authorization", "Bearer " + key).statusCode())
          .as(path)
          .isEqualTo(401);
    }
    assertThat(call("GET", "nodes/keys", "", "Authorization", operator).statusCode())
        .isEqualTo(403);

    assertThat(call("DELETE", "nodes/keys/" + id, "", "Authorization", admin).statusCode())
        .isEqualTo(204);
    assertThat(call("DELETE", "nodes/keys/" + id, "", "Authorization", admin).statusCode())
        .isEqualTo(404);
    assertThat(call("GET", "nodes/keys", "", "Authorization", admin).body()).doesNotContain(id);
  }

  @Test
  void nodeKeyAndTheNodesIdOutliveTheServer() throws Exception {
    TestHome home = new TestHome(folder.resolve("node"));
    home.secrets("admin-token: \"the first one\"");
    String listed;
    String node;
    try (TestServer own = TestServer.at(home.folder())) {
      String body = "{\"title\": \"edge\", \"sources\": [\"gate\"]}";
      call(own, "POST", "nodes/keys", body, "Authorization", "Bearer the first one");
      listed = call(own, "GET", "nodes/keys", "", "Authorization", "Bearer the first one").body();
      node = call(own, "GET", "nodes", "", "Authorization", "Bearer the first one").body();
    }
    assertThat(listed).contains("\"edge\"");

    try (TestServer own = TestServer.at(home.folder())) {
      assertThat(call(own, "GET", "nodes/keys", "", "Authorization", "Bearer the first one").body())
          .isEqualTo(listed);
      assertThat(call(own, "GET", "nodes", "", "Authorization", "Bearer the first one").body())
          .isEqualTo(node);
    }
  }

  @Test
  void nodeKeyForNoSourceAtAllIsRefused() throws Exception {
    for (String body :
        List.of(
            "{\"title\": \"none\", \"sources\": []}",
            "{\"title\": \"none\", \"sources\": \"gate\"}",
            "{\"title\": \"none\", \"sources\": [\"A b\"]}",
            "{\"title\": \"\"}",
            "{\"title\": \"none\", \"role\": \"admin\"}")) {
      HttpResponse<String> refused = call("POST", "nodes/keys", body, "Authorization", admin);

      assertThat(refused.statusCode()).as(body + refused.body()).isEqualTo(422);
    }
    assertThat(call("GET", "nodes/keys", "", "Authorization", admin).body())
        .doesNotContain("\"none\"");
  }

  @Test
  void nodeSaysWhoItIs() throws Exception {
    JsonObject nodes = json(call("GET", "nodes", "", "Authorization", operator));

    String id = Files.readString(server.home().resolve("node-id")).strip();
    assertThat(nodes.getJsonObject("node").getString("id")).isEqualTo(id).startsWith("n-");
    assertThat(nodes.getJsonObject("node").getString("name")).isNotEmpty();
    assertThat(nodes.getJsonArray("origins")).isEmpty();
    assertThat(nodes.getJsonArray("followers")).isEmpty();
  }

  @Test
  void tokenThatHasExpiredIsNobodys() throws Exception {
    HttpResponse<String> made =
        call(
            "POST",
            "tokens",
            "{\"title\": \"old\", \"role\": \"operator\", \"days\": 1}",
            "Authorization",
            admin);
    String bearer = "Bearer " + json(made).getString("token");
    assertThat(call("GET", "sources", "", "Authorization", bearer).statusCode()).isEqualTo(200);
    Path file = server.home().resolve("access.yaml");

    // By hand, as a day is long.
    String expiry = json(made).getString("expiresAt");
    Files.writeString(file, Files.readString(file).replace(expiry, "2026-01-01T00:00:00Z"));

    Awaitility.await("picked up")
        .atMost(Duration.ofSeconds(4))
        .until(() -> call("GET", "sources", "", "Authorization", bearer).statusCode() == 401);
    assertThat(call("GET", "sources", "", "Authorization", operator).statusCode()).isEqualTo(200);
  }

  @Test
  void linkIsMadeListedAndRevoked() throws Exception {
    HttpResponse<String> made =
        call(
            "POST",
            "links",
            "{\"title\": \"friend\", \"sources\": [\"gate\"], \"ways\": [\"gif\", \"jpg\"],"
                + " \"hours\": 2, \"maxViewers\": 3}",
            "Authorization",
            admin);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    JsonObject link = json(made);
    assertThat(link.getString("path")).isEqualTo("/watch/gate?link=" + link.getString("link"));

    JsonObject listed =
        array(call("GET", "links", "", "Authorization", admin))
            .getValuesAs(JsonObject.class)
            .stream()
            .filter(one -> one.getString("id").equals(link.getString("id")))
            .findFirst()
            .orElseThrow();
    assertThat(listed.getInt("maxViewers")).isEqualTo(3);
    assertThat(listed.getInt("viewers")).isZero();
    assertThat(listed.getBoolean("revoked")).isFalse();
    assertThat(listed.getJsonArray("ways").toString()).isEqualTo("[\"gif\",\"jpg\"]");

    String path = "links/" + link.getString("id");
    assertThat(call("DELETE", path, "", "Authorization", admin).statusCode()).isEqualTo(204);
    assertThat(call("DELETE", path, "", "Authorization", admin).statusCode()).isEqualTo(404);
    assertThat(call("GET", "links", "", "Authorization", admin).body())
        .doesNotContain(link.getString("id"));
  }

  @Test
  void eventsEndWithTheRightToSeeThem() throws Exception {
    JsonObject token =
        json(
            call(
                "POST",
                "tokens",
                "{\"title\": \"wall\", \"role\": \"operator\"}",
                "Authorization",
                admin));
    try (LiveStream events =
        LiveStream.open(
            server.uri("api/v1/events"), "Authorization", "Bearer " + token.getString("token"))) {
      events.awaitMore(1);
      call("DELETE", "tokens/" + token.getString("id"), "", "Authorization", admin);

      Awaitility.await("its end").atMost(Duration.ofSeconds(2)).until(events::hasEnded);
    }
  }

  @Test
  void childrenDoNotSeeThePassword() throws Exception {
    try (LiveStream stream = LiveStream.open(server.uri("live/gate.mjpeg"))) {
      stream.awaitMore(1);
      List<ProcessHandle> children = server.children();
      assertThat(children).isNotEmpty();
      for (ProcessHandle child : children) {
        Path environment = Path.of("/proc/" + child.pid() + "/environ");
        assertThat(Files.readString(environment, StandardCharsets.ISO_8859_1))
            .doesNotContain(PASSWORD);
      }
    }
  }

  @Test
  @Execution(CONCURRENT)
  void guessingIsSlowedBySessionAndByBasic() throws Exception {
    try (TestServer own =
        TestServer.at(folder.resolve("guessed"), Map.of("ZOETROPE_ADMIN_PASSWORD", PASSWORD))) {
      HttpResponse<String> wrong =
          call(own, "POST", "session", credentials("admin", "a wrong one"));
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      HttpResponse<String> soon = call(own, "POST", "session", credentials("admin", PASSWORD));
      assertThat(soon.statusCode()).isEqualTo(429);
      assertThat(soon.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(
              call(own, "GET", "accounts", "", "Authorization", basic("admin", PASSWORD))
                  .statusCode())
          .isEqualTo(429);

      List<String> waits = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < 2; i++) {
        Awaitility.await("the next guess is looked at")
            .atMost(Duration.ofSeconds(10))
            .until(
                () ->
                    call(own, "GET", "accounts", "", "Authorization", basic("admin", "wrong again"))
                            .statusCode()
                        == 401);
        HttpResponse<String> next =
            call(own, "GET", "accounts", "", "Authorization", basic("admin", PASSWORD));
        waits.add(next.headers().firstValue("Retry-After").orElse("none"));
      }
      assertThat(waits).containsExactly("2", "4");
      HttpResponse<String> elsewhere = // as it says itself
          call(
              own,
              "POST",
              "session",
              credentials("nobody-else", PASSWORD),
              "X-Forwarded-For",
              "203.0.113.7",
              "Forwarded",
              "for=203.0.113.7",
              "X-Real-IP",
              "203.0.113.7");
      assertThat(elsewhere.statusCode()).as("still the same address").isEqualTo(429);
      HttpResponse<String> events =
          call(own, "GET", "events", "", "Authorization", basic("admin", PASSWORD));
      assertThat(events.statusCode()).isEqualTo(429);
      assertThat(events.headers().firstValue("Retry-After")).isPresent();
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThan(Duration.ofMillis(2500));
      Awaitility.await("the right one")
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  call(own, "POST", "session", credentials("admin", PASSWORD)).statusCode() == 200);
      assertThat(own.log())
          .contains("wrong password for admin from 127.0.0.1")
          .doesNotContain(PASSWORD, "wrong again");
    }
  }

  @Test
  void ownPasswordIsChanged() throws Exception {
    put("paul", "viewer");
    HttpResponse<String> session = signIn("paul");
    HttpResponse<String> other = signIn("paul");
    String[] headers = {"Cookie", cookie(session), "X-CSRF-Token", json(session).getString("csrf")};

    HttpResponse<String> mistaken =
        call("PUT", "session/password", "{\"old\": \"" + PASSWORD + "\", \"new\": \"x\"}", headers);
    assertThat(mistaken.statusCode()).isEqualTo(422);
    assertThat(json(mistaken).getJsonArray("errors").getJsonObject(0).getString("key"))
        .isEqualTo("new");
    HttpResponse<String> done =
        call(
            "PUT",
            "session/password",
            "{\"old\": \"" + PASSWORD + "\", \"new\": \"battery staple\"}",
            headers);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(204);

    assertThat(json(call("GET", "session", "", "Cookie", cookie(session))).getString("role"))
        .isEqualTo("viewer");
    assertThat(json(call("GET", "session", "", "Cookie", cookie(other))).getString("role"))
        .isEqualTo("nobody");
    assertThat(call("POST", "session", credentials("paul", "battery staple")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void lastAdministratorStays() throws Exception {
    assertThat(call("DELETE", "accounts/admin", "", "Authorization", admin).statusCode())
        .isEqualTo(409);
    assertThat(
            call("PUT", "accounts/admin", "{\"role\": \"viewer\"}", "Authorization", admin)
                .statusCode())
        .isEqualTo(409);
    assertThat(call("GET", "accounts", "", "Authorization", admin).body())
        .contains("\"admin\"", "\"olga\"", "\"vera\"")
        .doesNotContain("$2a$");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT  | accounts/Bad%20Name | {\"role\": \"viewer\", \"password\": \"long enough\"} | name",
        "PUT  | accounts/new  | {\"role\": \"emperor\", \"password\": \"long enough\"}      | role",
        "PUT  | accounts/new  | {\"role\": \"viewer\"}                                      | password",
        "PUT  | accounts/new  | {\"role\": \"viewer\", \"password\": 12345678}              | password",
        "PUT  | accounts/new  | {\"role\": \"viewer\", \"sources\": [\"A b\"]}              | sources",
        "PUT  | accounts/new  | {\"role\": \"viewer\", \"pasword\": \"long enough\"}        | pasword",
        "POST | tokens        | {\"role\": \"viewer\"}                                      | title",
        "POST | tokens        | {\"title\": \"a\\u0007b\", \"role\": \"viewer\"}            | title",
        "POST | tokens        | {\"title\": \"\\uffff\", \"role\": \"viewer\"}              | title",
        "POST | tokens        | {\"title\": \"x\", \"role\": \"viewer\", \"days\": 0}       | days",
        "POST | tokens        | {\"title\": \"x\", \"role\": \"viewer\", \"days\": 1.5}     | days",
        "POST | tokens        | {\"title\": \"x\", \"role\": \"viewer\", \"days\": 1e99}    | days",
        "POST | links         | {\"title\": \"x\", \"hours\": 1}                            | sources",
        "POST | links         | {\"title\": \"x\", \"sources\": [\"gate\"]}                 | hours",
        "POST | links         | {\"title\": \"x\", \"sources\": [\"gate\"], \"hours\": 99999} | hours",
        "POST | links         | {\"title\": \"x\", \"sources\": \"gate\", \"hours\": 1}     | sources",
        "POST | links | {\"title\":\"x\",\"sources\":[\"gate\"],\"hours\":1,\"ways\":[\"avi\"]} | ways",
        "POST | links | {\"title\":\"x\",\"sources\":[\"gate\"],\"hours\":1,\"maxViewers\":0} | maxViewers",
        "POST | session       | {\"name\": \"vera\"}                                        | password",
      })
  void badInputNamesTheKey(String method, String path, String body, String key) throws Exception {
    HttpResponse<String> answer = call(method, path, body, "Authorization", admin);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(json(answer).getJsonArray("errors").getJsonObject(0).getString("key"))
        .isEqualTo(key);
    assertThat(answer.body()).doesNotContain("long enough", "12345678");
  }

  @Test
  void bodyThatIsNoJsonIsRefused() throws Exception {
    assertThat(call("POST", "session", "[").statusCode()).isEqualTo(400);
    assertThat(call("POST", "session", "x".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
    HttpRequest form =
        HttpRequest.newBuilder(server.uri("api/v1/session"))
            .POST(BodyPublishers.ofString(credentials("vera", PASSWORD)))
            .header("Content-Type", "text/plain")
            .build();
    assertThat(LiveStream.CLIENT.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
  }

  /** Whoever may gets something else than 401 and 403: there is no source, token or link "none". */
  @ParameterizedTest
  @CsvSource({
    "GET,    session,                     nobody",
    "POST,   session,                     nobody",
    "POST,   setup,                       nobody",
    "DELETE, session,                     nobody",
    "PUT,    session/password,            viewer",
    "GET,    accounts,                    admin",
    "PUT,    accounts/none,               admin",
    "DELETE, accounts/none,               admin",
    "GET,    tokens,                      admin",
    "POST,   tokens,                      admin",
    "DELETE, tokens/none,                 admin",
    "GET,    links,                       admin",
    "POST,   links,                       admin",
    "DELETE, links/none,                  admin",
    "GET,    sources,                     operator",
    "HEAD,   sources,                     operator",
    "GET,    sources/none,                operator",
    "GET,    sources/none/stats,          operator",
    "GET,    sources/none/timeline,       operator",
    "GET,    sources/none/log,            operator",
    "GET,    sources/none/viewers,        operator",
    "POST,   sources/none/start,          operator",
    "POST,   sources/none/stop,           operator",
    "POST,   sources/none/restart,        operator",
    "POST,   sources/none/try-now,        operator",
    "PUT,    sources/none,                admin",
    "PATCH,  sources/none,                admin",
    "DELETE, sources/none,                admin",
    "DELETE, sources/none/viewers/1,      operator",
    "GET,    sources/none/publish-key,    admin",
    "POST,   sources/none/publish-key,    admin",
    "POST,   sources/none/publish-key/reveal, admin",
    "POST,   probe,                       admin",
    "POST,   export,                      admin",
    "POST,   import,                      admin",
    "GET,    server,                      operator",
    "GET,    history,                     operator",
    "GET,    accounts/none,               admin",
    "GET,    webhooks,                    admin",
    "POST,   webhooks/none/test,          admin",
    "GET,    devices,                     admin",
    "GET,    discovery/onvif?seconds=1,   admin",
    "POST,   discovery/onvif,             admin",
    "GET,    nothing,                     operator",
  })
  void everyRoleMayWhatItMay(String method, String path, String needed) throws Exception {
    List<String> roles = List.of("nobody", "viewer", "operator", "admin");
    List<String> authorizations = List.of("", viewer, operator, admin);
    String body = List.of("GET", "HEAD", "DELETE").contains(method) ? "" : "{}";

    for (int i = 0; i < roles.size(); i++) {
      String authorization = authorizations.get(i);
      HttpResponse<String> answer =
          authorization.isEmpty()
              ? call(method, path, body)
              : call(method, path, body, "Authorization", authorization);

      boolean mayDoIt = i >= roles.indexOf(needed);
      if (mayDoIt) {
        assertThat(answer.statusCode()).as(roles.get(i)).isNotIn(401, 403, 405, 500);
      } else {
        assertThat(answer.statusCode()).as(roles.get(i)).isEqualTo(i == 0 ? 401 : 403);
      }
    }
  }
}
