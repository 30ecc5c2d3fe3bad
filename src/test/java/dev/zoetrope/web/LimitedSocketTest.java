package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** 80,000 bit/s: 10,000 bytes a second. */
class LimitedSocketTest {
  private static final Bytes TAG = Bytes.owning(new byte[16]);

  private long nanos;
  private int moves;
  private final FakeSocket below = new FakeSocket();
  private final Timer timer = new Timer();
  private final LimitedSocket socket =
      new LimitedSocket(below, 80_000, () -> moves++, timer, () -> nanos);

  /** Keeps what it is to do later. */
  private static final class Timer extends ScheduledThreadPoolExecutor {
    final List<Runnable> due = new ArrayList<>();
    final List<Long> waits = new ArrayList<>(); // milliseconds

    Timer() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      due.add(command);
      waits.add(unit.toMillis(delay));
      return null;
    }

    void run() {
      List.copyOf(due).forEach(Runnable::run);
      due.clear();
    }
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Of so many bytes with its tag. */
  private void send(int bytes) {
    socket.add(TAG, Bytes.owning(new byte[bytes - TAG.size()]));
  }

  @Test
  void messageGoesWholeAndTheNextOnesWaitForIt() {
    assertThat(socket.isReady()).isTrue();

    send(12_000); // of which 2000 were saved

    assertThat(socket.isReady()).isFalse();
    assertThat(socket.isReady()).isFalse();
    assertThat(timer.waits).as("one wake").containsExactly(1000L);
    assertThat(below.messages()).hasSize(1);
    pass(999);
    assertThat(socket.isReady()).isFalse();
    pass(2);
    timer.run();
    assertThat(moves).isEqualTo(1);
    assertThat(socket.isReady()).isTrue();
  }

  @Test
  void wakeThatComesTooEarlyIsFollowedByAnother() {
    send(7_000);
    assertThat(socket.isReady()).isFalse();
    pass(100);
    timer.run();

    assertThat(socket.isReady()).isFalse();

    assertThat(timer.waits).containsExactly(500L, 400L);
  }

  @Test
  void noMoreThanTheLimitGoesOverALongTime() {
    int sent = 0;
    for (int millis = 0; millis < 20_000; millis += 10) {
      while (socket.isReady()) {
        send(700);
        sent += 700;
      }
      timer.run();
      pass(10);
    }

    assertThat(sent).isBetween(195_000, 205_000);
  }

  @Test
  void restSavesNoMoreThanAFifthOfASecond() {
    pass(60_000);
    assertThat(socket.isReady()).isTrue();
    send(2_100);

    assertThat(socket.isReady()).isFalse();
  }

  @Test
  void textsCountAndAreNeverHeldBack() {
    socket.add("{\"type\":\"" + "x".repeat(4_000) + "\"}");

    assertThat(below.messages()).hasSize(1);
    assertThat(socket.isReady()).isFalse();
  }

  @Test
  void isNotReadyWhereTheSocketIsNot() {
    below.setReady(false);

    assertThat(socket.isReady()).isFalse();
    assertThat(timer.due).isEmpty();
  }
}
