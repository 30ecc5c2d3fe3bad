package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sees in a real Chromium who is not signed in, with and without a share link. */
@Tag("browser")
class LinkBrowserIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PLAYER = "document.querySelector('zoetrope-player')";

  @RegisterExtension private static final Site site = new Site(LinkBrowserIT::furnish);

  private static TestAdmin admin;

  private static void furnish(TestHome home) throws Exception {
    home.source("gate", "kind: test-pattern", "access: signed-in", "title: Front gate");
    home.source("yard", "kind: test-pattern", "access: link");
  }

  @BeforeAll
  static void start() throws Exception {
    admin = new TestAdmin(site.server());
  }

  private static void awaitText(Page page, String selector, String text) {
    await(selector)
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> page.locator(selector).innerText(), found -> found.contains(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fmp4", "mpeg1", "mjpeg", "gif"})
  void linkInThePagesAddressLetsEachWayIn(String way) throws Exception {
    JsonObject link = admin.link(List.of("gate"), List.of());
    Page page = site.newPage();

    Browser.open(page, site.uri(link.getString("path").substring(1) + "#" + way));
    Browser.await(page, PLAYER + ".state === 'playing'");
    awaitText(page, "#title", "Front gate");
    assertThat(page.locator("#lines").innerText()).contains("link=" + link.getString("link"));
    assertThat(page.locator("#denied").isVisible()).isFalse();

    admin.revoke(link);

    Browser.await(page, PLAYER + ".reason === 'denied'");
    awaitText(page, "#denied", "This link is not known, or was revoked");
    assertThat(page.locator("#denied a").getAttribute("href")).isEqualTo("../admin/");
  }

  @Test
  void whoIsNotSignedInIsToldWhatIsMissing() {
    Page page = site.newPage();

    Browser.open(page, site.uri("watch/gate"));

    awaitText(page, "#denied", "signed in");
    Browser.await(page, PLAYER + ".reason === 'denied'");
    assertThat(page.locator("#denied a").innerText()).isEqualTo("Sign in");
    assertThat(page.locator("#title").innerText()).isEqualTo("gate"); // not its title
  }

  @Test
  void listShowsWhatTheLinkIsForAndPassesItOn() throws Exception {
    JsonObject link = admin.link(List.of("yard"), List.of());
    Page page = site.newPage();

    Browser.open(page, site.uri("?link=" + link.getString("link")));

    Browser.await(page, PLAYER + "?.state === 'playing'");
    assertThat(page.locator(".card").count()).isEqualTo(1);
    assertThat(page.locator("#source-yard a").getAttribute("href"))
        .endsWith("watch/yard?link=" + link.getString("link"));

    Page without = site.newPage();
    Browser.open(without, site.uri(""));
    Browser.await(without, "!document.querySelector('#sign-in').hidden");
    assertThat(without.locator(".card").count()).isZero();
  }
}
