package dev.zoetrope.web;

import dev.zoetrope.channel.Channels;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Refuses bodies where nobody reads one: the container would, at the request's end, as slowly as
 * they come.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public final class BodyFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private static final Set<String> READING = Set.of("/api/v1/*", "/publish/*");
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Inject private transient Channels channels;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean isRead =
        READING.contains(request.getHttpServletMapping().getPattern())
            && !WITHOUT_BODY.contains(request.getMethod());
    if (isRead || !WholeBody.isAnnounced(request)) {
      chain.doFilter(request, response);
      return;
    }
    OutcomeException why =
        new OutcomeException(Outcome.BAD_REQUEST, "expected no body: nothing here reads one");
    Upload.refuse(request, channels, Answer.of(Answer.Form.of(request), why));
  }
}
