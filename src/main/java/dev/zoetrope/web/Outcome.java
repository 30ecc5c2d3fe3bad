package dev.zoetrope.web;

/** What goes out to clients when there is no picture: both doors tell the same story. */
enum Outcome {
  BAD_REQUEST(400, 4400),
  KEY_NEEDED(401, 4401),
  SIGN_IN_NEEDED(401, 1008),
  NOT_FOR_YOU(403, 1008),
  NO_SUCH_SOURCE(404, 4404),
  NOT_ALLOWED(405, 4405),
  NOT_ACCEPTABLE(406, 4406),
  TOO_SLOW(408, 4408),
  OCCUPIED(409, 4409),
  TOO_LARGE(413, 4413),
  UNKNOWN_MEDIA(415, 4415),
  TOO_MANY(429, 4429),
  NO_PICTURE(503, 1013),
  REFUSED(503, 1013),
  STREAM_RESTARTED(200, 1012),
  CUT(403, 1008),
  STOPPED(503, 1001),
  /** Comes again where the server does: {@link #SERVER_STOPS_WORDS} tells when. */
  SERVER_STOPS(503, 1012);

  /** Why the server ends a connection when it stops: players read the number. */
  static final String SERVER_STOPS_WORDS = "the server is stopping, retry in 2 s";

  private final int httpStatus;
  private final int closeCode;

  Outcome(int httpStatus, int closeCode) {
    this.httpStatus = httpStatus;
    this.closeCode = closeCode;
  }

  /** Status of an HTTP response that has not begun. */
  int httpStatus() {
    return httpStatus;
  }

  /** Close code of a WebSocket: RFC 6455, 7.4; 4000 and up are ours. */
  int closeCode() {
    return closeCode;
  }

  /**
   * Code of a subscription's end, and of the close of a socket that carries several.
   *
   * @see "docs/PROTOCOL.md, 1"
   */
  int subscriptionCode() {
    return isOfRfc() ? closeCode : 4000 + httpStatus;
  }

  private boolean isOfRfc() {
    return this == STOPPED || this == STREAM_RESTARTED || this == SERVER_STOPS;
  }

  /** Whether it is of use for a subscriber to come again, at once or later. */
  boolean isWorthRetrying() {
    return isTemporary() || isOfRfc() || this == TOO_SLOW || this == TOO_MANY;
  }

  /** Whether the client should come again in a while. */
  boolean isTemporary() {
    return httpStatus == 503;
  }
}
