package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of the API says what the servlets of the real WAR do, and nothing else. */
class OpenApiIT {
  private static final List<String> METHODS = List.of("GET", "PUT", "POST", "PATCH", "DELETE");

  /** What parameters of paths are filled with; what is changed by a test is made for it. */
  private static final Map<String, String> FILLED =
      Map.of("{id}", "gate", "{name}", "phone", "{viewer}", "1");

  @TempDir private static Path folder;

  private static TestServer server;
  private static Operator operator;
  private static JsonObject document;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("gate", "kind: test-pattern", "width: 320", "height: 180");
    home.settings("webhooks:", "  phone: {url: \"http://127.0.0.1:1/\"}");
    server = TestServer.at(home.folder());
    operator = new Operator(server);
    HttpResponse<String> answer =
        LiveStream.CLIENT.send(
            HttpRequest.newBuilder(operator.api("openapi.json")).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    document = Operator.json(answer.body()).asJsonObject();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String filled(String path) {
    String filled = path.substring(1);
    for (Map.Entry<String, String> parameter : FILLED.entrySet()) {
      filled = filled.replace(parameter.getKey(), parameter.getValue());
    }
    return filled;
  }

  private static URI uri(String path, JsonObject operations) {
    return operations.containsKey("servers")
        ? server.uri(filled(path))
        : operator.api(filled(path));
  }

  /** Whether nobody answers: neither such a path nor such a method. */
  private static boolean isMissing(String method, URI uri) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("?"))
            .header("Authorization", operator.authorization())
            .header("If-Match", "\"none such\"") // nothing is changed
            .header("Content-Type", "text/plain")
            .timeout(Duration.ofSeconds(60))
            .build();
    HttpResponse<InputStream> answer =
        LiveStream.CLIENT.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) { // which may be endless
      if (answer.statusCode() != 404) {
        return answer.statusCode() == 405;
      }
      String why = new String(body.readAllBytes(), UTF_8); // "no such viewer", or the like, is well
      return !why.contains("\"detail\"") || why.contains("there is nothing here");
    }
  }

  @Test
  void whatIsDocumentedIsThere() throws Exception {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, JsonValue> path : document.getJsonObject("paths").entrySet()) {
      JsonObject operations = path.getValue().asJsonObject();
      for (String method : METHODS) {
        boolean isDocumented = operations.containsKey(method.toLowerCase(Locale.ROOT));
        if (isDocumented && isMissing(method, uri(path.getKey(), operations))) {
          missing.add(method + " " + path.getKey());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void whatIsThereIsDocumented() throws Exception {
    Set<String> paths = document.getJsonObject("paths").keySet();
    List<String> undocumented = new ArrayList<>();
    int asked = 0;
    String rooms = detail("GET", "nothing"); // whoever asks for what is not there is told what is
    for (String room : rooms.replaceFirst(".* are ", "").split(", ", -1)) {
      if (paths.stream().noneMatch(path -> (path + "/").startsWith("/" + room + "/"))) {
        undocumented.add(room);
      }
    }
    for (String path : paths) {
      JsonObject operations = document.getJsonObject("paths").getJsonObject(path);
      HttpResponse<String> answer = operator.call("PROPFIND", filled(path));
      Optional<String> allowed = answer.headers().firstValue("Allow");
      asked += allowed.isPresent() ? 1 : 0;
      for (String method : allowed.orElse("GET").split(", ", -1)) {
        boolean isDocumented = operations.containsKey(method.toLowerCase(Locale.ROOT));
        if (!isDocumented && METHODS.contains(method)) {
          undocumented.add(method + " " + path);
        }
      }
    }

    assertThat(rooms).contains("sources", "session");
    assertThat(asked).as("paths that say what they take").isGreaterThan(20);
    assertThat(undocumented).isEmpty();
  }

  private static String detail(String method, String path) throws Exception {
    HttpResponse<String> answer = operator.call(method, path);
    assertThat(answer.statusCode()).isEqualTo(404);
    return Operator.json(answer.body()).asJsonObject().getString("detail");
  }

  @Test
  void referencesLeadSomewhereAndEachCallSaysWhoMayMakeIt() {
    checkReferences(document);
    for (JsonValue operations : document.getJsonObject("paths").values()) {
      for (String method : METHODS) {
        JsonObject call = operations.asJsonObject().getJsonObject(method.toLowerCase(Locale.ROOT));
        if (call != null) {
          assertThat(call.getString("x-role")).isIn("nobody", "viewer", "operator", "admin");
          assertThat(call.getString("summary")).isNotEmpty();
          assertThat(call.getJsonObject("responses")).isNotEmpty();
        }
      }
    }
    assertThat(document.getString("openapi")).isEqualTo("3.1.0");
  }

  private static void checkReferences(JsonValue value) {
    if (value instanceof JsonObject object) {
      object.values().forEach(OpenApiIT::checkReferences);
      if (object.get("$ref") instanceof JsonString reference) {
        assertThat(document.getValue(reference.getString().substring(1))).isNotNull();
      }
    } else if (value.getValueType() == JsonValue.ValueType.ARRAY) {
      value.asJsonArray().forEach(OpenApiIT::checkReferences);
    }
  }

  private record Answer(int status, String body) {}

  /** One call of the document, with nothing in it that could be done. */
  private record Call(String method, URI uri, String role) {
    /** How one becomes somebody: there is no session yet that could be misused. */
    boolean isSignIn() {
      return method.equals("POST")
          && (uri.getPath().endsWith("/session") || uri.getPath().endsWith("/setup"));
    }

    Answer make(String... headers) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .method(
                  method,
                  method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("?"))
              .header("If-Match", "\"none such\"")
              .header("Content-Type", "text/plain")
              .timeout(Duration.ofSeconds(60));
      if (headers.length > 0) {
        request.headers(headers);
      }
      HttpResponse<InputStream> answer =
          LiveStream.CLIENT.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) { // which may be endless
        boolean isEndless = answer.statusCode() == 200 && uri.getPath().endsWith("/events");
        String text = isEndless ? "" : new String(body.readAllBytes(), UTF_8);
        return new Answer(answer.statusCode(), text);
      }
    }

    @Override
    public String toString() {
      return method + " " + uri.getPath();
    }
  }

  private static List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    document
        .getJsonObject("paths")
        .forEach(
            (path, value) -> {
              JsonObject operations = value.asJsonObject();
              for (String method : METHODS) {
                JsonObject call = operations.getJsonObject(method.toLowerCase(Locale.ROOT));
                if (call != null) {
                  calls.add(new Call(method, uri(path, operations), call.getString("x-role")));
                }
              }
            });
    return calls;
  }

  private static final List<String> ROLES = List.of("nobody", "viewer", "operator", "admin");
  private static final String PASSWORD = "correct horse";

  /** The headers by which somebody of that role is known; none for nobody. */
  private static String[] account(String role) throws Exception {
    if (role.equals("nobody")) {
      return new String[0];
    }
    String body = "{\"role\": \"" + role + "\", \"password\": \"" + PASSWORD + "\"}";
    HttpRequest request =
        HttpRequest.newBuilder(operator.api("accounts/an-" + role))
            .PUT(BodyPublishers.ofString(body))
            .header("Authorization", operator.authorization())
            .header("Content-Type", "application/json")
            .build();
    HttpResponse<String> made = LiveStream.CLIENT.send(request, BodyHandlers.ofString());
    assertThat(made.statusCode()).as(made.body()).isIn(200, 201);
    byte[] both = ("an-" + role + ":" + PASSWORD).getBytes(UTF_8);
    return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(both)};
  }

  @Test
  void eachCallIsForWhoHasItsRoleAndForNobodyLess() throws Exception {
    List<String> wrong = new ArrayList<>();
    List<Call> calls = calls();
    for (String role : ROLES) {
      String[] headers = account(role);
      for (Call call : calls) {
        boolean may = ROLES.indexOf(role) >= ROLES.indexOf(call.role());
        boolean isSignIn = call.isSignIn(); // says 401 of wrong passwords
        if (may && !role.equals(call.role())) {
          continue; // who has more may as well: not all of it is quick
        }

        int status = call.make(headers).status();

        int expected = role.equals("nobody") ? 401 : 403;
        boolean isLetIn = status != 401 && status != 403;
        if (!isSignIn && (may ? !isLetIn : status != expected)) {
          wrong.add(role + " " + call + ": " + status);
        }
      }
    }

    assertThat(calls).hasSizeGreaterThan(40);
    assertThat(wrong).isEmpty();
  }

  @Test
  void nothingIsChangedForAPageOfAnotherOrigin() throws Exception {
    String[] basic = account("admin");
    String credentials = "{\"name\": \"an-admin\", \"password\": \"" + PASSWORD + "\"}";
    HttpRequest signIn =
        HttpRequest.newBuilder(operator.api("session"))
            .POST(BodyPublishers.ofString(credentials))
            .header("Content-Type", "application/json")
            .build();
    HttpResponse<String> session = LiveStream.CLIENT.send(signIn, BodyHandlers.ofString());
    String cookie = session.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    List<String> wrong = new ArrayList<>();
    int asked = 0;

    for (Call call : calls()) {
      if (call.method().equals("GET") || call.isSignIn()) {
        continue;
      }
      asked++;
      Answer bySession = call.make("Cookie", cookie);
      if (bySession.status() != 403 || !bySession.body().contains("X-CSRF-Token")) {
        wrong.add(call + " by a session: " + bySession.status());
      }
      for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
        Answer byBasic = call.make(basic[0], basic[1], "Origin", origin);
        if (byBasic.status() != 403 || !byBasic.body().contains("another origin")) {
          wrong.add(call + " by Basic of " + origin + ": " + byBasic.status());
        }
      }
    }

    assertThat(asked).isGreaterThan(20);
    assertThat(wrong).isEmpty();
    String own = server.uri().toString().replaceAll("/$", "");
    Call restart = new Call("POST", operator.api("sources/gate/restart"), "operator");
    assertThat(restart.make(basic[0], basic[1], "Origin", own).status()).isEqualTo(200);
    assertThat(restart.make(basic).status()).isEqualTo(200);
  }

  @Test
  void pageShowsItWithoutScriptsOfOthers() throws Exception {
    for (String path : List.of("api/", "api/api.js", "api/api.css")) {
      HttpResponse<String> page =
          LiveStream.CLIENT.send(
              HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString());
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body()).doesNotContain("https://", "http://");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("script-src 'self'");
    }
  }
}
