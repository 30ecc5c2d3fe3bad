package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Looks ten times a second, within the page, at all that each of its players shows, one picture
 * above the other, and notes how light it is; and which way went to which, and why.
 */
final class NeverBlack {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int ENOUGH = 10;

  /** An average of 0 to 255; test patterns have over 80. */
  private static final String IS_DARK = "({ light }) => light < 10";

  /** To be run in a page before its own scripts. */
  static final String SAMPLER =
      """
      globalThis.samples = [];
      globalThis.changes = [];
      globalThis.firstPictureAfter = NaN;
      document.addEventListener('waychange', ({ detail }) => changes.push(detail), true);
      {
        const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 18 });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        const lit = new Set();
        let arrivedAt = NaN;
        const look = () => document.querySelectorAll('zoetrope-player').forEach(lookAt);
        const lookAt = (player) => {
          if (!player.shadowRoot) {
            return;
          }
          if (Number.isNaN(arrivedAt)) {
            arrivedAt = performance.now();
          }
          context.fillRect(0, 0, 32, 18);
          const seen = player.shadowRoot.querySelectorAll('.still:not([hidden]), .layer > :not(.fresh)');
          const isAbove = (element) => element.classList.contains('above');
          [...seen].sort((one, other) => isAbove(one) - isAbove(other))
              .flatMap((element) => element.localName === 'div' ? [...element.children] : [element])
              .filter((element) => element.naturalWidth !== 0)
              .forEach((element) => context.drawImage(element, 0, 0, 32, 18));
          const data = context.getImageData(0, 0, 32, 18).data;
          let sum = 0;
          for (let i = 0; i < data.length; i += 4) {
            sum += data[i] + data[i + 1] + data[i + 2];
          }
          const light = sum / (data.length / 4 * 3);
          if (light >= 10) {
            lit.add(player);
          }
          if (lit.has(player)) {
            samples.push({ at: Math.round(performance.now()), light, way: player.way, state: player.state });
          }
          if (samples.length === 1) {
            firstPictureAfter = performance.now() - arrivedAt;
          }
        };
        setInterval(look, 100);
      }
      """;

  private NeverBlack() {}

  /** To be called before the page is opened. */
  static void watch(Page page) {
    page.addInitScript(SAMPLER);
  }

  /** From each player's first picture until now it always had one. */
  static void assertIn(Page page) {
    assertIn(page::evaluate);
  }

  /** The same in the page, of whichever browser, whose scripts {@code evaluate} runs. */
  static void assertIn(Function<String, Object> evaluate) {
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> evaluate.apply("samples.length > " + ENOUGH).equals(true));
    assertThat((List<?>) evaluate.apply("samples.filter(" + IS_DARK + ")")).isEmpty();
  }

  /** How long after the player came the first picture did, in milliseconds, to 100. */
  static double firstPictureMillis(Page page) {
    Browser.await(page, "firstPictureAfter >= 0");
    return ((Number) page.evaluate("firstPictureAfter")).doubleValue();
  }
}
