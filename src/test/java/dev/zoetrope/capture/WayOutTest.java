package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.media.Source.Url;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WayOutTest {
  private final WayOut wayOut = new WayOut(DeniedHosts.usual());
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Redirects, with a password in between if {@code onlyGet}. */
  private void redirect(String path, String to, boolean onlyGet) {
    server.createContext(
        path,
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          boolean isKnown = !onlyGet || exchange.getRequestMethod().equals("GET");
          if (isKnown) {
            exchange.getResponseHeaders().set("Location", to);
          }
          exchange.sendResponseHeaders(isKnown ? 302 : 501, -1);
          exchange.close();
        });
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void check(String address) throws IOException, InterruptedException {
    wayOut.check(new Url(URI.create(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://169.254.169.254/a",
        "http://user:pw@169.254.169.254/latest/meta-data",
        "rtmp://metadata.google.internal/live/a",
        "http://2852039166/",
        "http://[::ffff:169.254.169.254]/",
        "srt://[fe80::1]:9000",
        "https://0251.0254.0.1/"
      })
  void deniedHostIsNotConnectedTo(String address) {
    assertThatThrownBy(() -> check(address))
        .isInstanceOf(DeniedHostException.class)
        .hasMessageContaining("on the list of hosts that are never connected to (")
        .message()
        .doesNotContain("pw");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtsp://127.0.0.1:1/a", "udp://239.1.2.3:5000", "srt://0.0.0.0:9000"})
  void othersAre(String address) {
    assertThatCode(() -> check(address)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void redirectToADeniedHostIsNotFollowed(boolean onlyGet) {
    redirect("/b", "http://169.254.169.254/latest", onlyGet);
    redirect("/a", "/b", onlyGet);

    assertThatThrownBy(() -> check(address("/a").replace("//", "//user:pw@")))
        .isInstanceOf(DeniedHostException.class)
        .hasMessage(
            "the server at 127.0.0.1 redirects to 169.254.169.254, which is on the list of hosts"
                + " that are never connected to (169.254.0.0/16)");
    assertThat(asked).contains((onlyGet ? "GET" : "HEAD") + " /b");
  }

  @Test
  void redirectsToOthersAreFollowedToTheirEnd() throws Exception {
    redirect("/a", "/b", false);
    redirect("/b", address("/c"), false);

    check(address("/a")); // and 404 is for ffmpeg to say

    assertThat(asked).containsExactly("HEAD /a", "HEAD /b");
  }

  @Test
  void redirectsInACircleEnd() {
    redirect("/a", "/a", false);

    assertThatThrownBy(() -> check(address("/a"))).hasMessageContaining("more than 5 times");
    assertThat(asked).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({"http://a_b.example/, without a host", "http://[x/, no address"})
  void redirectThatCannotBeReadIsNotFollowed(String to, String words) {
    redirect("/a", to, false);

    assertThatThrownBy(() -> check(address("/a"))).hasMessageContaining(words);
  }

  @Test
  void unknownNameIsSaidAsFfmpegDoes() {
    assertThatThrownBy(() -> check("rtsp://nobody.invalid/a"))
        .hasMessage("Failed to resolve hostname nobody.invalid");
  }

  @Test
  void silentServerIsLeftToFfmpeg() {
    assertThatCode(() -> check("http://127.0.0.1:1/a")).doesNotThrowAnyException();
  }
}
