package dev.zoetrope.web;

import dev.zoetrope.monitor.Pulse;
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

/**
 * {@code GET /health/ready}: 200 when serving, and not about to stop; the application starts before
 * its servlets do. {@code GET /health/live}: 200 while the threads run that everything depends on;
 * else the server should be started anew.
 */
@WebServlet({"/health/ready", "/health/live"})
public final class HealthServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Pulse pulse;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    JsonObject answer =
        request.getServletPath().endsWith("/live") ? live(response) : ready(response);
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(body);
  }

  private JsonObject ready(HttpServletResponse response) {
    if (!pulse.isReady()) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return Json.createObjectBuilder().add("status", "stopping").build();
    }
    return Json.createObjectBuilder().add("status", "ready").build();
  }

  private JsonObject live(HttpServletResponse response) {
    Optional<String> silent = pulse.silent();
    if (silent.isPresent()) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return Json.createObjectBuilder().add("status", "stuck").add("silent", silent.get()).build();
    }
    return Json.createObjectBuilder().add("status", "live").build();
  }
}
