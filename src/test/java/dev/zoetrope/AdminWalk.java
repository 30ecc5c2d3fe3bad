package dev.zoetrope;

import com.microsoft.playwright.Page;
import java.util.List;

/**
 * Goes through the pages of the administration, and waits on each until all that it asked for is
 * shown.
 */
final class AdminWalk {
  /**
   * All there are, at a server with a source {@code demo} and one {@code obs} that takes a stream.
   */
  static final List<String> PAGES =
      List.of(
          "sources",
          "add",
          "links",
          "accounts",
          "tokens",
          "nodes",
          "server",
          "account",
          "sources/demo",
          "sources/demo/viewers",
          "sources/demo/timeline",
          "sources/demo/log",
          "sources/demo/embed",
          "sources/demo/share",
          "sources/demo/edit",
          "sources/obs/publish",
          "nowhere");

  /** Counts what the page has asked for and not got. */
  private static final String COUNTING =
      """
      (() => {
        const ask = window.fetch;
        window.unanswered = 0;
        window.fetch = (...question) => {
          window.unanswered++;
          const answer = ask(...question);
          answer.then((head) => head.clone().blob()).catch(() => {}).finally(() => window.unanswered--);
          return answer;
        };
      })()""";

  /** Fulfilled when the page of that address is there. */
  private static final String GO =
      """
      (path) => new Promise((resolve) => {
        const hash = '#/' + path;
        if (location.hash === hash) {
          resolve();
        } else {
          addEventListener('hashchange', () => setTimeout(resolve), { once: true });
          location.hash = hash;
        }
      })""";

  /** Fulfilled when what has come is shown. */
  private static final String SHOW =
      "() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))";

  private AdminWalk() {}

  /** To be called before the page is opened. */
  static Page with(Page page) {
    page.addInitScript(COUNTING);
    return page;
  }

  static void goTo(Page page, String path) {
    page.evaluate(GO, path);
    Browser.await(page, "document.querySelector('main h1')");
    boolean isOfSource = path.startsWith("sources/") && !path.endsWith("edit");
    Browser.await(
        page,
        isOfSource
            ? "document.querySelector('.below .part')?.textContent"
            : path.endsWith("edit")
                ? "document.querySelector('main form')"
                : "document.querySelector('main h1').textContent !== ''");
    do {
      Browser.await(page, "window.unanswered === 0"); // what is asked for on entering has come
      page.evaluate(SHOW);
    } while (!page.evaluate("window.unanswered").equals(0)); // it made the page ask for more
  }
}
