package dev.zoetrope.admin;

import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.channel.Channels;
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

  @Inject private transient Channels channels;
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
      throws Problem {
    String[] path = Optional.ofNullable(request.getPathInfo()).orElse("/").split("/", -1);
    String room = path.length > 1 ? path[1] : "";
    String name = path.length > 2 ? path[2] : "";
    String part = path.length > 3 ? path[3] : "";
    if (path.length > 4) {
      throw new Problem(404, "there is nothing so far below /api/v1");
    }
    return switch (request.getMethod()) {
      case "GET", "HEAD" -> get(room, name, part);
      case "POST" -> post(room, name, part);
      default -> {
        response.setHeader("Allow", ALLOWED);
        throw new Problem(405, "expected one of " + ALLOWED);
      }
    };
  }

  private JsonStructure get(String room, String name, String part) throws Problem {
    SourceResource sources = new SourceResource(channels);
    return switch (room) {
      case "sources" -> name.isEmpty() ? sources.all() : sources.get(name, part);
      case "webhooks" -> new WebhookResource(webhooks).all();
      default -> throw new Problem(404, "expected /api/v1/sources or /api/v1/webhooks");
    };
  }

  private JsonStructure post(String room, String name, String part) throws Problem {
    return switch (room) {
      case "sources" -> new SourceResource(channels).post(name, part);
      case "webhooks" -> new WebhookResource(webhooks).post(name, part);
      default -> throw new Problem(404, "expected /api/v1/sources or /api/v1/webhooks");
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
