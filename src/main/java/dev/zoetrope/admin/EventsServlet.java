package dev.zoetrope.admin;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Grant;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.access.Role;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.web.Visitors;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** {@code GET /api/v1/events}: what happens, as it happens, for an {@code EventSource}. */
@WebServlet(urlPatterns = "/api/v1/events", asyncSupported = true)
public final class EventsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final long RETRY_SECONDS = 5;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  @Inject private transient Broadcast broadcast;
  @Inject private transient Channels channels;
  @Inject private transient Access access;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    try {
      Bouncer.checkReads(request, response);
      Bouncer.check(access, request);
      OptionalLong last = lastIncident(Optional.ofNullable(request.getHeader("Last-Event-ID")));
      response.setContentType("text/event-stream");
      response.setHeader("X-Accel-Buffering", "no");
      if (request.getMethod().equals("GET")) {
        open(request, last);
      }
    } catch (Problem problem) {
      Bouncer.refuse(request, response, problem);
    }
  }

  /** Whoever may not read any more since they were let in gets nothing that would not end. */
  private Grant hold(HttpServletRequest request) throws Problem {
    try {
      return access.hold(Visitors.of(request), Role.OPERATOR).orElseThrow(() -> Bouncer.unknown());
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  private static OptionalLong lastIncident(Optional<String> id) throws Problem {
    String text = id.orElse("").strip();
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!NUMBER.matcher(text).matches()) {
      throw new Problem(400, "Last-Event-ID: expected a number that this server gave");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private void open(HttpServletRequest request, OptionalLong last) throws Problem, IOException {
    if (!broadcast.hasRoom()) {
      throw new Problem(
              503, "there are as many readers of events as may be: " + Broadcast.MOST_STREAMS)
          .after(RETRY_SECONDS);
    }
    Grant grant = hold(request);
    AsyncContext async = request.startAsync();
    async.setTimeout(0);
    EventStream stream =
        new EventStream(
            async,
            channels::atTheLatest,
            System::nanoTime,
            gone -> {
              grant.close();
              broadcast.leave(gone);
            });
    stream.listen();
    grant.onEnd(() -> channels.timer().execute(stream::close)); // a container may block
    if (!broadcast.join(stream, last)) {
      stream.close(); // another came in between, or the server stops
    }
  }
}
