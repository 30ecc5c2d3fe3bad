package dev.zoetrope.launch;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static LogRecord event(Level level, String message) {
    LogRecord event = new LogRecord(level, message);
    event.setInstant(Instant.parse("2026-01-31T12:00:00.250Z"));
    return event;
  }
}
