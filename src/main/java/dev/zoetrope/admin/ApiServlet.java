package dev.zoetrope.admin;

import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.config.Precondition;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.monitor.Monitor;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
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
  private static final String ALLOWED_FOR_SOURCES = "GET, HEAD, PUT, PATCH, DELETE, POST";
  private static final int MOST_BODY_BYTES = 1 << 20;
  private static final String ROOMS =
      "expected sources, server, history, events, webhooks, devices or discovery/onvif below /api/v1/";

  @Inject private transient Channels channels;
  @Inject private transient SourceKeeper keeper;
  @Inject private transient Webhooks webhooks;
  @Inject private transient Monitor monitor;
  @Inject private transient Installation installation;
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
      Reply reply = reply(request, response);
      response.setStatus(reply.status());
      reply.headers().forEach(response::setHeader);
      if (reply.body().isPresent()) {
        write(request, response, "application/json", reply.body().get());
      }
    } catch (Problem problem) {
      response.setStatus(problem.status());
      write(request, response, "application/problem+json", problem.json());
    }
  }

  private Reply reply(HttpServletRequest request, HttpServletResponse response)
      throws Problem, IOException {
    String[] path = Optional.ofNullable(request.getPathInfo()).orElse("/").split("/", -1);
    String room = path.length > 1 ? path[1] : "";
    String name = path.length > 2 ? path[2] : "";
    String part = path.length > 3 ? path[3] : "";
    if (path.length == 5 && room.equals("sources") && part.equals("viewers")) {
      return viewer(request, response, name, path[4]);
    }
    if (path.length > 4) {
      throw new Problem(404, "there is nothing so far below /api/v1");
    }
    if (room.equals("sources")) {
      return sources(request, response, name, part);
    }
    return switch (request.getMethod()) {
      case "GET", "HEAD" -> Reply.of(get(request, room));
      case "POST" -> Reply.of(post(request, room, name, part));
      default -> throw notAllowed(response, ALLOWED);
    };
  }

  private static Problem notAllowed(HttpServletResponse response, String allowed) {
    response.setHeader("Allow", allowed);
    return new Problem(405, "expected one of " + allowed);
  }

  private Reply sources(
      HttpServletRequest request, HttpServletResponse response, String name, String part)
      throws Problem, IOException {
    SourceResource sources = new SourceResource(channels, keeper);
    Optional<String> ifMatch = Optional.ofNullable(request.getHeader("If-Match"));
    Optional<String> ifNoneMatch = Optional.ofNullable(request.getHeader("If-None-Match"));
    boolean isOne = !name.isEmpty() && part.isEmpty();
    String method = request.getMethod();
    if (method.equals("GET") || method.equals("HEAD")) {
      return name.isEmpty()
          ? Reply.of(sources.all())
          : sources.get(
              name, part, Slice.of(parameter(request, "offset"), parameter(request, "limit")));
    }
    if (method.equals("POST")) {
      return sources.post(name, part);
    }
    if (method.equals("PUT") && isOne) {
      return sources.put(name, body(request), new Precondition(ifMatch, ifNoneMatch, true));
    }
    if (method.equals("PATCH") && isOne) {
      return sources.patch(name, body(request), new Precondition(ifMatch, ifNoneMatch, false));
    }
    if (method.equals("DELETE") && isOne) {
      return sources.delete(name, new Precondition(ifMatch, ifNoneMatch, false));
    }
    throw notAllowed(response, isOne ? ALLOWED_FOR_SOURCES : ALLOWED);
  }

  private Reply viewer(
      HttpServletRequest request, HttpServletResponse response, String name, String viewer)
      throws Problem {
    if (!request.getMethod().equals("DELETE")) {
      throw notAllowed(response, "DELETE");
    }
    return new SourceResource(channels, keeper).cut(name, viewer);
  }

  private static Optional<String> parameter(HttpServletRequest request, String name) {
    return Optional.ofNullable(request.getParameter(name));
  }

  private static JsonObject body(HttpServletRequest request) throws Problem, IOException {
    String type = Optional.ofNullable(request.getContentType()).orElse("").split(";", 2)[0].strip();
    if (!type.equals("application/json") && !type.equals("application/merge-patch+json")) {
      throw new Problem(415, "expected Content-Type: application/json");
    }
    byte[] bytes = request.getInputStream().readNBytes(MOST_BODY_BYTES + 1);
    if (bytes.length > MOST_BODY_BYTES) {
      throw new Problem(413, "expected at most 1 MiB");
    }
    try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new Problem(400, "expected an object in JSON, with the keys of a source's file");
    }
  }

  private JsonStructure get(HttpServletRequest request, String room) throws Problem {
    return switch (room) {
      case "server" -> new ServerResource(channels, installation, getServletContext()).describe();
      case "history" ->
          new HistoryResource(channels, monitor.history()).get(parameter(request, "source"));
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
