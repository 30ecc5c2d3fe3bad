package dev.zoetrope.admin;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Caller;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.access.Role;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.capture.Probes;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.config.Precondition;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.monitor.Monitor;
import dev.zoetrope.monitor.NodeTree;
import dev.zoetrope.web.Visitors;
import dev.zoetrope.web.WholeBody;
import jakarta.inject.Inject;
import jakarta.json.JsonStructure;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /api/v1/…}: what accounts and tokens may do, by the table in {@link #routes}. Answers
 * JSON; errors are problems (RFC 9457).
 */
@WebServlet(urlPatterns = "/api/v1/*", asyncSupported = true)
public final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final Set<String> CHANGES_NOTHING = Set.of("GET", "HEAD");

  @Inject private transient Channels channels;
  @Inject private transient SourceKeeper keeper;
  @Inject private transient Webhooks webhooks;
  @Inject private transient Access access;
  @Inject private transient Monitor monitor;
  @Inject private transient Installation installation;
  @Inject private transient Probes probes;
  @Inject private transient NodeTree nodes;

  private transient Routes routes; // set by init

  @Override
  public void init() {
    routes = routes();
  }

  /** All that there is, and what one has to be. */
  private Routes routes() {
    SessionResource session = new SessionResource(access);
    AccountResource accounts = new AccountResource(access.accounts());
    TokenResource tokens = new TokenResource(access.tokens());
    LinkResource links = new LinkResource(access.links());
    NodeKeyResource nodeKeys = new NodeKeyResource(access.nodeKeys());
    SourceResource sources = new SourceResource(channels, keeper);
    WebhookResource hooks = new WebhookResource(webhooks);
    DeviceResource devices = new DeviceResource(channels.ffmpeg());
    DiscoveryResource discovery = new DiscoveryResource();
    ServerResource server = new ServerResource(channels, installation, getServletContext());
    HistoryResource history = new HistoryResource(channels, monitor.history());
    return new Routes()
        .add("GET", "session", Role.NOBODY, session::get)
        .addSignIn("POST", "session", session::signIn)
        .add("DELETE", "session", Role.NOBODY, session::signOut)
        .add("PUT", "session/password", Role.VIEWER, session::changePassword)
        .addSignIn("POST", "setup", session::setUp)
        .add("GET", "accounts", Role.ADMIN, call -> accounts.all(slice(call)))
        .add("GET", "accounts/{name}", Role.ADMIN, accounts::get)
        .add("PUT", "accounts/{name}", Role.ADMIN, accounts::put)
        .add("DELETE", "accounts/{name}", Role.ADMIN, accounts::delete)
        .add("GET", "tokens", Role.ADMIN, call -> tokens.all(slice(call)))
        .add("POST", "tokens", Role.ADMIN, tokens::post)
        .add("DELETE", "tokens/{id}", Role.ADMIN, tokens::delete)
        .add("GET", "links", Role.ADMIN, call -> links.all(slice(call)))
        .add("POST", "links", Role.ADMIN, links::post)
        .add("DELETE", "links/{id}", Role.ADMIN, links::delete)
        .add("GET", "nodes", Role.OPERATOR, call -> Reply.of(new NodeResource(nodes).describe()))
        .add("GET", "nodes/keys", Role.ADMIN, call -> nodeKeys.all(slice(call)))
        .add("POST", "nodes/keys", Role.ADMIN, nodeKeys::post)
        .add("DELETE", "nodes/keys/{id}", Role.ADMIN, nodeKeys::delete)
        .add("GET", "sources", Role.OPERATOR, call -> sources.all(slice(call)))
        .add("GET", "sources/{id}", Role.OPERATOR, call -> sources.get(id(call), "", slice(call)))
        .add("PUT", "sources/{id}", Role.ADMIN, call -> put(sources, call))
        .add("PATCH", "sources/{id}", Role.ADMIN, call -> patch(sources, call))
        .add("DELETE", "sources/{id}", Role.ADMIN, call -> delete(sources, call))
        .add(
            "GET",
            "sources/{id}/stats",
            Role.OPERATOR,
            call -> sources.get(id(call), "stats", slice(call)))
        .add(
            "GET",
            "sources/{id}/log",
            Role.OPERATOR,
            call -> sources.get(id(call), "log", slice(call)))
        .add(
            "GET",
            "sources/{id}/timeline",
            Role.OPERATOR,
            call -> sources.get(id(call), "timeline", slice(call)))
        .add(
            "GET",
            "sources/{id}/viewers",
            Role.OPERATOR,
            call -> sources.get(id(call), "viewers", slice(call)))
        .add(
            "DELETE",
            "sources/{id}/viewers/{viewer}",
            Role.OPERATOR,
            call -> sources.cut(id(call), call.variable("viewer")))
        .add("POST", "sources/{id}/start", Role.OPERATOR, call -> sources.post(id(call), "start"))
        .add("POST", "sources/{id}/stop", Role.OPERATOR, call -> sources.post(id(call), "stop"))
        .add(
            "POST",
            "sources/{id}/restart",
            Role.OPERATOR,
            call -> sources.post(id(call), "restart"))
        .add(
            "POST",
            "sources/{id}/try-now",
            Role.OPERATOR,
            call -> sources.post(id(call), "try-now"))
        .add(
            "POST",
            "probe",
            Role.ADMIN,
            call -> new ProbeResource(probes, channels, keeper).post(call.request(), call.body()))
        .add("GET", "sources/{id}/publish-key", Role.ADMIN, call -> keys(call).get(id(call)))
        .add("POST", "sources/{id}/publish-key", Role.ADMIN, call -> keys(call).post(id(call)))
        .add(
            "POST",
            "sources/{id}/publish-key/reveal",
            Role.ADMIN,
            call -> keys(call).reveal(id(call)))
        .add("POST", "export", Role.ADMIN, call -> transfer().export())
        .addLarge(
            "POST",
            "import",
            Role.ADMIN,
            TransferResource.MOST_BODY_BYTES,
            call -> transfer().post(call))
        .add("GET", "server", Role.OPERATOR, call -> Reply.of(server.describe()))
        .add("GET", "history", Role.OPERATOR, call -> Reply.of(history.get(call.query("source"))))
        .add("GET", "webhooks", Role.ADMIN, call -> Reply.of(hooks.all()))
        .add(
            "POST",
            "webhooks/{name}/test",
            Role.ADMIN,
            call -> Reply.of(hooks.post(call.variable("name"), "test")))
        .add("GET", "devices", Role.ADMIN, call -> Reply.of(devices.all()))
        .add(
            "GET",
            "discovery/onvif",
            Role.ADMIN,
            call -> Reply.of(discovery.find(call.query("seconds"), call.query("host"))))
        .add("POST", "discovery/onvif", Role.ADMIN, call -> Reply.of(discovery.ask(call.body())));
  }

  private PublishKeyResource keys(Call call) {
    return PublishKeyResource.of(keeper.publishKeys(), call.request());
  }

  private TransferResource transfer() {
    return new TransferResource(keeper.transfer());
  }

  private static Slice slice(Call call) throws Problem {
    return Slice.of(call.query("offset"), call.query("limit"));
  }

  private static String id(Call call) {
    return call.variable("id");
  }

  private static Reply put(SourceResource sources, Call call) throws Problem {
    return sources.put(id(call), call.body(), precondition(call, true));
  }

  private static Reply patch(SourceResource sources, Call call) throws Problem {
    return sources.patch(id(call), call.body(), precondition(call, false));
  }

  private static Reply delete(SourceResource sources, Call call) throws Problem {
    return sources.delete(id(call), precondition(call, false));
  }

  private static Precondition precondition(Call call, boolean isRequired) {
    return new Precondition(call.header("If-Match"), call.header("If-None-Match"), isRequired);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      Errand errand = errand(request, response);
      if (WholeBody.isAwaited(request)) {
        read(request, errand.route());
        return;
      }
      Reply reply = errand.route().work().of(errand.call());
      response.setStatus(reply.status());
      reply.headers().forEach(response::setHeader);
      if (reply.body().isPresent()) {
        write(request, response, reply.body().get());
      }
    } catch (Problem problem) {
      refuse(request, response, problem);
    }
  }

  /** What somebody who may do so wants to be done. */
  private record Errand(Routes.Route route, Call call) {}

  private Errand errand(HttpServletRequest request, HttpServletResponse response) throws Problem {
    List<String> path = Routes.parts(Optional.ofNullable(request.getPathInfo()).orElse("/"));
    Optional<Routes.Route> route = routes.find(request.getMethod(), path);
    Visitor visitor = Visitors.of(request);
    Caller caller = caller(visitor);
    check(caller, route.map(Routes.Route::needs).orElse(Role.OPERATOR));
    if (route.isEmpty()) {
      throw missing(response, request.getMethod(), path);
    }
    Optional<String> shown = Optional.ofNullable(request.getHeader("X-CSRF-Token"));
    if (!CHANGES_NOTHING.contains(request.getMethod())
        && !route.get().isSignIn()
        && access.isForged(visitor, caller, shown)) {
      throw new Problem(
          403,
          caller.via() == Caller.Via.SESSION
              ? "expected the header X-CSRF-Token with csrf of GET /api/v1/session"
              : "a page of another origin may not do this as you");
    }
    Map<String, String> variables = route.get().variables(path);
    return new Errand(route.get(), new Call(request, response, visitor, caller, variables));
  }

  /** Who may do it is asked again when the body is here: that may be a while. */
  private void read(HttpServletRequest request, Routes.Route route) throws IOException {
    WholeBody.read(
        request,
        channels,
        route.mostBodyBytes(),
        (status, words) -> new Problem(status, words).answer());
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    if (WholeBody.isAwaited(request)) {
      WholeBody.leave(request, channels, problem.answer());
    } else {
      Bouncer.refuse(request, response, problem);
    }
  }

  private Caller caller(Visitor visitor) throws Problem {
    try {
      return access.callerNow(visitor);
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  private static void check(Caller caller, Role needed) throws Problem {
    if (caller.role().covers(needed)) {
      return;
    }
    if (caller.role() == Role.NOBODY) {
      throw Bouncer.unknown();
    }
    throw new Problem(403, caller.role().word() + " may not do this: it takes " + needed.word());
  }

  private Problem missing(HttpServletResponse response, String method, List<String> path) {
    String allowed = routes.allowed(method, path);
    if (allowed.isEmpty()) {
      return new Problem(404, "there is nothing here; below /api/v1/ are " + routes.rooms());
    }
    response.setHeader("Allow", allowed);
    return new Problem(405, "expected one of " + allowed);
  }

  private static void write(
      HttpServletRequest request, HttpServletResponse response, JsonStructure body)
      throws IOException {
    Bouncer.write(request, response, "application/json", body.toString());
  }
}
