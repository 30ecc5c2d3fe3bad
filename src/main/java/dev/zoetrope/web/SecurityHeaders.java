package dev.zoetrope.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Tells browsers what our pages may do, and that the player and its libraries may be used by pages
 * of other origins. Servlets may say more, or otherwise.
 *
 * @see "Content Security Policy Level 3; Fetch, 3.2 (CORS), 3.7 (Cross-Origin-Resource-Policy)"
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public final class SecurityHeaders extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /**
   * JSMpeg decodes in WebAssembly; the player's shadow tree has a style element; media sources and
   * pictures have blob addresses; Safari before 15.4 does not count WebSockets as 'self'.
   */
  static final String PAGE_POLICY =
      String.join(
          "; ",
          "default-src 'self'",
          "script-src 'self' 'wasm-unsafe-eval'",
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' blob: data:",
          "media-src 'self' blob: data:",
          "connect-src 'self' blob: data: ws: wss:",
          "object-src 'none'",
          "base-uri 'none'",
          "form-action 'self'");

  /** What some pages may not: be framed by a page that has people click on them. */
  private static final String UNFRAMED_POLICY = PAGE_POLICY + "; frame-ancestors 'none'";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = path(request);
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (path.startsWith("/player/") || path.startsWith("/lib/")) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    } else {
      boolean isUnframed =
          isBelow(path, "/admin") || isBelow(path, "/api") || isBelow(path, "/publish");
      response.setHeader("Content-Security-Policy", isUnframed ? UNFRAMED_POLICY : PAGE_POLICY);
      if (isUnframed) {
        response.setHeader("X-Frame-Options", "DENY");
      }
      response.setHeader("Referrer-Policy", "same-origin");
    }
    response.setHeader("Cache-Control", "no-cache"); // files change with the server's version
    chain.doFilter(request, response);
  }

  /** As the container understands it: the address itself may be written in many ways. */
  private static String path(HttpServletRequest request) {
    return request.getServletPath() + Optional.ofNullable(request.getPathInfo()).orElse("");
  }

  private static boolean isBelow(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }
}
