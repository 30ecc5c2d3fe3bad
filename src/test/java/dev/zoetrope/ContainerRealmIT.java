package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.server.FreePort;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real WAR in a Tomcat whose own realm says who people are. */
@Timeout(120)
class ContainerRealmIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String TOKEN = "token-of-this-home";
  private static final String LIBRARIES = "WEB-INF/launcher/";

  @TempDir private static Path folder;

  /** The application, and the Tomcat that it brings along as a class path. */
  private static String unpack(Path application) throws IOException {
    List<String> libraries = new ArrayList<>();
    Path tomcat = Files.createDirectories(application.resolveSibling("tomcat"));
    try (InputStream war = Files.newInputStream(TestServer.war());
        ZipInputStream entries = new ZipInputStream(war)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        String name = entry.getName();
        if (entry.isDirectory()) {
          continue;
        }
        boolean isLibrary = name.startsWith(LIBRARIES) && name.endsWith(".lib");
        Path target =
            isLibrary
                ? tomcat.resolve(name.substring(LIBRARIES.length()).replaceAll("lib$", "jar"))
                : application.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(entries, target);
        if (isLibrary) {
          libraries.add(target.toString());
        }
      }
    }
    libraries.add(programs().toString());
    return String.join(System.getProperty("path.separator"), libraries);
  }

  /** Where this class lies. */
  private static Path programs() {
    return Path.of(
        URI.create(
            RealmServer.class.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  private static String basic(String name) {
    return "Basic " + Base64.getEncoder().encodeToString((name + ":" + name).getBytes(UTF_8));
  }

  private static HttpResponse<String> call(
      URI server, String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .timeout(LIMIT);
    return LiveStream.CLIENT.send(request.headers(headers).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(URI server, String path, String name) throws Exception {
    return call(server, "GET", path, "", "Authorization", basic(name));
  }

  private static int openSocket(URI address, String... headers) throws IOException {
    try (LiveSocket socket = LiveSocket.open(address, headers)) {
      await().atMost(LIMIT).until(() -> socket.count() > 0 || socket.isClosed());
      return socket.count() > 0 ? 200 : socket.awaitClose().code();
    }
  }

  private static boolean isReady(URI server) {
    try {
      return call(server, "GET", "health/ready", "", "Accept", "*/*").statusCode() == 200;
    } catch (Exception e) {
      return false; // it does not listen yet
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void peopleOfTheContainersRealmHaveTheRightsOfTheirRoles(String fastDoor) throws Exception {
    Path place = Files.createDirectories(folder.resolve(fastDoor));
    TestHome home = new TestHome(place.resolve("home"));
    home.settings("rtmpPort: 0", "hardware: off");
    home.secrets("admin-token: \"" + TOKEN + "\"");
    home.source("gate", "kind: test-pattern", "width: 64", "height: 64", "access: signed-in");
    home.source("yard", "kind: test-pattern", "width: 64", "height: 64", "access: signed-in");
    Path application = place.resolve("application");
    String classPath = unpack(application);
    int port = FreePort.find();
    URI server = URI.create("http://127.0.0.1:" + port + "/");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dzoetrope.home=" + home.folder(), "-Dzoetrope.fastDoor=" + fastDoor));
    command.addAll(List.of("-cp", classPath, RealmServer.class.getName()));
    command.addAll(List.of(application.toString(), place.resolve("work").toString(), port + ""));
    command.addAll(List.of("ada", "zoetrope-admin", "olga", "zoetrope-operator"));
    command.addAll(List.of("vera", "zoetrope-viewer", "mallory", "manager"));

    try (Program running = Program.start(command.toArray(String[]::new))) {
      await().atMost(LIMIT).until(() -> !running.isAlive() || isReady(server));
      assertThat(running.isAlive()).as(() -> running.await().toString()).isTrue();

      JsonObject olga = Operator.object(get(server, "api/v1/session", "olga"));
      assertThat(olga.getString("role")).isEqualTo("operator");
      assertThat(olga.getString("via")).isEqualTo("container");
      assertThat(olga.getString("name")).isEqualTo("olga");
      assertThat(get(server, "api/v1/sources", "olga").statusCode()).isEqualTo(200);
      assertThat(get(server, "api/v1/accounts", "olga").statusCode()).isEqualTo(403);
      assertThat(get(server, "api/v1/accounts", "ada").statusCode()).isEqualTo(200);
      assertThat(get(server, "api/v1/sources", "vera").statusCode()).isEqualTo(403);
      assertThat(get(server, "api/v1/sources", "mallory").statusCode()).isEqualTo(401);

      checkForgery(server);
      checkWatching(server);
    }
  }

  private static void checkForgery(URI server) throws Exception {
    String restart = "api/v1/sources/gate/restart";
    String[] own = {"Authorization", basic("olga"), "Origin", "http://" + server.getAuthority()};
    String[] evil = {"Authorization", basic("olga"), "Origin", "https://evil.example"};
    assertThat(call(server, "POST", restart, "", own).statusCode()).isEqualTo(200);
    assertThat(call(server, "POST", restart, "", evil).statusCode()).isEqualTo(403);
    for (String way : List.of("fmp4", "mpeg1")) {
      URI gate = server.resolve("live/gate/" + way);
      String authorization = "Authorization: " + basic("olga");
      assertThat(openSocket(gate, authorization)).isEqualTo(200);
      assertThat(openSocket(gate, authorization, "Origin: " + own[3])).isEqualTo(200);
      assertThat(openSocket(gate, authorization, "Origin: " + evil[3])).isEqualTo(1008);
      assertThat(openSocket(gate, "Authorization: " + basic("mallory"))).isEqualTo(1008);
    }
  }

  /** A viewer watches what the account of the same name may. */
  private static void checkWatching(URI server) throws Exception {
    assertThat(get(server, "live/gate.jpg", "olga").statusCode()).isEqualTo(200);
    assertThat(get(server, "live/gate.jpg", "mallory").statusCode()).isEqualTo(401);
    assertThat(get(server, "live/gate.jpg", "vera").statusCode()).isEqualTo(403);
    String vera = "{\"role\": \"viewer\", \"sources\": [\"gate\"], \"password\": \"another one\"}";
    HttpResponse<String> made =
        call(server, "PUT", "api/v1/accounts/vera", vera, "Authorization", "Bearer " + TOKEN);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(get(server, "live/gate.jpg", "vera").statusCode()).isEqualTo(200);
    assertThat(get(server, "live/yard.jpg", "vera").statusCode()).isEqualTo(403);
    assertThat(get(server, "live/", "vera").body()).contains("\"gate\"").doesNotContain("\"yard\"");
    assertThat(openSocket(server.resolve("live/gate/fmp4"), "Authorization: " + basic("vera")))
        .isEqualTo(200);
  }
}
