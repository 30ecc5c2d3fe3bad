package dev.zoetrope.web;

import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Bytes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code GET /oembed?url=}: what another site needs to show a source, given the address of its
 * page, for who may watch it. A share link in that address lets in, and goes on in what is
 * answered.
 *
 * @see "oEmbed 1.0, 2.2 (Consumer Request), 2.3 (Provider Response)"
 */
@WebServlet("/oembed")
public final class OembedServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** The frame's usual size in pixels; a picture of another shape is fitted into it. */
  private static final int WIDTH = 640;

  private static final int HEIGHT = 360;
  private static final Pattern PIXELS = Pattern.compile("0*[1-9][0-9]{0,8}");

  @Inject private transient Channels channels;
  @Inject private transient Gate gate;

  /** Pixels. */
  private record Size(int width, int height) {
    /** The usual one, or the largest of its shape that fits. */
    static Size within(int mostWidth, int mostHeight) {
      int width = Math.min(Math.min(WIDTH, mostWidth), mostHeight * WIDTH / HEIGHT);
      return new Size(Math.max(1, width), Math.max(1, width * HEIGHT / WIDTH));
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Access-Control-Allow-Origin", "*");
    Query query = name -> Optional.ofNullable(request.getParameter(name));
    Answer answer;
    try {
      answer = answer(query, Visitors.of(request));
    } catch (OutcomeException e) {
      answer = Answer.of(Answer.Form.of(request), e);
    }
    answer.writeHead(response);
    answer.body().writeTo(response.getOutputStream());
  }

  private Answer answer(Query query, Visitor visitor) throws OutcomeException {
    if (!query.value("format").orElse("json").equals("json")) {
      return new Answer(
          HttpServletResponse.SC_NOT_IMPLEMENTED,
          0,
          "text/plain;charset=UTF-8",
          bytes("format: expected json\n"));
    }
    Size size = Size.within(most(query, "maxwidth", WIDTH), most(query, "maxheight", HEIGHT));
    PageAddress page =
        PageAddress.of(query.value("url").orElse(""), visitor.host().orElse(""))
            .orElseThrow(
                () ->
                    new OutcomeException(
                        Outcome.NO_SUCH_SOURCE,
                        "url: expected the address of a page of this server, /watch/{id} or"
                            + " /embed/{id}, with http or https and the host"));
    Doorkeeper door = new Doorkeeper(channels, gate);
    Channel channel = door.channel(page.id().value());
    Visitor viewer = withLink(visitor, page.link());
    if (!door.isVisible(viewer, channel)) {
      door.admit(viewer, channel, "jpg").close(); // says why not
    }
    String title = channel.settings().title();
    return new Answer(
        HttpServletResponse.SC_OK,
        0,
        "application/json",
        bytes(describe(page, title, size).toString()));
  }

  private static Visitor withLink(Visitor visitor, Optional<String> link) {
    return new Visitor(
        visitor.authorization(),
        visitor.session(),
        link,
        visitor.principal(),
        visitor.isInRole(),
        visitor.address(),
        visitor.origin(),
        visitor.host());
  }

  private static int most(Query query, String name, int otherwise) throws OutcomeException {
    String value = query.value(name).orElse(Integer.toString(otherwise));
    if (!PIXELS.matcher(value).matches()) {
      throw new OutcomeException(
          Outcome.BAD_REQUEST,
          name + ": expected a number of pixels, got \"" + Query.clean(value) + "\"");
    }
    return Math.min(Integer.parseInt(value), otherwise);
  }

  private static JsonObject describe(PageAddress page, String title, Size size) {
    return Json.createObjectBuilder()
        .add("version", "1.0")
        .add("type", "video")
        .add("title", title)
        .add("provider_name", "Zoetrope")
        .add("provider_url", page.base())
        .add("width", size.width())
        .add("height", size.height())
        .add("html", frame(page, title, size))
        .add("thumbnail_url", page.still())
        .add("thumbnail_width", size.width())
        .add("thumbnail_height", size.height())
        .build();
  }

  private static String frame(PageAddress page, String title, Size size) {
    return "<iframe src=\""
        + page.embed()
        + "\" width=\""
        + size.width()
        + "\" height=\""
        + size.height()
        + "\" title=\""
        + escaped(title)
        + "\" allow=\"autoplay; fullscreen; picture-in-picture\" allowfullscreen"
        + " style=\"border:0\"></iframe>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private static Bytes bytes(String text) {
    return Bytes.owning(text.getBytes(StandardCharsets.UTF_8));
  }
}
