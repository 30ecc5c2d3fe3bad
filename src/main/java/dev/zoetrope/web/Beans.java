package dev.zoetrope.web;

import jakarta.enterprise.inject.Instance;

/**
 * CDI for those whom the container makes without it, as WebSocket endpoints are. {@code
 * CDI.current()} will not do: a server that has the API of CDI and nothing behind it, as Jetty,
 * does not find the Weld that the WAR carries. Thread-safe.
 */
public final class Beans {
  private static volatile Instance<Object> all; // set before any door opens

  private Beans() {}

  /** Has them come from there. */
  public static void use(Instance<Object> beans) {
    all = beans;
  }

  /** One of that type; one that depends on who asks for it is kept for ever. */
  static <T> T get(Class<T> type) {
    return all.select(type).get();
  }
}
