package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.awaitFocus;
import static dev.zoetrope.AdminBrowser.awaitText;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.fill;
import static dev.zoetrope.AdminBrowser.heading;
import static dev.zoetrope.AdminBrowser.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Somebody who has never seen it comes from what the start prints to their own camera on the watch
 * page, by nothing but what the pages say.
 */
@Tag("browser")
class FirstCameraIT {
  private static final Pattern SETUP = Pattern.compile("#setup=\\S+");
  private static final String USER = "viewer";
  private static final String PASSWORD = "my dog #1"; // which ends a login, in an address

  private TestServer server;
  private RtspServer camera;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    camera = RtspServer.guarded(USER, PASSWORD);
    browser = new Browser();
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    camera.close();
    server.close();
  }

  @Test
  void addressAsItIsTypedLeadsToThePictureOnALaptop() {
    Page page = setUp(new NewContextOptions().setViewportSize(1280, 800));

    atAddress(page);
    fill(page, "Address", "127.0.0.1:" + camera.port() + "/plain");
    press(page, "Next");
    awaitText(page, ".trial .bad", "wants a user name and a password");
    press(page, "Change user and password");
    awaitFocus(page, "User");
    page.keyboard().type(USER);
    fill(page, "Password", "a wrong one");
    press(page, "Next");
    awaitText(page, ".trial .bad", "refuses the user name or the password");
    press(page, "Change user and password");
    awaitFocus(page, "Password");
    fill(page, "Password", PASSWORD);
    press(page, "Next");

    goesOnToTheMovingPicture(page);
  }

  @Test
  void wholeAddressLeadsToThePictureOnAPhone() {
    Page page =
        setUp(
            new NewContextOptions()
                .setViewportSize(390, 844)
                .setIsMobile(true)
                .setHasTouch(true)
                .setColorScheme(ColorScheme.DARK));

    atAddress(page);
    fill(page, "Address", camera.uri("plain").replace("://", "://" + USER + ":" + PASSWORD + "@"));
    press(page, "Next");

    goesOnToTheMovingPicture(page);
  }

  private Page setUp(NewContextOptions screen) {
    Page page = browser.newPage(screen);
    Matcher printed = SETUP.matcher(server.log()); // with the port that was asked for, which is 0
    assertThat(printed.find()).as(server.log()).isTrue();
    Browser.open(page, URI.create(server.uri("admin/") + printed.group()));
    awaitFocus(page, "Password");
    page.keyboard().type("a sentence is good");
    page.keyboard().press("Enter");
    heading(page, "Sources").waitFor();
    return page;
  }

  private static void atAddress(Page page) {
    link(page, "Add a camera or other source").click();
    page.getByLabel("Camera or stream by its address").check();
    press(page, "Next");
    heading(page, "Where does it come from?").waitFor();
  }

  private void goesOnToTheMovingPicture(Page page) {
    page.getByText("It works").waitFor();
    Browser.await(page, "document.querySelector('.trial-picture').naturalWidth > 0");
    assertThat(text(page, ".trial")).contains("320 × 180").doesNotContain(PASSWORD);
    press(page, "Next");
    fill(page, "Title", "Front gate");
    press(page, "Add the source");
    awaitText(page, "#told", "Front gate is added.");
    link(page, "Watch page").click();

    awaitText(page, "#title", "Front gate");
    awaitText(page, "#state", "Live");
    Players.awaitMoving(page);
    assertThat(text(page, "#here-only")).contains("“127.0.0.1” is this computer alone");
    link(page, "All sources").click();
    awaitText(page, "#source-front-gate .detail", "camera or stream");
  }

  /** Clicks a button, which has to be seen without scrolling. */
  private static void press(Page page, String name) {
    Locator button = button(page, name);
    button.waitFor();
    BoundingBox box = button.boundingBox();
    assertThat(box.y + box.height).as(name).isBetween(0.0, (double) page.viewportSize().height);
    button.click();
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
