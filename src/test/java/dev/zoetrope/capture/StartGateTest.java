package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StartGateTest {
  private final List<String> in = new ArrayList<>();

  @Test
  void whoComesBeyondTheLimitWaitsForItsTurn() {
    StartGate gate = new StartGate(2);
    StartGate.Ticket a = gate.enter(() -> in.add("a"));
    gate.enter(() -> in.add("b"));
    gate.enter(() -> in.add("c"));
    gate.enter(() -> in.add("d"));
    assertThat(in).containsExactly("a", "b");

    a.close();
    a.close(); // again, without effect

    assertThat(in).containsExactly("a", "b", "c");
  }

  @Test
  void whoLeavesTheQueueIsPassedOver() {
    StartGate gate = new StartGate(1);
    StartGate.Ticket a = gate.enter(() -> in.add("a"));
    StartGate.Ticket b = gate.enter(() -> in.add("b"));
    gate.enter(() -> in.add("c"));

    b.close();
    a.close();

    assertThat(in).containsExactly("a", "c");
  }

  @Test
  void placesAreNeitherLostNorMultipliedByManyThreads() throws Exception {
    StartGate gate = new StartGate(3);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);

    for (int i = 0; i < 2000; i++) {
      threads.execute(
          () -> {
            StartGate.Ticket[] ticket = new StartGate.Ticket[1];
            Object lock = new Object();
            synchronized (lock) {
              ticket[0] =
                  gate.enter(
                      () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        threads.execute(
                            () -> {
                              inside.decrementAndGet();
                              synchronized (lock) {
                                ticket[0].close();
                              }
                              done.incrementAndGet();
                            });
                      });
            }
          });
    }
    org.awaitility.Awaitility.await().until(() -> done.get() == 2000);
    threads.shutdown();

    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void gateThatLetsNobodyInIsRefused() {
    assertThatThrownBy(() -> new StartGate(0)).hasMessageContaining("expected 1 or more");
  }
}
