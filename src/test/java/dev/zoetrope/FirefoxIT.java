package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The player in a real Firefox: each way, and what follows one that fails, seen on its screen. */
@Tag("browser")
class FirefoxIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PLAYER = "document.querySelector('zoetrope-player')";

  /** An average of 0 to 255; test patterns have over 80. */
  private static final double DARK = 10;

  @TempDir private static Path folder;
  private static TestServer server;
  private static Firefox firefox;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.at(home(folder));
    firefox = new Firefox();
    SourceList.awaitState(server, "demo", "live");
  }

  private static Path home(Path folder) throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("demo", "kind: test-pattern", "width: 320", "height: 180", "keepRunning: true");
    return home.folder();
  }

  @AfterAll
  static void stop() throws Exception {
    firefox.close();
    server.close();
  }

  @AfterEach
  void closeTabs() {
    firefox.closeTabs();
    firefox.takeErrors();
  }

  @ParameterizedTest
  @CsvSource({"webcodecs, 3", "mse, 3", "mpeg1, 3", "mjpeg, 3", "gif, 3", "stills, 2"})
  void eachWayPlays(String way, int pictures) {
    FirefoxTab tab = firefox.newTab(NeverBlack.SAMPLER);
    tab.open(server.uri("watch/demo"));
    tab.await(PLAYER + "?.state === 'playing'");

    tab.evaluate(PLAYER + ".tryWay('" + way + "')");

    tab.await(PLAYER + ".way === '" + way + "'");
    awaitMoving(tab, pictures);
    assertThat(tab.evaluate(PLAYER + ".way")).isEqualTo(way);
    NeverBlack.assertIn(tab::evaluate);
    assertThat(firefox.takeErrors()).isEmpty();
  }

  @Test
  void refusedCodecIsLeftForTheNextWay() {
    FirefoxTab tab = firefox.newTab(NeverBlack.SAMPLER, FallbackIT.CODEC_REFUSED);

    tab.open(server.uri("watch/demo"));

    tab.await(PLAYER + "?.way === 'mse'");
    awaitMoving(tab, 3);
    assertThat(tab.evaluate("changes.at(-1).reason")).isEqualTo("unsupported");
    NeverBlack.assertIn(tab::evaluate);
  }

  @Test
  void blockedSocketsAreLeftForMjpeg() {
    FirefoxTab tab = firefox.newTab(NeverBlack.SAMPLER, FallbackIT.SOCKETS_BLOCKED);

    tab.open(server.uri("watch/demo"));

    tab.await(PLAYER + "?.way === 'mjpeg'");
    awaitMoving(tab, 3);
    assertThat(tab.evaluate("changes.at(-1).reason")).isEqualTo("lost");
    NeverBlack.assertIn(tab::evaluate);
  }

  @Test
  void serverThatIsKilledAndStartedAgainLeavesThePicture(@TempDir Path otherFolder)
      throws Exception {
    Path home = home(otherFolder);
    FirefoxTab tab = firefox.newTab(NeverBlack.SAMPLER);
    URI address;
    try (TestServer first = TestServer.at(home)) {
      address = first.uri();
      SourceList.awaitState(first, "demo", "live");
      tab.open(first.uri("watch/demo"));
      tab.await(PLAYER + "?.state === 'playing'");
      ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
      tab.await(PLAYER + ".state === 'retrying'");
      assertThat(light(tab.screenshot(PLAYER))).isGreaterThan(DARK);
    }

    try (TestServer second = TestServer.at(home, "--port", Integer.toString(address.getPort()))) {
      assertThat(second.uri()).isEqualTo(address);
      tab.await(PLAYER + ".state === 'playing'");
      awaitMoving(tab, 3);
      NeverBlack.assertIn(tab::evaluate);
      firefox.closeTabs();
    }
  }

  /** Waits until so many different pictures have been on the screen, none of them dark. */
  private static void awaitMoving(FirefoxTab tab, int pictures) {
    Set<Integer> seen = new HashSet<>();
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              BufferedImage picture = tab.screenshot(PLAYER);
              assertThat(light(picture)).isGreaterThan(DARK);
              seen.add(Arrays.hashCode(pixels(picture)));
              return seen.size() >= pictures;
            });
  }

  private static int[] pixels(BufferedImage picture) {
    int width = picture.getWidth();
    return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
  }

  private static double light(BufferedImage picture) {
    return Arrays.stream(pixels(picture))
            .map(pixel -> (pixel >> 16 & 0xff) + (pixel >> 8 & 0xff) + (pixel & 0xff))
            .average()
            .orElseThrow()
        / 3;
  }
}
