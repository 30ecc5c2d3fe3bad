package dev.zoetrope.web;

/** A request ends without a picture: the outcome, and in the message why, for people. */
final class OutcomeException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final long RETRY_AFTER_SECONDS = 5;

  private final Outcome outcome;
  private final long retryAfterSeconds;

  OutcomeException(Outcome outcome, String message) {
    this(outcome, message, outcome.isTemporary() ? RETRY_AFTER_SECONDS : 0);
  }

  /**
   * @param retryAfterSeconds when the client may come again; 0 where that is of no use
   */
  OutcomeException(Outcome outcome, String message, long retryAfterSeconds) {
    super(message);
    this.outcome = outcome;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  long retryAfterSeconds() {
    return retryAfterSeconds;
  }

  Outcome outcome() {
    return outcome;
  }
}
