package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JdkImagesTest {
  @Test
  void registryHoldsOnToNoReaderOfTheApplication() throws Exception {
    assertThat(search("ours"))
        .containsExactly("of the class path: []", "all of ours: true", "loader kept: true");
  }

  @Test
  void withoutItTheRegistryTakesWhatIsOnTheClassPath() throws Exception {
    assertThat(search()).first().asString().contains("WebPImageReaderSpi");
  }

  /** In a JVM of its own: the registry of this one may have been asked. */
  private static List<String> search(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("-Djava.awt.headless=true", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(ImageSearch.class.getName());
    command.addAll(List.of(arguments));
    Process process = TestServer.java(command).redirectErrorStream(true).start();
    List<String> said = new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor()).as("%s", said).isZero();
    return said;
  }
}
