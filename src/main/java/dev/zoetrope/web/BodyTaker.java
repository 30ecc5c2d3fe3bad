package dev.zoetrope.web;

/** What the body of a publisher's request is for. One call at a time. */
interface BodyTaker {
  /**
   * The next bytes.
   *
   * @param bytes used again by the caller
   * @param count how many of them
   * @throws OutcomeException if the body is refused: it is told and not read any further
   */
  void take(byte[] bytes, int count) throws OutcomeException, InterruptedException;

  /**
   * The body is whole. Whoever takes it answers, now or later.
   *
   * @throws OutcomeException if it is refused
   */
  void end() throws OutcomeException, InterruptedException;

  /** The rest will not come, or is not wanted; perhaps after {@link #end}. Idempotent. */
  void abandon(String why);
}
