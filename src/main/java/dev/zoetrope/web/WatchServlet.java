package dev.zoetrope.web;

import dev.zoetrope.media.SourceId;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** {@code GET /watch/{id}}: the page; it reads the id from its address. */
@WebServlet("/watch/*")
public final class WatchServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String path = Optional.ofNullable(request.getPathInfo()).orElse("");
    String id = path.startsWith("/") ? path.substring(1) : path;
    if (SourceId.isValid(id)) {
      request.getRequestDispatcher("/watch.html").forward(request, response);
    } else if (id.isEmpty()) {
      redirect(request, response, path.isEmpty() ? "./" : "../");
    } else if (id.endsWith("/") && SourceId.isValid(id.substring(0, id.length() - 1))) {
      // the page's links count from /
      redirect(request, response, "../" + id.substring(0, id.length() - 1));
    } else {
      Answer answer =
          Answer.of(Answer.Form.of(request), Outcome.NO_SUCH_SOURCE, "expected /watch/{id}");
      answer.writeHead(response);
      answer.body().writeTo(response.getOutputStream());
    }
  }

  /** By a relative address, since the one we are known by outside may be another. */
  private static void redirect(
      HttpServletRequest request, HttpServletResponse response, String location) {
    String query = request.getQueryString(); // a link that lets in, for one
    response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
    response.setHeader("Location", query == null ? location : location + "?" + query);
  }
}
