package dev.zoetrope.access;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Slows those down who guess publish keys, by source and address together: nobody can keep another
 * publisher out, nor who has a wrong key for one source those beside him with the right ones for
 * others. Thread-safe.
 */
public final class KeyGuesses {
  private final Throttle throttle;

  /**
   * @param nanos a clock that never jumps
   */
  public KeyGuesses(LongSupplier nanos) {
    throttle = new Throttle(nanos);
  }

  /** How long a key for that source is not looked at when it comes from there; zero if it is. */
  public Duration patience(String source, String address) {
    return throttle.patience(guesser(source, address));
  }

  /** One more wrong key. */
  public void wrong(String source, String address) {
    throttle.wrong(guesser(source, address));
  }

  private static List<String> guesser(String source, String address) {
    return List.of("source " + source + " " + SignIn.network(address));
  }
}
