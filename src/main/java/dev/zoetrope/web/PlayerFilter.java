package dev.zoetrope.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets pages of other origins load the player: browsers fetch modules with CORS only. Whoever has
 * the player asks whether there is a newer one, since its modules must fit each other.
 */
@WebFilter(
    urlPatterns = {"/player/*", "/lib/*"},
    asyncSupported = true)
public final class PlayerFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    response.setHeader("Cache-Control", "no-cache");
    chain.doFilter(request, response);
  }
}
