package dev.zoetrope.web;

import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.PublisherRefusedException;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code POST} or {@code PUT /publish/{id}}: an endless body of media; {@code
 * /publish/{id}/picture}: a picture, a form with some, or an endless multipart body of them. {@code
 * GET /publish/{id}}: the page that publishes from a browser, which is the same for every id.
 *
 * <p>The key comes as {@code Authorization: Bearer KEY} or {@code ?key=KEY}, and is checked before
 * a byte of the body is read.
 */
@WebServlet(urlPatterns = "/publish/*", asyncSupported = true)
public final class PublishServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final String ALLOWED = "POST, PUT, OPTIONS";
  private static final String PAGE = "/publish.html";
  private static final String PICTURE = "/picture";
  private static final String BEARER = "bearer ";

  /** How long a publisher may be silent within a body of media, or a single picture. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Inject private transient Channels channels;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String method = request.getMethod();
    if ((method.equals("GET") || method.equals("HEAD")) && SourceId.isValid(id(request))) {
      PageFile.read(getServletContext(), PAGE).sendTo(response);
      return;
    }
    setHeaders(response);
    switch (method) {
      case "OPTIONS" -> allow(response);
      case "POST", "PUT" -> answer(request, response);
      default -> {
        response.setHeader("Allow", ALLOWED);
        refuse(
            request,
            response,
            new OutcomeException(Outcome.NOT_ALLOWED, "expected one of " + ALLOWED));
      }
    }
  }

  /** A page of another origin may publish: it has to know the key. */
  private static void allow(HttpServletResponse response) {
    response.setHeader("Allow", ALLOWED);
    response.setHeader("Access-Control-Allow-Methods", "POST, PUT");
    response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.setHeader("Access-Control-Max-Age", "86400");
  }

  private static void setHeaders(HttpServletResponse response) {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("X-Content-Type-Options", "nosniff");
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    try {
      route(request);
    } catch (OutcomeException e) {
      refuse(request, response, e);
    } catch (PublisherRefusedException e) {
      refuse(request, response, PictureEntrance.refused(e));
    }
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, OutcomeException why)
      throws IOException {
    Answer answer = Answer.of(Answer.Form.of(request), why);
    if (WholeBody.isAnnounced(request)) {
      Upload.refuse(request, channels, answer);
    } else {
      answer.writeHead(response);
      answer.body().writeTo(response.getOutputStream());
    }
  }

  /** What follows in the address; perhaps with the picture's part, or nobody's. */
  private static String id(HttpServletRequest request) {
    return Optional.ofNullable(request.getPathInfo()).orElse("/").substring(1);
  }

  private void route(HttpServletRequest request)
      throws IOException, OutcomeException, PublisherRefusedException {
    String path = id(request);
    boolean isPicture = path.endsWith(PICTURE);
    String id = isPicture ? path.substring(0, path.length() - PICTURE.length()) : path;
    Channel channel = Doorkeeper.channel(channels, id);
    Source source = channel.settings().source();
    if (isPicture && source instanceof Source.Pictures pictures) {
      pictures(request, channel.publishPoint().orElseThrow(), pictures);
    } else if (!isPicture && source instanceof Source.HttpPublish) {
      stream(request, channel);
    } else {
      throw new OutcomeException(Outcome.NO_SUCH_SOURCE, StreamEntrance.whereTo(channel));
    }
  }

  private void stream(HttpServletRequest request, Channel channel)
      throws IOException, OutcomeException {
    StreamEntrance entrance =
        StreamEntrance.byKey(channels, channel, key(request), Outside.of(request).address());
    Upload upload = upload(request, PATIENCE);
    upload.begin(
        new StreamTaker(
            format ->
                entrance.admit(
                    format, () -> upload.succeed(HttpServletResponse.SC_OK), upload::refuse)));
  }

  private void pictures(HttpServletRequest request, PublishPoint point, Source.Pictures source)
      throws IOException, OutcomeException, PublisherRefusedException {
    String type = Optional.ofNullable(request.getContentType()).orElse("");
    String lower = type.toLowerCase(Locale.ROOT);
    PictureEntrance entrance =
        new PictureEntrance(
            point,
            key(request),
            Outside.of(request).address(),
            source.lostAfter(),
            channels.wallMicros());
    if (!lower.startsWith("multipart/")) {
      entrance.checkForOne();
      Upload upload = upload(request, PATIENCE);
      upload.begin(new OnePictureTaker(entrance, upload));
    } else if (lower.startsWith("multipart/form-data")) {
      entrance.checkForOne();
      String boundary = boundary(type);
      Upload upload = upload(request, PATIENCE);
      upload.begin(new FormTaker(boundary, entrance, upload));
    } else {
      entrance.checkForMany();
      String boundary = boundary(type);
      Duration longest = source.lostAfter().compareTo(PATIENCE) > 0 ? source.lostAfter() : PATIENCE;
      Upload upload = upload(request, longest);
      upload.begin(new PicturesTaker(boundary, entrance, upload));
    }
  }

  private static String boundary(String type) throws OutcomeException {
    return MultipartParts.boundary(type)
        .orElseThrow(
            () ->
                new OutcomeException(
                    Outcome.BAD_REQUEST,
                    "Content-Type: expected a boundary, got \"" + Query.clean(type) + "\""));
  }

  private Upload upload(HttpServletRequest request, Duration patience) throws IOException {
    Answer.Form form = Answer.Form.of(request);
    return new Upload(
        request, channels, UploadPace.ofStream(patience), why -> Answer.of(form, why));
  }

  /** As offered; empty if none is. */
  private static String key(HttpServletRequest request) {
    String authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    return authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? authorization.substring(BEARER.length()).strip()
        : Query.of(request).value("key").orElse("");
  }
}
