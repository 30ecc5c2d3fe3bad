package dev.zoetrope.admin;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** {@code GET /api/v1/openapi.json}: what there is in this API, for programs. For anybody. */
@WebServlet("/api/v1/openapi.json")
public final class OpenApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private String document;

  @Override
  public void init() throws ServletException {
    try (InputStream in = OpenApiServlet.class.getResourceAsStream("openapi.json")) {
      document = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ServletException("cannot read openapi.json of the program itself", e);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Bouncer.checkReads(request, response);
      Bouncer.write(request, response, "application/json", document);
    } catch (Problem problem) {
      Bouncer.refuse(request, response, problem);
    }
  }
}
