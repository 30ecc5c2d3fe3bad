package dev.zoetrope.config;

/** A value that its key cannot take. The message is the remedy, without the value. */
final class WrongValue extends Exception {
  private static final long serialVersionUID = 1L;

  WrongValue(String remedy) {
    super(remedy);
  }
}
