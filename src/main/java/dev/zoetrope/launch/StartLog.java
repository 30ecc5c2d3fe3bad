package dev.zoetrope.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Holds back what Tomcat logs while it starts. Tomcat tells why a web application failed only
 * there, in many lines; the launcher tells it in one. Thread-safe.
 */
final class StartLog extends Handler implements AutoCloseable {
  private final Logger tomcat = Logger.getLogger("org.apache");

  // Guarded by this.
  private final List<LogRecord> held = new ArrayList<>();

  private StartLog() {}

  /** Holds back from now on. */
  static StartLog open() {
    StartLog log = new StartLog();
    log.tomcat.setUseParentHandlers(false);
    log.tomcat.addHandler(log);
    return log;
  }

  /** The first exception that was logged as an error, else the first error itself. */
  synchronized Optional<Throwable> failure() {
    List<LogRecord> errors =
        held.stream().filter(event -> event.getLevel().equals(Level.SEVERE)).toList();
    return errors.stream()
        .map(LogRecord::getThrown)
        .filter(Objects::nonNull)
        .findFirst()
        .or(() -> errors.stream().map(event -> new Exception(event.getMessage())).findFirst());
  }

  /** Lets go what was held back: there was no failure to explain. */
  synchronized void pass() {
    close();
    held.forEach(tomcat::log);
    held.clear();
  }

  @Override
  public synchronized void publish(LogRecord event) {
    held.add(event);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    tomcat.removeHandler(this);
    tomcat.setUseParentHandlers(true);
  }
}
