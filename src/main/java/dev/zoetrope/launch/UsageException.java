package dev.zoetrope.launch;

/** A command line that cannot be obeyed. The message is for the operator: one line per mistake. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
