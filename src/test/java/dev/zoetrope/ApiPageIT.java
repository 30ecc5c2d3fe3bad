package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the API in a real Chromium. */
@Tag("browser")
class ApiPageIT {
  @TempDir private Path folder;

  @Test
  void callsAreListedAndWhatChangesNothingCanBeTried() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("gate", "kind: test-pattern");
    try (TestServer server = TestServer.at(home.folder());
        Browser browser = new Browser()) {
      Page page = browser.newPage();
      Browser.open(page, server.uri("api/"));
      Browser.await(page, "document.querySelectorAll('details').length > 40");

      assertThat(page.locator("summary", containing("/sources/{id}/viewers/{viewer}")).count())
          .isEqualTo(1);
      page.locator("#token").fill(new Operator(server).authorization().substring(7));
      Locator one = page.locator("details", containing("One source, with its settings"));
      one.locator("summary").click();
      one.locator("input[name=id]").fill("gate");
      one.locator("button").click();
      Browser.await(
          page,
          "[...document.querySelectorAll('details[open] form pre')]"
              + ".some((output) => output.textContent.includes('test-pattern'))");
      assertThat(one.locator("form pre").textContent()).startsWith("200");

      Locator health = page.locator("details", containing("Whether viewers may be sent here"));
      health.locator("summary").click();
      health.locator("button").click();
      Browser.await(
          page,
          "[...document.querySelectorAll('details[open] form pre')]"
              + ".some((output) => output.textContent.includes('\"ready\"'))");
      Locator delete = page.locator("details", containing("Remove a source"));
      assertThat(delete.locator("button").count()).as("to be tried").isZero();
      assertThat(browser.takeErrors()).isEmpty();
    }
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
