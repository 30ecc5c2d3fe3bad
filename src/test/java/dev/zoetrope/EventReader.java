package dev.zoetrope;

import jakarta.json.JsonStructure;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A client of server-sent events: all events until now, read strictly as our server writes them.
 */
final class EventReader implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** One event. */
  record Event(String name, Optional<String> id, JsonStructure data) {}

  private final LiveStream stream;

  private EventReader(LiveStream stream) {
    this.stream = stream;
  }

  /** Asks; {@code headers} are names and values by turns. */
  static EventReader open(URI uri, String... headers) {
    return new EventReader(LiveStream.open(uri, headers));
  }

  LiveStream stream() {
    return stream;
  }

  List<Event> events() {
    List<Event> events = new ArrayList<>();
    String text = stream.text();
    int end = text.lastIndexOf("\n\n");
    for (String block : text.substring(0, Math.max(0, end)).split("\n\n", -1)) {
      if (!block.isEmpty() && !block.equals(":")) {
        events.add(event(block));
      }
    }
    return events;
  }

  /** How many comments came to keep the connection. */
  int comments() {
    return (int) List.of(stream.text().split("\n", -1)).stream().filter(":"::equals).count();
  }

  private static Event event(String block) {
    Optional<String> id = Optional.empty();
    String name = "";
    String data = "";
    for (String line : block.split("\n", -1)) {
      String[] parts = line.split(": ", 2);
      switch (parts[0]) {
        case "id" -> id = Optional.of(parts[1]);
        case "event" -> name = parts[1];
        case "data" -> data = parts[1];
        default -> throw new AssertionError("not a field of an event: " + line);
      }
    }
    return new Event(name, id, Operator.json(data));
  }

  /** The first event that fits; fails when there is none within {@code limit}. */
  Event await(String what, Duration limit, Predicate<Event> fits) {
    return Awaitility.await(what)
        .atMost(limit)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> events().stream().filter(fits).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  /** The same within 20 s. */
  Event await(String what, Predicate<Event> fits) {
    return await(what, LIMIT, fits);
  }

  @Override
  public void close() {
    stream.close();
  }
}
