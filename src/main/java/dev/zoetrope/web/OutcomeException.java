package dev.zoetrope.web;

/** A request ends without a picture: the outcome, and in the message why, for people. */
final class OutcomeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  OutcomeException(Outcome outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
