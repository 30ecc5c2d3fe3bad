package dev.zoetrope.app;

import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;
import org.jboss.weld.environment.servlet.EnhancedListener;
import org.jboss.weld.servlet.api.InitParameters;

/**
 * Starts the Weld that the WAR carries, only where the container has no CDI of its own.
 *
 * <p>The WAR carries the CDI API beside Weld. A container with CDI hands out its own API first, so
 * that the API comes from our own class loader exactly where nobody else will start CDI. The
 * container calls this once, on its start-up thread, before any listener.
 *
 * @see "Jakarta Servlet 6.0, 8.2.4 (ServletContainerInitializer)"
 */
public final class CdiBootstrap implements ServletContainerInitializer {
  /**
   * A pattern no path matches: Weld's request, session and conversation contexts stay off. Nothing
   * here uses them, and on Tomcat each endless response would leave them behind on its thread.
   */
  private static final String NO_REQUEST = "(?!)";

  /** Weld's count of nested requests per thread, which endless responses throw off as well. */
  private static final String REQUEST_GUARD = "org.jboss.weld.context.ignore.guard";

  @Override
  public void onStartup(Set<Class<?>> handled, ServletContext context) throws ServletException {
    if (isOurs(context)) {
      context.setInitParameter(InitParameters.CONTEXT_MAPPING, NO_REQUEST);
      context.setInitParameter(REQUEST_GUARD, "false");
      new EnhancedListener().onStartup(handled, context);
    }
  }

  /**
   * Whether CDI here is the Weld that the WAR carries. Jetty has the API, and nothing behind it.
   */
  private static boolean isOurs(ServletContext context) {
    return BeanManager.class.getClassLoader() == CdiBootstrap.class.getClassLoader()
        || context.getServerInfo().startsWith("jetty/");
  }
}
