package dev.zoetrope.channel;

/** A limit is reached: nothing was started. The message says which, for people. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
