package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of the real WAR that lead to what clouds tell machines their secrets by. */
class DeniedHostsIT {
  @TempDir private Path folder;

  @Test
  void redirectToMetadataIsRefusedWithItsCause() throws Exception {
    HttpServer lure =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    lure.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    lure.start();
    String address = "http://127.0.0.1:" + lure.getAddress().getPort() + "/live.ts";
    TestHome home = new TestHome(folder);
    home.source("lure", "kind: url", "url: " + address, "keepRunning: true");
    home.source("straight", "kind: url", "url: rtsp://169.254.169.254/a", "keepRunning: true");

    try (TestServer server = TestServer.at(home.folder())) {
      String words = "on the list of hosts that are never connected to (169.254.0.0/16)";
      SourceList.awaitState(server, "lure", "failed");
      SourceList.awaitState(server, "straight", "failed");
      Operator operator = new Operator(server);
      assertThat(SourceList.causeFor(operator, "lure"))
          .endsWith("127.0.0.1 redirects to 169.254.169.254, which is " + words);
      assertThat(SourceList.causeFor(operator, "straight")).endsWith("169.254.169.254 is " + words);
      assertThat(SourceList.source(server, "lure").getString("cause"))
          .isEqualTo("its host is on the list of those that are never connected to");
      assertThat(SourceList.source(server, "lure").getString("advice")).contains("denyHosts");
      assertThat(new TestAdmin(server).text("GET", "sources/lure/timeline", "", 200))
          .contains("EXITED", "redirects to 169.254.169.254");
      assertThat(server.children())
          .noneMatch(child -> child.info().commandLine().orElse("").contains("169.254"));
    } finally {
      lure.stop(0);
    }
  }
}
