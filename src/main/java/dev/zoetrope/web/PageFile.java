package dev.zoetrope.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A page of the application, as it is sent. */
record PageFile(String html) {
  private static final String END_OF_HEAD = "</head>";

  /**
   * @param path within the application: {@code /watch.html}
   */
  static PageFile read(ServletContext application, String path) throws IOException {
    try (InputStream page = application.getResourceAsStream(path)) {
      if (page == null) {
        throw new IOException("the application lacks " + path);
      }
      return new PageFile(new String(page.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The same with more at the end of its head. */
  PageFile withHead(String more) {
    return new PageFile(html.replace(END_OF_HEAD, more + END_OF_HEAD));
  }

  void sendTo(HttpServletResponse response) throws IOException {
    byte[] body = html.getBytes(StandardCharsets.UTF_8);
    response.setContentType("text/html;charset=UTF-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
