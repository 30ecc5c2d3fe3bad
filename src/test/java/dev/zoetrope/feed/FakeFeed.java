package dev.zoetrope.feed;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A feed on a clock and workers that the test moves. Fragments are captured when appended. */
final class FakeFeed {
  static final Bounds ROOMY = new Bounds(1_000_000, Duration.ofHours(1), 1024);

  final StepExecutor worker = new StepExecutor();
  final Feed<Fragment> feed;
  long nowMicros = 1_000_000_000;
  private int runs;

  FakeFeed(Bounds bounds) {
    feed = new Feed<>(bounds, () -> nowMicros, () -> nowMicros * 1000, List.of(worker));
  }

  /** Capital letters are join points, {@code |} begins a run; 100 bytes and 40 ms each. */
  FakeFeed append(String fragments) {
    for (String name : fragments.split(" ", -1)) {
      if (name.equals("|")) {
        feed.begin(new Run(runs++, List.of(), "", Bytes.EMPTY));
      } else {
        nowMicros += 40_000;
        feed.accept(fragment(name, 100));
      }
    }
    return this;
  }

  TestFragment fragment(String name, int size) {
    return new TestFragment(name, size, Character.isUpperCase(name.charAt(0)), nowMicros);
  }

  void passMillis(long millis) {
    nowMicros += millis * 1000;
  }

  /** What the log holds. */
  List<String> held() {
    List<String> names = new ArrayList<>();
    for (long sequence = 0; sequence <= feed.newest(); sequence++) {
      Entry<Fragment> entry = feed.at(sequence);
      if (entry != null) {
        names.add(((TestFragment) entry.piece()).name());
      }
    }
    return names;
  }
}
