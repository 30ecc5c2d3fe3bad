package dev.zoetrope.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How slowly a client may send.
 *
 * @param patience for a stream, how long nothing may come; for what ends, how long it may take at
 *     all, before what each {@code bytesPerSecond} that came add
 * @param bytesPerSecond 0 for a stream
 */
record UploadPace(Duration patience, int bytesPerSecond) {
  /**
   * For what is small, and not endless: at 8 KiB a second, the slowest mobile network is in time.
   */
  static final UploadPace WHOLE = new UploadPace(Duration.ofSeconds(10), 8 << 10);

  /** An endless stream may be as slow as it is, but not silent. */
  static UploadPace ofStream(Duration patience) {
    return new UploadPace(patience, 0);
  }

  /**
   * What is left; zero or less if it took too long.
   *
   * @param begunNanos how long ago it began
   * @param heardNanos how long ago something came
   * @param bytes that came
   */
  long restNanos(long begunNanos, long heardNanos, long bytes) {
    if (bytesPerSecond == 0) {
      return patience.toNanos() - heardNanos;
    }
    long earned = TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
    return patience.toNanos() + earned - begunNanos;
  }

  /** What was too slow, for people. */
  String words() {
    return bytesPerSecond == 0
        ? "the publisher sent nothing for " + patience.toSeconds() + " s"
        : "the body took longer than "
            + patience.toSeconds()
            + " s, and 1 s for each "
            + (bytesPerSecond >> 10)
            + " KiB";
  }
}
