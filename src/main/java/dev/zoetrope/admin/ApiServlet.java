package dev.zoetrope.admin;

import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.config.SourceKeeper;
import jakarta.inject.Inject;
import jakarta.json.JsonStructure;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@code /api/v1/…} for operators, who show the token {@code admin-token} of {@code secrets.yaml}
 * as a bearer's (RFC 6750). Answers JSON; errors are problems (RFC 9457).
 */
@WebServlet(urlPatterns = "/api/v1/*")
public final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final String ALLOWED = "GET, HEAD, POST";
  private static final String ROOMS =
      "expected sources, webhooks, devices or discovery/onvif below /api/v1/";

  @Inject private transient Channels channels;
  @Inject private transient SourceKeeper keeper;
  @Inject private transient Webhooks webhooks;
  @Inject private transient OperatorKey key;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      if (!key.fits(Optional.ofNullable(request.getHeader("Authorization")).orElse(""))) {
        response.setHeader("WWW-Authenticate", "Bearer");
        throw new Problem(401, "expected Authorization: Bearer and admin-token of secrets.yaml");
      }
      write(request, response, "application/json", answer(request, response));
    } catch (Problem problem) {
      response.setStatus(problem.status());
      write(request, response, "application/problem+json", problem.json());
    }
  }

  private JsonStructure answer(HttpServletRequest request, HttpServletResponse response)
      throws Problem, IOException {
    String[] path = Optional.ofNullable(request.getPathInfo()).orElse("/").split("/", -1);
    String room = path.length > 1 ? path[1] : "";
    String name = path.length > 2 ? path[2] : "";
    String part = path.length > 3 ? path[3] : "";
    if (path.length > 4) {
      throw new Problem(404, "there is nothing so far below /api/v1");
    }
    return switch (request.getMethod()) {
      case "GET", "HEAD" -> get(request, room, name, part);
      case "POST" -> post(request, room, name, part);
      default -> {
        response.setHeader("Allow", ALLOWED);
        throw new Problem(405, "expected one of " + ALLOWED);
      }
    };
  }

  private JsonStructure get(HttpServletRequest request, String room, String name, String part)
      throws Problem {
    SourceResource sources = new SourceResource(channels, keeper);
    return switch (room) {
      case "sources" -> name.isEmpty() ? sources.all() : sources.get(name, part);
      case "webhooks" -> new WebhookResource(webhooks).all();
      case "devices" -> new DeviceResource(channels.ffmpeg()).all();
      case "discovery" ->
          new DiscoveryResource()
              .find(
                  Optional.ofNullable(request.getParameter("seconds")),
                  Optional.ofNullable(request.getParameter("host")));
      default -> throw new Problem(404, ROOMS);
    };
  }

  private JsonStructure post(HttpServletRequest request, String room, String name, String part)
      throws Problem, IOException {
    return switch (room) {
      case "sources" -> new SourceResource(channels, keeper).post(name, part);
      case "webhooks" -> new WebhookResource(webhooks).post(name, part);
      case "discovery" -> new DiscoveryResource().ask(request.getInputStream());
      default -> throw new Problem(404, ROOMS);
    };
  }

  private static void write(
      HttpServletRequest request, HttpServletResponse response, String type, JsonStructure body)
      throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    response.setContentType(type);
    response.setContentLength(bytes.length);
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(bytes);
    }
  }
}
