package dev.zoetrope.publish;

/** A publisher was told, in RTMP, why it is not let in; the message says it without the key. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
