package dev.zoetrope.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns away who has no business at the doors beside {@link ApiServlet}. */
final class Bouncer {
  private Bouncer() {}

  /** Only operators come in. */
  static void check(OperatorKey key, HttpServletRequest request, HttpServletResponse response)
      throws Problem {
    if (!key.fits(Optional.ofNullable(request.getHeader("Authorization")).orElse(""))) {
      response.setHeader("WWW-Authenticate", "Bearer");
      throw new Problem(401, "expected Authorization: Bearer and admin-token of secrets.yaml");
    }
  }

  /** Only who wants to read comes in. */
  static void checkReads(HttpServletRequest request, HttpServletResponse response) throws Problem {
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      throw new Problem(405, "expected one of GET, HEAD");
    }
  }

  /** Says why not. */
  static void refuse(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    response.setStatus(problem.status());
    write(request, response, "application/problem+json", problem.json().toString());
  }

  static void write(
      HttpServletRequest request, HttpServletResponse response, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    response.setContentType(type);
    response.setContentLength(bytes.length);
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(bytes);
    }
  }
}
