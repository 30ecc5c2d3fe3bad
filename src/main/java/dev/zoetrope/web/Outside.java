package dev.zoetrope.web;

import dev.zoetrope.access.TrustedProxies;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a request was made outside, before the proxies whose word counts. Immutable.
 *
 * @param address where the client is; empty where nobody knows
 * @param isSecure whether it came by https
 * @param base what the paths of the application begin with there: {@code /cams}, or nothing
 */
public record Outside(String address, boolean isSecure, String base) {
  private static final String ATTRIBUTE = Outside.class.getName();
  private static final String SAFE_PREFIX = "(/[A-Za-z0-9._~-]+)*";

  /**
   * The newest request's address, for handshakes, which show no request: they are on its thread. A
   * text, so that a thread that outlives the application holds nothing of it.
   */
  private static final ThreadLocal<String> ADDRESS = new ThreadLocal<>();

  /** Of a request, on its thread. */
  public static Outside of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Outside known
        ? known
        : of(request, TrustedProxies.NONE);
  }

  /** That of the request which is this thread's; empty if it has none. */
  static String addressOfThisThread() {
    return Optional.ofNullable(ADDRESS.get()).orElse("");
  }

  private static Outside of(HttpServletRequest request, TrustedProxies proxies) {
    String connected = Optional.ofNullable(request.getRemoteAddr()).orElse("");
    String path = request.getContextPath();
    if (!proxies.believes(connected)) {
      return new Outside(connected, request.isSecure(), path);
    }
    List<String> forwarded = Collections.list(request.getHeaders("X-Forwarded-For"));
    Optional<String> scheme = Optional.ofNullable(request.getHeader("X-Forwarded-Proto"));
    return new Outside(
        proxies.client(connected, forwarded),
        scheme
            .map(word -> List.of("https", "wss").contains(word.strip().toLowerCase(Locale.ROOT)))
            .orElseGet(request::isSecure),
        Optional.ofNullable(request.getHeader("X-Forwarded-Prefix"))
                .map(prefix -> prefix.strip().replaceFirst("/+$", ""))
                .filter(prefix -> prefix.matches(SAFE_PREFIX))
                .orElse("")
            + path);
  }

  /** What our addresses begin with there, as who asks has them: {@code https://host/cams/}. */
  public String root(HttpServletRequest request) {
    String host = Optional.ofNullable(request.getHeader("Host")).orElseGet(request::getServerName);
    return (isSecure ? "https://" : "http://") + host + base + "/";
  }

  /** Notes it before any filter, on each request: who takes a connection over must not wrap it. */
  @WebListener
  public static final class Noting implements ServletRequestListener {
    /** Asked late: some containers make listeners before there is anything to be given. */
    @Inject private Provider<TrustedProxies> given;

    private volatile TrustedProxies proxies; // null until asked for

    /** For the container. */
    public Noting() {}

    @Override
    public void requestInitialized(ServletRequestEvent event) {
      ServletRequest request = event.getServletRequest();
      if (request instanceof HttpServletRequest http && request.getAttribute(ATTRIBUTE) == null) {
        if (proxies == null) {
          proxies = given.get();
        }
        Outside outside = of(http, proxies);
        request.setAttribute(ATTRIBUTE, outside);
        ADDRESS.set(outside.address());
      }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
      ADDRESS.remove();
    }
  }
}
