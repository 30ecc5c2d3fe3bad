package dev.zoetrope.web;

import jakarta.json.Json;

/**
 * What a client of {@code WS /publish/{id}} is told. Stateless.
 *
 * @see "docs/PROTOCOL.md, 4"
 */
final class PublisherWords {
  private static final int VERSION = 1;

  private PublisherWords() {}

  /**
   * It may begin.
   *
   * @param nowMicros since 1970
   * @param most bytes of a message
   */
  static String ready(long nowMicros, int most) {
    return Json.createObjectBuilder()
        .add("type", "ready")
        .add("version", VERSION)
        .add("now", BundleMessages.millis(nowMicros))
        .add("most", most)
        .build()
        .toString();
  }

  /**
   * So much was read of what it sent.
   *
   * @param nowMicros since 1970
   */
  static String taken(long bytes, long nowMicros, SourceWords source) {
    return Json.createObjectBuilder()
        .add("type", "taken")
        .add("bytes", bytes)
        .add("now", BundleMessages.millis(nowMicros))
        .add("state", source.state())
        .add("viewers", source.viewers())
        .build()
        .toString();
  }
}
