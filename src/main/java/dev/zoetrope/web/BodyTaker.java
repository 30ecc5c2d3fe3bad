package dev.zoetrope.web;

/** What the body of a request is for. One call at a time. */
interface BodyTaker {
  /** Takes nothing. */
  BodyTaker NOBODY =
      new BodyTaker() {
        @Override
        public void take(byte[] bytes, int count) {
          // passed over
        }

        @Override
        public void end() {
          // nothing was begun
        }

        @Override
        public void abandon(String why) {
          // the same
        }
      };

  /**
   * Whether it has enough for now. Asked before each {@link #take}; never waits.
   *
   * @param goOn if so, called once when there is room again, by any thread, which may be kept for
   *     as long as there is something to take
   */
  default boolean isFull(Runnable goOn) {
    return false;
  }

  /**
   * The next bytes.
   *
   * @param bytes used again by the caller
   * @param count how many of them
   * @throws OutcomeException if the body is refused: it is told and not read any further
   */
  void take(byte[] bytes, int count) throws OutcomeException;

  /**
   * The body is whole. Whoever takes it answers, now or later.
   *
   * @throws OutcomeException if it is refused
   */
  void end() throws OutcomeException, InterruptedException;

  /** The rest will not come, or is not wanted; perhaps after {@link #end}. Idempotent. */
  void abandon(String why);
}
