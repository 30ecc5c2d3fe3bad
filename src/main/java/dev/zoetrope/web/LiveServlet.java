package dev.zoetrope.web;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Role;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.door.FastDoor;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.web.HttpConnection.Extent;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code GET /live/{id}.gif|mjpeg|ts|mp4}: endless responses; {@code GET /live/{id}.jpg}: the
 * newest picture; {@code GET /live/}: the sources; {@code GET /live/{id}}: what suits who asks.
 */
@WebServlet(urlPatterns = "/live/*", asyncSupported = true)
public final class LiveServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final String ALLOWED = "GET, HEAD, OPTIONS";
  private static final int FOUND = HttpServletResponse.SC_FOUND; // another may find another

  @Inject private transient Channels channels;
  @Inject private transient FastDoor fastDoor;
  @Inject private transient Gate gate;
  @Inject private transient Access access;

  /** What else there is in HTTP changes something, or (TRACE) says back what it was sent. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    switch (request.getMethod()) {
      case "GET", "HEAD", "OPTIONS" -> super.service(request, response);
      default -> {
        setHeaders(response);
        response.setHeader("Allow", ALLOWED);
        refuse(
            request,
            response,
            Method.GET,
            new OutcomeException(Outcome.NOT_ALLOWED, "expected one of " + ALLOWED));
      }
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer(request, response, Method.GET);
  }

  /** Headers only; nothing is started. */
  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer(request, response, Method.HEAD);
  }

  @Override
  protected void doOptions(HttpServletRequest request, HttpServletResponse response) {
    setHeaders(response);
    response.setHeader("Allow", ALLOWED);
    response.setHeader("Access-Control-Allow-Methods", "GET, HEAD");
    response.setHeader("Access-Control-Allow-Headers", "*");
  }

  private enum Method {
    GET,
    HEAD
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, Method method)
      throws IOException {
    setHeaders(response);
    try {
      route(request, response, method);
    } catch (OutcomeException e) {
      refuse(request, response, method, e);
    }
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, Method method, OutcomeException why)
      throws IOException {
    Answer answer = Answer.of(Answer.Form.of(request), why);
    answer.writeHead(response);
    if (method == Method.GET) {
      answer.body().writeTo(response.getOutputStream());
    }
  }

  private static void setHeaders(HttpServletResponse response) {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Expose-Headers", "X-Timestamp");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  }

  private void route(HttpServletRequest request, HttpServletResponse response, Method method)
      throws IOException, OutcomeException {
    String path = Optional.ofNullable(request.getPathInfo()).orElse("/").substring(1);
    if (path.isEmpty()) {
      list(request, response, method);
      return;
    }
    int dot = path.lastIndexOf('.');
    String id = dot < 0 ? path : path.substring(0, dot);
    if (dot < 0 && SourceId.isValid(id)) {
      suit(request, response, method, id);
    } else {
      serve(request, response, method, id, path.substring(dot + 1));
    }
  }

  /** At the one address of a source. */
  private void suit(
      HttpServletRequest request, HttpServletResponse response, Method method, String id)
      throws IOException, OutcomeException {
    response.setHeader("Vary", Representation.VARY);
    Representation suiting = Representation.of(request);
    switch (suiting) {
      case STATE -> tellState(request, response, method, id);
      case PAGE -> PageServlet.redirect(request, response, FOUND, "../watch/" + id);
      case FRAME -> PageServlet.redirect(request, response, FOUND, "../embed/" + id);
      case MJPEG, MP4, STILL, GIF, MPEG1 ->
          serve(request, response, method, id, suiting.extension());
    }
  }

  private void tellState(
      HttpServletRequest request, HttpServletResponse response, Method method, String id)
      throws IOException, OutcomeException {
    Doorkeeper door = new Doorkeeper(channels, gate);
    Channel channel = door.channel(id);
    Visitor visitor = Visitors.of(request);
    if (!door.isVisible(visitor, channel)) {
      door.admit(visitor, channel, "jpg").close(); // says why not
    }
    write(response, method, describe(channel, isOperator(visitor)).build());
  }

  private void serve(
      HttpServletRequest request,
      HttpServletResponse response,
      Method method,
      String id,
      String extension)
      throws IOException, OutcomeException {
    Doorkeeper door = new Doorkeeper(channels, gate);
    if (extension.equals("jpg")) {
      Channel channel = door.channel(id);
      try (Pass pass = door.admit(Visitors.of(request), channel, "jpg")) {
        still(request, response, method, door, channel, pass);
      }
      return;
    }
    Optional<Way> way = Way.ofExtension(extension);
    if (way.isEmpty()) {
      throw new OutcomeException(
          Outcome.NO_SUCH_SOURCE,
          "expected /live/{id}, with .gif, .mjpeg, .jpg, .mp4 or .ts or without, or a WebSocket at"
              + " /live/{id}, /live/{id}/mpeg1 or /live/{id}/fmp4");
    }
    Channel channel = door.channel(id);
    try (Pass pass = door.admit(Visitors.of(request), channel, extension)) {
      watch(request, response, method, door, channel, way.get(), pass);
    }
  }

  private void watch(
      HttpServletRequest request,
      HttpServletResponse response,
      Method method,
      Doorkeeper door,
      Channel channel,
      Way way,
      Pass pass)
      throws IOException, OutcomeException {
    Query query = name -> Optional.ofNullable(request.getParameter(name));
    String accept = Optional.ofNullable(request.getHeader("Accept")).orElse("");
    Framing framing = way.framing(query, accept);
    Rendition rendition = door.rendition(channel, way.format(), query);
    response.setContentType(way.contentType());
    if (method == Method.HEAD) {
      return;
    }
    if (request.getProtocol().startsWith("HTTP/1")) {
      response.setHeader("Connection", "close"); // spares the chunks' framing
    }
    response.setHeader("X-Accel-Buffering", "no");
    response.setBufferSize(HttpConnection.BUFFER_BYTES);
    Cards cards = Cards.of(query);
    Lease lease = door.lease(channel, rendition, cards, pass, Outside.of(request).address());
    boolean canWait = cards == Cards.SHOWN; // a card will come, and no error
    if (canWait && fastDoor.suitsStream(request, response)) {
      setContentType(response, framing, lease);
      LineStream stream = new LineStream(framing, lease, cards);
      pass.onEnd(why -> stream.cut());
      if (take(request, response, stream)) {
        return;
      }
    }
    open(request, channel, framing, Extent.ENDLESS, lease, cards, pass);
  }

  /** The run's own, where it is known by now. */
  private static void setContentType(HttpServletResponse response, Framing framing, Lease lease) {
    lease
        .feed()
        .newestJoinPoint()
        .ifPresent(entry -> response.setContentType(framing.contentType(entry.run())));
  }

  private boolean take(HttpServletRequest request, HttpServletResponse response, LineStream stream)
      throws IOException {
    try {
      return fastDoor.takeStream(request, response, stream);
    } catch (IOException | RuntimeException e) {
      stream.closed();
      throw e;
    }
  }

  private void still(
      HttpServletRequest request,
      HttpServletResponse response,
      Method method,
      Doorkeeper door,
      Channel channel,
      Pass pass)
      throws IOException, OutcomeException {
    response.setContentType("image/jpeg");
    Cards cards = Cards.of(name -> Optional.ofNullable(request.getParameter(name)));
    if (method == Method.GET) {
      Lease lease = door.leaseStills(channel, cards, pass);
      open(request, channel, PlainJpeg.INSTANCE, Extent.ONE_PICTURE, lease, cards, pass);
    }
  }

  private void open(
      HttpServletRequest request,
      Channel channel,
      Framing framing,
      Extent extent,
      Lease lease,
      Cards cards,
      Pass pass)
      throws IOException {
    Answer.Form form = Answer.Form.of(request);
    Supplier<Answer> none =
        () ->
            Answer.of(
                form, new OutcomeException(Outcome.NO_PICTURE, Doorkeeper.noPicture(channel)));
    AsyncContext async;
    try {
      async = request.startAsync();
      async.setTimeout(0);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
    HttpConnection connection =
        HttpConnection.open(async, framing, extent, lease, cards, channels, none);
    pass.onEnd(why -> connection.cut());
  }

  private boolean isOperator(Visitor visitor) {
    return access.caller(visitor).role().covers(Role.OPERATOR);
  }

  /** What the visitor may watch. */
  private void list(HttpServletRequest request, HttpServletResponse response, Method method)
      throws IOException {
    Visitor visitor = Visitors.of(request);
    boolean isOperator = isOperator(visitor);
    JsonArrayBuilder sources = Json.createArrayBuilder();
    for (Channel channel : new Doorkeeper(channels, gate).visible(visitor)) {
      sources.add(describe(channel, isOperator));
    }
    JsonObject list =
        Json.createObjectBuilder()
            .add("now", System.currentTimeMillis())
            .add("sources", sources)
            .build();
    write(response, method, list);
  }

  private static void write(HttpServletResponse response, Method method, JsonObject json)
      throws IOException {
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    if (method == Method.GET) {
      response.getOutputStream().write(body);
    }
  }

  /**
   * @param isForOperators whether it may say where a camera is
   */
  private static JsonObjectBuilder describe(Channel channel, boolean isForOperators) {
    var stats = channel.stats();
    String cause =
        isForOperators ? stats.capture().why().map(Diagnosis::words).orElse("") : stats.cause();
    JsonArrayBuilder renditions = Json.createArrayBuilder();
    for (Rendition rendition : channel.settings().renditions()) {
      renditions.add(
          Json.createObjectBuilder()
              .add("name", rendition.name())
              .add("format", rendition.format().word())
              .add("width", rendition.width()));
    }
    JsonObjectBuilder source = Json.createObjectBuilder();
    channel.hasSound().ifPresent(hasSound -> source.add("sound", hasSound));
    return source
        .add("id", channel.id().value())
        .add("title", channel.settings().title())
        .add("kind", channel.settings().source().kind())
        .add("access", channel.settings().audience().protection().word())
        .add("state", stats.state())
        .add("cause", cause)
        .add("advice", stats.advice())
        .add("since", stats.capture().since().toEpochMilli())
        .add("viewers", stats.viewers())
        .add("renditions", renditions);
  }
}
