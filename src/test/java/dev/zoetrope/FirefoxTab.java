package dev.zoetrope;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;

/** One tab of a {@link Firefox}, for a visitor who has never been here. Confined to one thread. */
public final class FirefoxTab {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final BidiConnection connection;
  private final String visitor;
  private final String context;

  FirefoxTab(BidiConnection connection, String... scripts) {
    this.connection = connection;
    visitor =
        connection.send("browser.createUserContext", params().build()).getString("userContext");
    context =
        connection
            .send(
                "browsingContext.create",
                params().add("type", "tab").add("userContext", visitor).build())
            .getString("context");
    connection.send(
        "browsingContext.setViewport",
        params()
            .add("context", context)
            .add("viewport", params().add("width", 1280).add("height", 800))
            .build());
    for (String script : scripts) {
      connection.send(
          "script.addPreloadScript",
          params()
              .add("functionDeclaration", "() => {" + script + "}")
              .add("contexts", Json.createArrayBuilder().add(context))
              .build());
    }
  }

  private static JsonObjectBuilder params() {
    return Json.createObjectBuilder();
  }

  /** Endless images keep a page loading for ever: its document is enough. */
  public void open(URI address) {
    connection.send(
        "browsingContext.navigate",
        params()
            .add("context", context)
            .add("url", address.toString())
            .add("wait", "interactive")
            .build());
  }

  /**
   * The value of an expression, of a promise what it comes to: maps, lists, strings, doubles,
   * booleans, null.
   */
  public Object evaluate(String expression) {
    String promise =
        "Promise.resolve(" + expression + ").then((value) => JSON.stringify([value ?? null]))";
    JsonObject answer =
        connection.send(
            "script.evaluate",
            params()
                .add("expression", promise)
                .add("target", params().add("context", context))
                .add("awaitPromise", true)
                .build());
    if (!answer.getString("type").equals("success")) {
      String why = answer.getJsonObject("exceptionDetails").getString("text");
      throw new AssertionError(expression + ": " + why);
    }
    String json = answer.getJsonObject("result").getString("value");
    return ((List<?>) BidiConnection.plain(Json.createReader(new StringReader(json)).readArray()))
        .get(0);
  }

  /** Waits until {@code expression} is true in the page. */
  public void await(String expression) {
    Awaitility.await(expression)
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> evaluate("!!(" + expression + ")").equals(true));
  }

  /** What is on the screen where {@code element}, an expression, is. */
  public BufferedImage screenshot(String element) {
    String box = ".getBoundingClientRect().toJSON()";
    Map<?, ?> sides = (Map<?, ?>) evaluate(element + box);
    return screenshot(
        number(sides.get("x")),
        number(sides.get("y")),
        number(sides.get("width")),
        number(sides.get("height")));
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  /** What is on the screen in a part of the page, in pixels of CSS. */
  public BufferedImage screenshot(double x, double y, double width, double height) {
    JsonObject answer =
        connection.send(
            "browsingContext.captureScreenshot",
            params()
                .add("context", context)
                .add(
                    "clip",
                    params()
                        .add("type", "box")
                        .add("x", x)
                        .add("y", y)
                        .add("width", width)
                        .add("height", height))
                .build());
    byte[] png = Base64.getDecoder().decode(answer.getString("data"));
    try {
      return ImageIO.read(new ByteArrayInputStream(png));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  void close() {
    connection.send("browser.removeUserContext", params().add("userContext", visitor).build());
  }
}
