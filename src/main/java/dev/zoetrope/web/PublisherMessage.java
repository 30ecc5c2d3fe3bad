package dev.zoetrope.web;

import jakarta.json.JsonNumber;
import java.util.Optional;

/**
 * What a client of {@code WS /publish/{id}} says.
 *
 * @see "docs/PROTOCOL.md, 4"
 */
sealed interface PublisherMessage {
  /** Who wants to publish shows one of these. */
  record Publish(Optional<String> key, Optional<String> link) implements PublisherMessage {}

  /** The stream has come to its end. */
  record End() implements PublisherMessage {}

  /**
   * What time it is.
   *
   * @param id to be said back
   */
  record Clock(JsonNumber id) implements PublisherMessage {}

  /** Of a type that is not known here: to be ignored. */
  record Unknown() implements PublisherMessage {}

  /**
   * As a text message says.
   *
   * @throws OutcomeException BAD_REQUEST with what was expected
   */
  static PublisherMessage of(String json) throws OutcomeException {
    Fields fields = Fields.of(json);
    String type = fields.text("type").orElseThrow(() -> Fields.bad("type: expected a text"));
    return switch (type) {
      case "publish" -> publish(fields);
      case "end" -> new End();
      case "clock" -> new Clock(fields.id());
      default -> new Unknown();
    };
  }

  private static Publish publish(Fields fields) throws OutcomeException {
    Publish publish = new Publish(fields.text("key"), fields.text("link"));
    if (publish.key().isPresent() && publish.link().isPresent()) {
      throw Fields.bad("expected key or link, got both");
    }
    return publish;
  }
}
