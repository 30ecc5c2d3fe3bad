package dev.zoetrope.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PulseTest {
  private final Deque<Runnable> hanging = new ArrayDeque<>();
  private long now;
  private final Executor well = Runnable::run;
  private final Executor hangs = hanging::add;

  private void pass(Pulse pulse, int seconds) {
    for (int i = 0; i < seconds; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      pulse.beat();
    }
  }

  @Test
  void serverIsLiveWhileItsThreadsAnswer() {
    Pulse pulse = new Pulse(() -> now, List.of(well, well));

    pass(pulse, 100);

    assertThat(pulse.silent()).isEmpty();
    assertThat(pulse.isReady()).isTrue();
  }

  @Test
  void timerThatStandsStillIsNoticed() {
    Pulse pulse = new Pulse(() -> now, List.of(well));
    pass(pulse, 2);

    now += TimeUnit.SECONDS.toNanos(31);

    assertThat(pulse.silent()).hasValue("timer");
  }

  @Test
  void workerThatHangsIsAskedOnceAndNoticed() {
    Pulse pulse = new Pulse(() -> now, List.of(well, hangs));

    pass(pulse, 31);

    assertThat(hanging).hasSize(1);
    assertThat(pulse.silent()).hasValue("fan-out 1");
    hanging.remove().run();
    assertThat(pulse.silent()).isEmpty();
  }

  @Test
  void serverThatStopsIsNotReadyAndNotStuck() {
    Pulse pulse = new Pulse(() -> now, List.of(hangs));

    pulse.stop();
    now += TimeUnit.SECONDS.toNanos(60);

    assertThat(pulse.isReady()).isFalse();
    assertThat(pulse.silent()).isEmpty();
  }
}
