package dev.zoetrope;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import java.nio.file.Path;

/**
 * Makes the README's picture: the watch page of the demo as it plays. {@code docs/make-screenshot}
 * runs it.
 */
final class Screenshot {
  /** It has played for some seconds. */
  private static final String IS_COMPLETE =
      """
      performance.now() > 8000 && document.querySelector('zoetrope-player').state === 'playing'
          && document.getElementById('viewers').textContent === '1 viewer'
          && document.getElementById('state').textContent === 'Live'""";

  private Screenshot() {}

  public static void main(String[] arguments) throws Exception {
    try (TestServer server = TestServer.start();
        Browser browser = new Browser()) {
      Page page = browser.newPage();
      Browser.open(page, server.uri("watch/demo"));
      Browser.await(page, IS_COMPLETE);
      page.screenshot(new ScreenshotOptions().setPath(Path.of(arguments[0])));
    }
  }
}
