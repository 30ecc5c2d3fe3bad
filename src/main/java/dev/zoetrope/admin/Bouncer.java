package dev.zoetrope.admin;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.access.Role;
import dev.zoetrope.web.Answer;
import dev.zoetrope.web.Visitors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Turns away who has no business at the doors beside {@link ApiServlet}. */
final class Bouncer {
  private Bouncer() {}

  /** Only operators come in. */
  static void check(Access access, HttpServletRequest request) throws Problem {
    Role role;
    try {
      role = access.callerNow(Visitors.of(request)).role();
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
    if (role == Role.NOBODY) {
      throw unknown();
    }
    if (!role.covers(Role.OPERATOR)) {
      throw new Problem(403, role.word() + " may not do this: it takes " + Role.OPERATOR.word());
    }
  }

  /** Of whom nothing is known. */
  static Problem unknown() {
    return new Problem(
        401, "expected a session, or Authorization: Bearer with a token, or Basic of an account");
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
    Answer answer = problem.answer();
    answer.writeHead(response);
    if (!request.getMethod().equals("HEAD")) {
      answer.body().writeTo(response.getOutputStream());
    }
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
