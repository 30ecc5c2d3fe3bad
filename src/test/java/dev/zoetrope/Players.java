package dev.zoetrope;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.ArrayList;
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

  private static final int NONE = 0;
  private static final int IMAGE = -1;

  /** A number for what each shows now; 0 where none does, -1 where it is an image. */
  private static final String PIXELS =
      """
      () => %s.map((player) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        const picture = %s ? player.picture() : null;
        if (!picture) {
          return 0;
        }
        if (picture instanceof HTMLImageElement) {
          return -1;
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
    awaitPictures(page, players, "player.way", DIFFERENT);
  }

  /** Waits until each has shown so many different pictures, stills without a way among them. */
  static void awaitPictures(Page page, int pictures) {
    awaitPictures(page, ALL, "true", pictures);
  }

  private static void awaitPictures(Page page, String players, String condition, int pictures) {
    Map<Integer, Set<Long>> seen = new HashMap<>();
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .pollInSameThread()
          .until(
              () -> {
                List<Long> shown = shown(page, players, condition);
                for (int i = 0; i < shown.size(); i++) {
                  Set<Long> each = seen.computeIfAbsent(i, key -> new HashSet<>());
                  if (shown.get(i) != NONE) {
                    each.add(shown.get(i));
                  }
                }
                return !seen.isEmpty()
                    && seen.values().stream().allMatch(all -> all.size() >= pictures);
              });
    } catch (ConditionTimeoutException tooLate) {
      String says = page.evaluate(SAY.formatted(players)).toString();
      throw new AssertionError(page.url() + ": " + says, tooLate);
    }
  }

  /** A number for what each shows. Scripts see nothing of an endless GIF: it is looked at. */
  private static List<Long> shown(Page page, String players, String condition) {
    List<Long> shown = new ArrayList<>();
    for (Object pixels : (List<?>) page.evaluate(PIXELS.formatted(players, condition))) {
      long number = ((Number) pixels).longValue();
      shown.add(number == IMAGE ? looks(page, players, shown.size()) : number);
    }
    return shown;
  }

  private static long looks(Page page, String players, int index) {
    return Browser.looks(page.evaluateHandle(players + "[" + index + "]").asElement());
  }

  static void awaitState(Page page, String state) {
    Browser.await(page, ALL + ".every((player) => player.state === '" + state + "')");
  }
}
