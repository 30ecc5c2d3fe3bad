package dev.zoetrope.admin;

import dev.zoetrope.access.Access;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code GET /metrics} for Prometheus: operators', unless {@code metrics: public} is set. */
@WebServlet("/metrics")
public final class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Metrics metrics;
  @Inject private transient Access access;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    try {
      Bouncer.checkReads(request, response);
      if (!metrics.isPublic()) {
        Bouncer.check(access, request);
      }
      Bouncer.write(request, response, Metrics.contentType(), metrics.text());
    } catch (Problem problem) {
      Bouncer.refuse(request, response, problem);
    }
  }
}
