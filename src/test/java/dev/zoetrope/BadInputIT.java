package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each key that the real WAR knows, of each kind of source, with each wrong kind of JSON: refused
 * with the key named and the file as it was, or taken and there. The keys are asked of the server.
 */
@Timeout(60)
class BadInputIT {
  private static final String TOKEN = "token-of-this-home";
  private static final String UNKNOWN = "zzzzzzzzzzzz";
  private static final String KNOWN_HERE = "known here: ";

  /** The body of a request may have 1 MiB: one key of each gets that. */
  private static final int LONGEST = 1_000_000;

  /** More than a value may have. */
  private static final int LONG = 70_000;

  private static final Map<String, JsonValue> VALUES = values();

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;
  private static Operator operator;

  private static Map<String, JsonValue> values() {
    Map<String, JsonValue> values = new LinkedHashMap<>();
    values.put("null", JsonValue.NULL);
    values.put("a negative number", Json.createValue(-987_654_321));
    values.put("a fraction", Json.createValue(1.5));
    values.put("a huge number", Json.createValue(1e300));
    values.put("a text", Json.createValue("nonsense \u00e9\u20ac"));
    values.put("an empty text", Json.createValue(""));
    values.put("a list", Json.createArrayBuilder().add(1).add("a").add(JsonValue.NULL).build());
    values.put("an empty list", JsonValue.EMPTY_JSON_ARRAY);
    values.put("an object", Json.createObjectBuilder().add("a", 1).build());
    values.put("a long text", Json.createValue("x".repeat(LONG)));
    values.put("control characters", Json.createValue("a\u0000\u0007\r\nb: c\u009f\u2028#\ud800"));
    values.put("many control characters", Json.createValue("\u0001".repeat(LONG / 4))); // \x01
    return values;
  }

  /** And the longest ones, too, where the key is the first of its kind. */
  private static Map<String, JsonValue> values(boolean isFirst) {
    if (!isFirst) {
      return VALUES;
    }
    Map<String, JsonValue> values = new LinkedHashMap<>(VALUES);
    values.put("1 MB of text", Json.createValue("x".repeat(LONGEST)));
    values.put("1 MB of control characters", Json.createValue("\u0001".repeat(LONGEST / 6)));
    return values;
  }

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    home.settings("rtmpPort: 0", "hardware: off");
    home.secrets("admin-token: \"" + TOKEN + "\"", "door: correct-horse-battery");
    Files.writeString(home.folder().resolve("media/a.mp4"), "");
    Files.createDirectory(home.folder().resolve("media/pictures"));
    server = TestServer.at(home.folder());
    operator = new Operator(server, TOKEN);
  }

  @AfterAll
  static void stop() throws Exception {
    assertThat(server.log()).doesNotContain("Exception").doesNotContain("invariant");
    server.close();
  }

  private static JsonObject with(JsonObject base, String key, JsonValue value) {
    return Json.createObjectBuilder(base).add(key, value).build();
  }

  private static HttpResponse<String> put(String id, JsonObject body) throws Exception {
    return operator.send("PUT", "sources/" + id, body.toString(), "If-Match", "*");
  }

  private static List<JsonObject> errors(HttpResponse<String> answer) {
    return Operator.object(answer).getJsonArray("errors").getValuesAs(JsonObject.class);
  }

  /** Those that an unknown one is told beside. */
  private static List<String> known(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    return errors(answer).stream()
        .filter(error -> error.getString("key").endsWith(UNKNOWN))
        .map(error -> error.getString("expected"))
        .filter(expected -> expected.contains(KNOWN_HERE))
        .map(expected -> expected.substring(expected.indexOf(KNOWN_HERE) + KNOWN_HERE.length()))
        .map(keys -> List.of(keys.split(", ", -1)))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'kind': 'test-pattern'}",
        "{'kind': 'file', 'path': 'a.mp4'}",
        "{'kind': 'url', 'url': 'rtsp://127.0.0.1/x', 'user': 'me'}",
        "{'kind': 'url', 'url': 'srt://127.0.0.1:9000'}",
        "{'kind': 'rtmp-publish', 'key': 'door'}",
        "{'kind': 'http-publish', 'key': 'door'}",
        "{'kind': 'pictures', 'key': 'door'}",
        "{'kind': 'srt-publish', 'port': 9000}",
        "{'kind': 'folder', 'path': 'pictures'}",
        "{'kind': 'webcam'}",
        "{'kind': 'pi-camera'}",
        "{'kind': 'screen'}",
        "{'kind': 'relay', 'origin': 'https://127.0.0.1:9', 'key': 'door'}",
      })
  void keyWithAWrongValueIsNamedAndTheFileStays(String json) throws Exception {
    JsonObject base = Operator.object(json.replace('\'', '"'));
    String id = base.getString("kind") + "-" + base.size();
    HttpResponse<String> made =
        operator.send("PUT", "sources/" + id, base.toString(), "If-None-Match", "*");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    List<String> keys = known(put(id, with(base, UNKNOWN, Json.createValue(1))));
    assertThat(keys).contains("title", "kind", "renditions").containsAll(base.keySet());

    for (String key : keys) {
      check(id, base, key, values(key.equals(keys.get(0))));
    }
  }

  /** It excludes another key. */
  private static JsonObject baseFor(String key, JsonObject base) {
    return key.equals("paths") ? Json.createObjectBuilder(base).remove("path").build() : base;
  }

  /** Each of the wrong values in the place of a right one. */
  private static void check(String id, JsonObject base, String key, Map<String, JsonValue> values)
      throws Exception {
    Path file = home.folder().resolve("sources").resolve(id + ".yaml");
    int refused = 0;
    for (Map.Entry<String, JsonValue> value : values.entrySet()) {
      String what = key + " of " + id + " as " + value.getKey();
      String before = Files.readString(file);

      HttpResponse<String> answer = put(id, with(baseFor(key, base), key, value.getValue()));

      boolean isNull = value.getValue() == JsonValue.NULL;
      if (answer.statusCode() == 200) {
        assertThat(Operator.object(answer).getJsonArray("mistakes")).as(what).isEmpty();
        assertThat(Operator.object(answer).getJsonObject("settings").containsKey(key))
            .as(what)
            .isEqualTo(!isNull);
        assertThat(put(id, base).statusCode()).as(what).isEqualTo(200);
      } else {
        assertThat(answer.statusCode()).as(what).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
            .startsWith("application/problem+json");
        assertThat(answer.body()).as(what).hasSizeLessThan(20_000);
        assertThat(errors(answer))
            .as(what)
            .anyMatch(
                error ->
                    error.getString("key").equals(key)
                        || error.getString("key").startsWith(key + ".")
                        || (isNull && error.getString("expected").startsWith("missing")))
            .allMatch(error -> !error.getString("expected").isEmpty());
        assertThat(Files.readString(file)).as(what).isEqualTo(before);
        refused++;
      }
    }
    assertThat(refused).as("%s of %s", key, id).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "process",
        "renditions.gif",
        "renditions.mjpeg",
        "renditions.mpeg1",
        "renditions.fmp4",
        "renditions.small"
      })
  void keyOfASectionWithAWrongValueIsNamed(String section) throws Exception {
    JsonObject pattern = Json.createObjectBuilder().add("kind", "test-pattern").build();
    String id = section.replace('.', '-');
    assertThat(
            operator
                .send("PUT", "sources/" + id, pattern.toString(), "If-None-Match", "*")
                .statusCode())
        .isEqualTo(201);
    JsonObject empty =
        section.endsWith("small")
            ? Json.createObjectBuilder().add("format", "gif").build()
            : JsonValue.EMPTY_JSON_OBJECT;
    JsonObject unknown = with(empty, UNKNOWN, Json.createValue(1));
    Path file = home.folder().resolve("sources").resolve(id + ".yaml");
    String before = Files.readString(file);

    List<String> keys = known(put(id, within(pattern, section, unknown)));
    for (String key : keys) {
      for (Map.Entry<String, JsonValue> value : values(key.equals(keys.get(0))).entrySet()) {
        String what = section + "." + key + " as " + value.getKey();

        HttpResponse<String> answer =
            put(id, within(pattern, section, with(empty, key, value.getValue())));

        boolean isAbsent = value.getValue() == JsonValue.NULL;
        if (isAbsent && answer.statusCode() == 200) {
          assertThat(put(id, pattern).statusCode()).isEqualTo(200);
          continue;
        }
        assertThat(answer.statusCode()).as(what + ": " + answer.body()).isEqualTo(422);
        String top = section.substring(0, (section + ".").indexOf('.'));
        assertThat(errors(answer))
            .as(what)
            .anyMatch(
                error ->
                    error.getString("key").equals(section + "." + key)
                        || error.getString("key").equals(top)); // where it is too long
        assertThat(Files.readString(file)).as(what).isEqualTo(before);
      }
    }
  }

  private static JsonObject within(JsonObject base, String section, JsonObject inner) {
    int dot = section.indexOf('.');
    return dot < 0
        ? with(base, section, inner)
        : with(
            base,
            section.substring(0, dot),
            Json.createObjectBuilder().add(section.substring(dot + 1), inner).build());
  }
}
