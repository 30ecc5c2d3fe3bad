package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CDI events of the real WAR, with a bean that was added to it. */
class EventsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static Path war;

  @BeforeAll
  static void addEmbedder() throws IOException {
    war = Files.copy(TestServer.war(), folder.resolve("embedding.war"));
    String name = Embedder.class.getName().replace('.', '/') + ".class";
    try (FileSystem zip = FileSystems.newFileSystem(war);
        InputStream bean = Embedder.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(bean, zip.getPath("WEB-INF/classes", name));
    }
  }

  private static List<String> told(TestServer server) {
    return server.log().lines().filter(line -> line.startsWith("embedder: ")).toList();
  }

  @Test
  void lossWithItsCauseAndReturnAreToldToBeans() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("kept", "kind: test-pattern", "width: 320", "height: 180", "keepRunning: true");

    try (TestServer server = TestServer.of(war, home.folder())) {
      SourceList.awaitState(server, "kept", "live");
      assertThat(told(server)).isEmpty();
      server.children().stream()
          .filter(child -> child.info().commandLine().orElse("").contains("testsrc2"))
          .forEach(ProcessHandle::destroyForcibly);

      await().atMost(LIMIT).until(() -> told(server).size() == 2);
      assertThat(told(server))
          .containsExactly("embedder: lost kept UNKNOWN", "embedder: recovered kept");
      await().atMost(LIMIT).until(() -> server.log().contains("on purpose")); // the bean failed
    }
  }

  @Test
  void serverStopsWhileABeanIsBusyWithAnEvent() throws Exception {
    TestHome home = new TestHome(folder.resolve("other"));
    home.source(Embedder.SLOW, "kind: url", "url: \"rtsp://127.0.0.1:1/x\"", "keepRunning: true");

    try (TestServer server = TestServer.of(war, home.folder())) {
      await().atMost(LIMIT).until(() -> told(server).contains("embedder: lost slow PORT_CLOSED"));

      Duration took = server.stop();

      assertThat(took).isLessThan(Duration.ofSeconds(3));
      assertThat(server.log()).doesNotContain("not stopped within");
    }
  }
}
