package dev.zoetrope.launch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class QuietLogTest {
  private final QuietLog.Line line = new QuietLog.Line(ZoneOffset.UTC);

  @Test
  void anEventIsOneLineWithTimeLevelAndMessage() {
    LogRecord event = event(Level.WARNING, "camera {0} is gone");
    event.setParameters(new Object[] {"gate"});

    assertThat(line.format(event)).isEqualTo("2026-01-31 12:00:00.250 warn  camera gate is gone\n");
  }

  @Test
  void aMessageCannotBeginALineOfItsOwn() {
    assertThat(line.format(event(Level.INFO, "name\r\n2026 error fake")))
        .isEqualTo("2026-01-31 12:00:00.250 info  name | 2026 error fake\n");
  }

  @Test
  void anExceptionFollowsWithItsStack() {
    LogRecord event = event(Level.SEVERE, "broken");
    event.setThrown(new IllegalStateException("why"));

    assertThat(line.format(event))
        .startsWith(
            "2026-01-31 12:00:00.250 error broken\njava.lang.IllegalStateException: why\n\tat ");
  }

  @Test
  void forProgramsAnEventIsOneObjectWhateverItSays() throws Exception {
    LogRecord event = event(Level.SEVERE, "name \"{0}\"\r\n\t\\ \u0007 \ud800 \ud83d\ude00 \u20ac");
    event.setLoggerName("dev.zoetrope.A");
    event.setParameters(new Object[] {"gate"});
    event.setThrown(new IllegalStateException("why"));

    String text = new QuietLog.JsonLine().format(event);

    assertThat(text).endsWith("}\n").containsOnlyOnce("\n");
    JsonObject read = Json.createReader(new StringReader(text)).readObject();
    assertThat(read.getString("time")).isEqualTo("2026-01-31T12:00:00.250Z");
    assertThat(read.getString("level")).isEqualTo("error");
    assertThat(read.getString("logger")).isEqualTo("dev.zoetrope.A");
    assertThat(read.getString("message"))
        .isEqualTo("name \"gate\"\r\n\t\\ \u0007 \ud800 \ud83d\ude00 \u20ac");
    assertThat(read.getString("exception"))
        .startsWith("java.lang.IllegalStateException: why\n\tat ");
  }

  @Test
  void forProgramsAnEventWithoutAnExceptionHasNoSuchField() {
    assertThat(new QuietLog.JsonLine().format(event(Level.INFO, "made")))
        .isEqualTo(
            "{\"time\":\"2026-01-31T12:00:00.250Z\",\"level\":\"info\",\"logger\":\"\",\"message\":\"made\"}\n");
  }

  private static LogRecord event(Level level, String message) {
    LogRecord event = new LogRecord(level, message);
    event.setInstant(Instant.parse("2026-01-31T12:00:00.250Z"));
    return event;
  }
}
