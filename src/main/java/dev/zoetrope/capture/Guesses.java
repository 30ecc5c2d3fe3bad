package dev.zoetrope.capture;

import java.time.Duration;

/** What becomes of those who come to a publish point with a wrong key. Thread-safe. */
public interface Guesses {
  /** How long no key is looked at that comes from there; zero if one is. */
  Duration patience(String address);

  /** A key from there was wrong. */
  void wrong(String address);

  /** Somebody was refused at no cost: without a key, or nobody knows from where. */
  void refused();
}
