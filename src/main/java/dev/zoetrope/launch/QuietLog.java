package dev.zoetrope.launch;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.stream.Stream;

/**
 * The console's log: one line per event on stderr, with time, level and message; a stack trace
 * follows only where the event brings one. Other people's code is heard from warnings up. For
 * programs that read it, each line is a JSON object instead.
 */
final class QuietLog {
  /**
   * {@code json} or {@code text}. The operator may say it at once, so that each line counts; the
   * application says it when it has read its settings.
   */
  private static final String FORM = "zoetrope.logs";

  private static final String MANAGER = "java.util.logging.manager";

  private QuietLog() {}

  /**
   * Makes this the log of the JVM, unless the operator chose another by the JDK's own system
   * properties. Call before anything logs.
   */
  static void install() {
    if (System.getProperty(MANAGER) != null
        || System.getProperty("java.util.logging.config.file") != null
        || System.getProperty("java.util.logging.config.class") != null) {
      return;
    }
    String early = System.getenv("ZOETROPE_LOGS");
    if (System.getProperty(FORM) == null && early != null && early.strip().equals("json")) {
      System.setProperty(FORM, "json");
    }
    System.setProperty(MANAGER, Manager.class.getName());
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new Console());
  }

  /**
   * Keeps the handlers until the JVM is gone: the JDK's own drops them as soon as a signal comes,
   * and with them every line about the stop. Made by the JDK, by name.
   */
  public static final class Manager extends LogManager {
    /** Called by the JDK. */
    public Manager() {}

    @Override
    public void reset() {}
  }

  /** Not the JDK's ConsoleHandler: Tomcat gives each of those a formatter of its own. */
  private static final class Console extends StreamHandler {
    /** Kept, for the JDK forgets the levels of loggers that nobody holds. */
    private final List<Logger> warningsOnly =
        Stream.of("org.apache", "org.jboss", "net.bramp").map(Logger::getLogger).toList();

    Console() {
      super(System.err, new AsAsked());
      warningsOnly.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    @Override
    public synchronized void publish(LogRecord event) {
      super.publish(event);
      flush();
    }
  }

  /** One of the two others, as the property says at that moment. Thread-safe. */
  private static final class AsAsked extends Formatter {
    private final Formatter text = new Line();
    private final Formatter json = new JsonLine();

    @Override
    public String format(LogRecord event) {
      return "json".equals(System.getProperty(FORM)) ? json.format(event) : text.format(event);
    }
  }

  /**
   * An object with time (UTC), level, logger and message, and exception where the event brings one:
   * its stack trace. Thread-safe.
   */
  static final class JsonLine extends Formatter {
    @Override
    public String format(LogRecord event) {
      StringBuilder line = new StringBuilder("{");
      member(line, "time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
      member(line.append(','), "level", level(event.getLevel()).strip());
      member(line.append(','), "logger", Objects.requireNonNullElse(event.getLoggerName(), ""));
      member(line.append(','), "message", formatMessage(event));
      if (event.getThrown() != null) {
        member(line.append(','), "exception", trace(event.getThrown()));
      }
      return line.append("}\n").toString();
    }

    /** RFC 8259, 7 (strings). */
    private static void member(StringBuilder line, String name, String value) {
      line.append('"').append(name).append("\":\"");
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '"' -> line.append("\\\"");
          case '\\' -> line.append("\\\\");
          case '\n' -> line.append("\\n");
          case '\r' -> line.append("\\r");
          case '\t' -> line.append("\\t");
          default -> {
            if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) { // half a pair is no text
              line.append(String.format("\\u%04x", (int) c));
            } else {
              line.append(c);
            }
          }
        }
      }
      line.append('"');
    }
  }

  /** {@code 2026-01-31 12:00:00.000 warn message}. Thread-safe. */
  static final class Line extends Formatter {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

    private final ZoneId zone;

    Line() {
      this(ZoneId.systemDefault());
    }

    Line(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public String format(LogRecord event) {
      return time(event.getInstant())
          + " "
          + level(event.getLevel())
          + " "
          + oneLine(formatMessage(event))
          + "\n"
          + trace(event.getThrown());
    }

    private String time(Instant instant) {
      return TIME.format(instant.atZone(zone));
    }

    /** What strangers send may end up in a message; it must not begin a line of its own. */
    private static String oneLine(String message) {
      return message.replace("\r", "").replace("\n", " | ");
    }
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warn ";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info " : "debug";
  }

  private static String trace(Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
