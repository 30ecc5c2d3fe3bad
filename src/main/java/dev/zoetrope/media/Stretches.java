package dev.zoetrope.media;

/**
 * Which of what viewers were given shows the source, and which a card in its place, by the time of
 * capture: one stretch follows the other. What begins a stretch may have been captured before the
 * stretch that it ends began, as a clock was set back, or as another node has an older join point:
 * the newest stretch counts then.
 *
 * <p>Written by one thread at a time, read by any.
 */
public final class Stretches {
  /**
   * @param sinceMicros when its first piece was captured
   * @param beforeMicros when that of the one before was
   */
  private record Stretch(boolean isCard, long sinceMicros, long beforeMicros) {}

  private volatile Stretch newest = new Stretch(true, Long.MIN_VALUE, Long.MIN_VALUE);
  private volatile long sourceMicros = Long.MAX_VALUE;

  /** The next piece is of that kind; nothing changes if the one before is, too. */
  public void go(boolean isCard, long captureMicros) {
    Stretch before = newest;
    if (before.isCard() == isCard) {
      return;
    }
    newest = new Stretch(isCard, captureMicros, before.sinceMicros());
    if (!isCard) {
      sourceMicros = captureMicros;
    }
  }

  /** Whether what was captured at that time is of the source; false before there was any. */
  public boolean isOfSource(long captureMicros) {
    Stretch last = newest;
    boolean isOfBefore = captureMicros >= last.beforeMicros() && captureMicros < last.sinceMicros();
    return isOfBefore == last.isCard();
  }

  /**
   * When the first piece of the newest stretch of the source was captured; the largest long before
   * there was one.
   */
  public long sourceMicros() {
    return sourceMicros;
  }
}
