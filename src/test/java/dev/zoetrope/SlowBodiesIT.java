package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send their bodies byte by byte: more of them than the server has threads. */
class SlowBodiesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MANY = 100;
  private static final int LONG = 1_000_000;

  @TempDir private static Path folder;

  private static TestServer server;
  private static Operator operator;

  private final List<Slow> open = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("pattern", "kind: test-pattern", "width: 320", "height: 180");
    home.secrets("door: key", "admin-token: \"0123456789abcdef0123456789abcdef\"");
    home.source("media", "kind: http-publish", "key: door");
    home.source("pictures", "kind: pictures", "key: door");
    server = TestServer.at(home.folder());
    operator = new Operator(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void hangUp() throws IOException {
    timer.shutdownNow();
    for (Slow slow : open) {
      slow.socket().close();
    }
  }

  /** One client, which sends a byte now and then. */
  private record Slow(Socket socket) {
    void send() {
      try {
        socket.getOutputStream().write(' ');
      } catch (IOException e) {
        // the server has closed, as it should; what it said is there to be read
      }
    }

    /** What is answered, when the connection is closed. */
    String answer() throws IOException {
      StringBuilder answer = new StringBuilder();
      byte[] some = new byte[4000];
      try {
        int count = socket.getInputStream().read(some);
        while (count >= 0) {
          answer.append(new String(some, 0, count, UTF_8));
          count = socket.getInputStream().read(some);
        }
      } catch (SocketException e) {
        // reset, as a byte came after the close: that is an end, too
      }
      return answer.toString();
    }
  }

  private Slow begin(String line, String... headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    String head =
        line
            + " HTTP/1.1\r\nHost: here\r\n"
            + String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList())
            + "\r\n";
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    Slow slow = new Slow(socket);
    synchronized (open) {
      open.add(slow);
    }
    return slow;
  }

  /** Has all of them send a byte twice a second. */
  private void trickle() {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> {
              synchronized (open) {
                open.forEach(Slow::send);
              }
            },
            0,
            500,
            TimeUnit.MILLISECONDS);
  }

  private Slow signingIn() throws IOException {
    return begin(
        "POST /api/v1/session", "Content-Type: application/json", "Content-Length: " + 8000);
  }

  private Slow importing() throws IOException {
    return begin(
        "POST /api/v1/import?dry=1",
        "Authorization: " + operator.authorization(),
        "Content-Type: application/json",
        "Content-Length: " + LONG);
  }

  private static String length() {
    return "Content-Length: " + LONG;
  }

  private void assertServes() throws Exception {
    HttpRequest page = HttpRequest.newBuilder(server.uri("admin/")).timeout(LIMIT).build();
    HttpResponse<String> html = LiveStream.CLIENT.send(page, BodyHandlers.ofString());
    assertThat(html.statusCode()).isEqualTo(200);
    assertThat(operator.get("sources").asJsonArray()).isNotEmpty();
  }

  @Test
  void slowBodiesHoldNoThreadAndAreRefusedWhenTheyTakeTooLong() throws Exception {
    trickle();
    List<Slow> slow = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      slow.add(i % 2 == 0 ? signingIn() : importing());
    }

    assertServes();

    for (Slow one : slow) {
      assertThat(one.answer())
          .startsWith("HTTP/1.1 408")
          .contains("Connection: close")
          .contains("application/problem+json")
          .contains("the body took longer than 10 s");
    }
  }

  @Test
  void publishersWhoTrickleHoldNoThread() throws Exception {
    trickle();
    for (int i = 0; i < MANY; i++) {
      begin("POST /publish/media?key=key", length());
      begin("POST /publish/pictures/picture?key=key", length());
    }

    assertServes();
  }

  @Test
  void whatIsRefusedIsNotReadToItsEnd() throws Exception {
    trickle();
    List<Slow> refused = new ArrayList<>();
    for (int i = 0; i < MANY / 2; i++) {
      refused.add(begin("POST /publish/media", length()));
      refused.add(begin("PUT /api/v1/sources/other", length()));
      refused.add(begin("DELETE /publish/media?key=key", length()));
      refused.add(begin("POST /api/v1/events", length()));
      refused.add(begin("GET /live/", length()));
      refused.add(begin("POST /admin/", "Transfer-Encoding: chunked"));
      refused.add(
          begin(
              "POST /watch/pattern", "Content-Type: application/x-www-form-urlencoded", length()));
    }

    assertServes();

    for (Slow one : refused) {
      assertThat(one.answer()).matches("(?s)HTTP/1.1 40[0-5] .*Connection: close.*");
    }
  }

  @Test
  void formIsNotReadForTheSakeOfAParameter() throws Exception {
    trickle();
    List<Slow> forms = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      forms.add(
          begin(
              "POST /api/v1/session", "Content-Type: application/x-www-form-urlencoded", length()));
    }

    assertServes();

    for (Slow one : forms) {
      assertThat(one.answer()).matches("(?s)HTTP/1.1 4(08|13) .*");
    }
  }

  @Test
  void bodyOfUsualSpeedIsTaken() throws Exception {
    HttpResponse<String> large =
        operator.send("POST", "import?dry=1", "{\"zoetrope\": 1}" + " ".repeat(7 << 20));
    HttpResponse<String> tooLarge =
        operator.send("POST", "import?dry=1", "{\"zoetrope\": 1}" + " ".repeat(9 << 20));

    assertThat(large.statusCode()).as(large.body()).isEqualTo(200);
    assertThat(tooLarge.statusCode()).isEqualTo(413);
    assertThat(tooLarge.body()).contains("expected at most 8 MiB");
  }
}
