package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a capture is to become, as somebody wants it, and what they are told. Of several wishes the
 * last one counts: one waits at most, and one is under way.
 *
 * <p>{@link #add} and {@link #end} are for any thread, all else belongs to the capture's.
 */
final class Wishes {
  private record Wish(CaptureTask task, CompletableFuture<Optional<Diagnosis>> answer) {}

  private final AtomicReference<Wish> waiting = new AtomicReference<>(); // null: none is
  private Optional<Wish> underWay = Optional.empty();

  /** Wants one more. The answer is empty when it is done, else why not. */
  CompletableFuture<Optional<Diagnosis>> add(CaptureTask task) {
    Wish wish = new Wish(task, new CompletableFuture<>());
    Wish before = waiting.getAndSet(wish);
    if (before != null) {
      before.answer().complete(Optional.of(overtaken()));
    }
    return wish.answer();
  }

  boolean isWaiting() {
    return waiting.get() != null;
  }

  /** The one that waits is under way from now on; the one before has been answered. */
  Optional<CaptureTask> take() {
    underWay = Optional.ofNullable(waiting.getAndSet(null));
    return underWay.map(Wish::task);
  }

  /** Answers the one under way, if there is one. */
  void answer(Optional<Diagnosis> whyNot) {
    underWay.ifPresent(done -> done.answer().complete(whyNot));
    underWay = Optional.empty();
  }

  /** Nothing will come of the one that waits, and nobody loses anything by it. Idempotent. */
  void end() {
    Wish last = waiting.getAndSet(null);
    if (last != null) {
      last.answer().complete(Optional.empty());
    }
  }

  static Diagnosis overtaken() {
    return new Diagnosis(Cause.UNKNOWN, "somebody changed it once more before it started", "");
  }
}
