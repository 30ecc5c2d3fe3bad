package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sound and picture of one moment are heard and seen at one moment. The film is dark and silent,
 * but for a flash and a tone together each second. The page looks at what the player shows at each
 * animation frame, and listens to what it plays.
 */
@Tag("browser")
class SoundSyncIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Of so many the median counts: a single animation frame may come late. */
  private static final int FLASHES = 9;

  private static final double TOLERANCE_MILLIS = 80;
  private static final String PLAYER = "document.querySelector('zoetrope-player')";

  /** Times are those of {@code performance.now()}. A tone counts when it is heard. */
  private static final String WITNESS =
      """
      globalThis.flashes = [];
      globalThis.tones = [];
      {
        const bright = 128;
        const loud = 0.1;
        const silenceSeconds = 0.4;
        const listenMillis = 100;
        const canvas = Object.assign(document.createElement('canvas'), { width: 4, height: 4 });
        const brush = canvas.getContext('2d', { willReadFrequently: true });
        const { connect } = AudioNode.prototype;
        const elements = new WeakSet();
        let isBright = true;

        const look = () => {
          requestAnimationFrame(look);
          const player = document.querySelector('zoetrope-player');
          const picture = player?.way ? player.picture() : null;
          if (!picture) {
            return;
          }
          if (picture instanceof HTMLVideoElement && !elements.has(picture)) {
            elements.add(picture);
            const context = new AudioContext();
            context.createMediaElementSource(picture).connect(context.destination);
          }
          brush.drawImage(picture, 0, 0, 4, 4);
          const wasBright = isBright;
          isBright = brush.getImageData(0, 0, 1, 1).data[1] > bright;
          if (isBright && !wasBright) {
            flashes.push(performance.now());
          }
        };

        /** Notes when a tone begins that comes through a node, in a context. */
        const listen = (node, context) => {
          const ear = context.createAnalyser();
          ear.fftSize = 32768;
          connect.call(node, ear);
          const samples = new Float32Array(ear.fftSize);
          let lastLoud = -Infinity;
          let heardUntil = 0;
          setInterval(() => {
            ear.getFloatTimeDomainData(samples);
            const end = context.currentTime;
            const now = performance.now();
            const begin = end - samples.length / context.sampleRate;
            const first = Math.max(0, Math.round((heardUntil - begin) * context.sampleRate));
            for (let i = first; i < samples.length; i++) {
              if (Math.abs(samples[i]) > loud) {
                const at = begin + i / context.sampleRate;
                if (at - lastLoud > silenceSeconds) {
                  tones.push(now + (at - end + (context.outputLatency || 0)) * 1000);
                }
                lastLoud = at;
              }
            }
            heardUntil = end;
          }, listenMillis);
        };

        AudioNode.prototype.connect = function (to, ...others) {
          if (to instanceof AudioDestinationNode) {
            listen(this, to.context);
          }
          return connect.call(this, to, ...others);
        };
        requestAnimationFrame(look);
      }
      """;

  @TempDir private static Path folder;
  private static TestServer server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("flash", "kind: file", "path: flash.mp4", "loop: true", "keepRunning: true");
    makeFilm(home.folder().resolve("media/flash.mp4"));
    server = TestServer.at(home.folder());
    browser = new Browser("--autoplay-policy=no-user-gesture-required");
    SourceList.awaitState(server, "flash", "live");
  }

  private static void makeFilm(Path film) throws IOException, InterruptedException {
    String isOn = "lt(mod(t,1),0.2)";
    List<String> command =
        List.of(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=black:size=320x180:rate=25,drawbox=color=white:t=fill:enable='" + isOn + "'",
            "-f",
            "lavfi",
            "-i",
            "aevalsrc='0.8*sin(2*PI*1000*t)*" + isOn + "':sample_rate=48000",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-g",
            "25",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-t",
            "120",
            film.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    server.close();
  }

  @AfterEach
  void closePages() {
    browser.closePages();
    browser.takeErrors();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mse", "mpeg1"})
  void flashIsSeenWhenItsToneIsHeard(String way) {
    Page page = browser.newPage();
    page.addInitScript(WITNESS);
    Browser.open(page, server.uri("embed/flash"));
    Browser.await(page, PLAYER + "?.state === 'playing'");

    String loud = "(" + PLAYER + ".tryWay('" + way + "'), " + PLAYER + ".muted = false)";
    assertThat(page.evaluate(loud)).isEqualTo(false);
    Browser.await(page, PLAYER + ".way === '" + way + "' && " + PLAYER + ".stats?.hasSound");

    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(
            () -> {
              List<Double> late = lateness(numbers(page, "flashes"), numbers(page, "tones"));
              assertThat(late).as("flashes with their tones").hasSizeGreaterThan(FLASHES);
              List<Double> last = late.stream().skip(late.size() - FLASHES).sorted().toList();
              assertThat(Math.abs(last.get(FLASHES / 2)))
                  .as("milliseconds from flash to tone: " + last)
                  .isLessThan(TOLERANCE_MILLIS);
            });
  }

  private static List<Double> numbers(Page page, String array) {
    return ((List<?>) page.evaluate(array))
        .stream().map(each -> ((Number) each).doubleValue()).toList();
  }

  /** How long after each flash its tone was heard. */
  private static List<Double> lateness(List<Double> flashes, List<Double> tones) {
    List<Double> late = new ArrayList<>();
    for (double flash : flashes) {
      tones.stream()
          .map(tone -> tone - flash)
          .filter(millis -> Math.abs(millis) < 500)
          .findFirst()
          .ifPresent(late::add);
    }
    return late;
  }
}
