package dev.zoetrope.bench.fanout;

/** What a viewer was sent is not what its format allows. */
final class BadStreamException extends Exception {
  private static final long serialVersionUID = 1L;

  BadStreamException(String message) {
    super(message);
  }
}
