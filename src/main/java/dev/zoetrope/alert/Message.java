package dev.zoetrope.alert;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a webhook is sent. Immutable.
 *
 * @param delivery told apart by this, since a message may come twice
 */
record Message(
    UUID delivery,
    String event,
    String source,
    String title,
    Instant at,
    String text,
    Optional<Diagnosis> why) {

  static Message of(SourceId id, String title, Incident incident, Optional<Diagnosis> why) {
    String event = incident.kind() == Incident.Kind.LOST ? "lost" : "recovered";
    return new Message(
        UUID.randomUUID(), event, id.value(), title, incident.at(), incident.text(), why);
  }

  static Message test(Instant now) {
    return new Message(UUID.randomUUID(), "test", "", "", now, "This is a test.", Optional.empty());
  }

  /** As JSON (RFC 8259). */
  String json() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("event", event);
    values.put("source", source);
    values.put("title", title);
    values.put("at", at.toString());
    values.put("text", text);
    why.ifPresent(
        diagnosis -> {
          values.put("cause", diagnosis.cause().name());
          values.put("words", diagnosis.words());
          values.put("advice", diagnosis.advice());
        });
    values.put("delivery", delivery.toString());
    return values.entrySet().stream()
        .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** RFC 8259, 7. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
