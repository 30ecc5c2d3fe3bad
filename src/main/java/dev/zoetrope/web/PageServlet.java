package dev.zoetrope.web;

import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Protection;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Audience;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.SourceId;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code GET /watch/{id}}, {@code GET /embed/{id}}: the pages of one source; they read the id from
 * their address. They are the same for every id, be there such a source or not: what they show they
 * ask for as their visitor. Each names the address where other sites ask how to show it.
 *
 * @see "oEmbed 1.0, 4 (Discovery)"
 */
@WebServlet({"/watch/*", "/embed/*"})
public final class PageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final int MOVED = HttpServletResponse.SC_MOVED_PERMANENTLY;
  private static final String EMBED = "/embed";

  @Inject private transient Channels channels;
  @Inject private transient Gate gate;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = Optional.ofNullable(request.getPathInfo()).orElse("");
    String id = path.startsWith("/") ? path.substring(1) : path;
    if (SourceId.isValid(id)) {
      show(request, response, new SourceId(id));
    } else if (id.isEmpty()) {
      redirect(request, response, MOVED, path.isEmpty() ? "./" : "../");
    } else if (id.endsWith("/") && SourceId.isValid(id.substring(0, id.length() - 1))) {
      // the page's links count from /
      redirect(request, response, MOVED, "../" + id.substring(0, id.length() - 1));
    } else {
      String expected = "expected " + request.getServletPath() + "/{id}";
      Answer answer =
          Answer.of(
              Answer.Form.of(request), new OutcomeException(Outcome.NO_SUCH_SOURCE, expected));
      answer.writeHead(response);
      answer.body().writeTo(response.getOutputStream());
    }
  }

  /** By a relative address, since the one we are known by outside may be another. */
  static void redirect(
      HttpServletRequest request, HttpServletResponse response, int status, String location) {
    String query = request.getQueryString(); // a link that lets in, for one
    response.setStatus(status);
    response.setHeader("Location", query == null ? location : location + "?" + query);
  }

  private void show(HttpServletRequest request, HttpServletResponse response, SourceId id)
      throws IOException {
    Visitor visitor = Visitors.of(request);
    String page = request.getServletPath();
    if (page.equals(EMBED)) {
      response.setHeader(
          "Content-Security-Policy", SecurityHeaders.PAGE_POLICY + framing(visitor, id));
      response.setHeader("Vary", "Cookie, Authorization");
    }
    PageFile file = PageFile.read(getServletContext(), page + ".html");
    Optional<String> oembed = address(request, visitor, id).map(PageAddress::oembed);
    if (oembed.isPresent()) {
      String kind = "rel=\"alternate\"; type=\"application/json+oembed\"";
      response.setHeader("Link", "<" + oembed.get() + ">; " + kind);
      file = file.withHead(discovery(oembed.get()));
    }
    file.sendTo(response);
  }

  /**
   * Which pages may have it in a frame. Anybody's, where it is for everybody, or where nothing but
   * a link lets in; where somebody is signed in, those alone that may have them watch.
   */
  private String framing(Visitor visitor, SourceId id) {
    Optional<Channel> channel = channels.channel(id);
    Optional<Audience> audience = channel.map(found -> found.settings().audience());
    boolean isPublic = audience.map(Audience::protection).equals(Optional.of(Protection.PUBLIC));
    boolean isAnonymous =
        visitor.session().isEmpty()
            && visitor.principal().isEmpty()
            && visitor.authorization().isEmpty();
    if (isPublic || (isAnonymous && visitor.link().isPresent())) {
      return "";
    }
    StringBuilder framing = new StringBuilder("; frame-ancestors 'self'");
    Doorkeeper door = new Doorkeeper(channels, gate);
    if (channel.isPresent() && door.isVisible(visitor, channel.get())) {
      audience.get().origins().forEach(origin -> framing.append(' ').append(origin));
    }
    return framing.toString();
  }

  /** The page's own, as the visitor has it; empty where the request does not tell. */
  private static Optional<PageAddress> address(
      HttpServletRequest request, Visitor visitor, SourceId id) {
    String address = Outside.of(request).root(request) + "watch/" + id;
    return PageAddress.of(address, visitor.host().orElse(""))
        .map(found -> new PageAddress(found.base(), id, visitor.link()));
  }

  private static String discovery(String oembed) {
    return "  <link rel=\"alternate\" type=\"application/json+oembed\" href=\"" + oembed + "\">\n";
  }
}
