package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestQueueTest {
  private static final Request SLOW = new Request.Resume(List.of(1));
  private static final Request QUICK = new Request.Pause(List.of(1));

  private final Deque<Runnable> timer = new ArrayDeque<>();
  private final List<Request> done = new ArrayList<>();
  private final RequestQueue queue = new RequestQueue(timer::addLast, 256, done::add);

  @Test
  void whatTakesNoTimeIsDoneAtOnceUnlessOthersWait() {
    queue.take(QUICK);
    assertThat(done).containsExactly(QUICK);
    queue.take(SLOW);
    queue.take(QUICK);
    assertThat(done).hasSize(1);

    timer.removeFirst().run();
    assertThat(done).containsExactly(QUICK, SLOW);
    queue.take(SLOW); // behind the one that waits
    timer.removeFirst().run();
    timer.removeFirst().run();

    assertThat(done).containsExactly(QUICK, SLOW, QUICK, SLOW);
    assertThat(timer).isEmpty();
    queue.take(QUICK);
    assertThat(done).hasSize(5);
  }

  @Test
  void noMoreWaitThanThereIsRoomFor() {
    for (int i = 0; i < 256; i++) {
      assertThat(queue.take(SLOW)).isTrue();
    }

    assertThat(queue.take(QUICK)).isFalse();
  }

  @Test
  void nothingOfWhatIsClearedIsDone() {
    queue.take(SLOW);
    queue.take(QUICK);

    queue.clear();
    timer.removeFirst().run();

    assertThat(done).isEmpty();
    assertThat(timer).isEmpty();
    queue.take(QUICK);
    assertThat(done).containsExactly(QUICK);
  }
}
