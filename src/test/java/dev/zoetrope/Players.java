package dev.zoetrope;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What the players of a page show, several at a time. */
final class Players {
  /** All of them, in the page's own language. */
  static final String ALL = "[...document.querySelectorAll('zoetrope-player')]";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** So many different pictures are not a coincidence. */
  private static final int DIFFERENT = 4;

  /** A number for what each shows now, 0 where no way does. */
  private static final String PIXELS =
      """
      () => %s.map((player) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        const picture = player.way ? player.picture() : null;
        if (!picture) {
          return 0;
        }
        context.drawImage(picture, 0, 0, 64, 36);
        return context.getImageData(0, 0, 64, 36).data
            .reduce((sum, value, i) => (sum * 31 + value + i) %% 2147483647, 7);
      })""";

  private static final String SAY =
      "%s.map(({ state, way, message, stats }) =>"
          + " JSON.stringify({ state, way, message, stats })).join('; ')";

  private Players() {}

  /** Waits until each has shown different pictures. */
  static void awaitMoving(Page page) {
    awaitMoving(page, ALL);
  }

  /**
   * Waits until each of some has shown different pictures.
   *
   * @param players an expression for them
   */
  static void awaitMoving(Page page, String players) {
    Map<Integer, Set<Object>> seen = new HashMap<>();
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .pollInSameThread()
          .until(
              () -> {
                List<?> pixels = (List<?>) page.evaluate(PIXELS.formatted(players));
                for (int i = 0; i < pixels.size(); i++) {
                  seen.computeIfAbsent(i, key -> new HashSet<>()).add(pixels.get(i));
                }
                return !seen.isEmpty()
                    && seen.values().stream().allMatch(pictures -> pictures.size() >= DIFFERENT);
              });
    } catch (ConditionTimeoutException tooLate) {
      throw new AssertionError(page.evaluate(SAY.formatted(players)).toString(), tooLate);
    }
  }

  static void awaitState(Page page, String state) {
    Browser.await(page, ALL + ".every((player) => player.state === '" + state + "')");
  }
}
