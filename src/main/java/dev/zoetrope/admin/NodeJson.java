package dev.zoetrope.admin;

import dev.zoetrope.monitor.NodeLink;
import dev.zoetrope.monitor.NodeLink.State;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Connections between nodes as JSON: for people's pages, and for the nodes above. Stateless. */
public final class NodeJson {
  /** What a node says of those below it is not believed beyond that. */
  private static final int MOST_LINKS = 1000;

  private static final int MOST_DEPTH = 16;

  private NodeJson() {}

  /** What a node tells its origins of itself and those below it: docs/PROTOCOL.md, 5.2. */
  public static String below(int viewers, List<NodeLink> followers) {
    return Json.createObjectBuilder()
        .add("type", "below")
        .add("viewers", viewers)
        .add("links", links(followers))
        .build()
        .toString();
  }

  static JsonArrayBuilder links(List<NodeLink> links) {
    JsonArrayBuilder json = Json.createArrayBuilder();
    links.forEach(link -> json.add(describe(link)));
    return json;
  }

  private static JsonObjectBuilder describe(NodeLink link) {
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("id", link.id())
            .add("name", link.name())
            .add("address", link.address())
            .add("key", link.key())
            .add("state", link.state().word())
            .add("words", link.words());
    AccountResource.addTime(json, "since", link.since());
    return json.add("sources", link.sources())
        .add("bytesPerSecond", JsonNumber.of(link.bytesPerSecond()))
        .add("ageMillis", JsonNumber.of(link.ageMillis()))
        .add("roundTripMillis", JsonNumber.of(link.roundTripMillis()))
        .add("lost", link.lost())
        .add("viewers", link.viewers())
        .add("below", links(link.below()));
  }

  /** The links in {@link #below} of another node; what cannot be understood is left out. */
  public static List<NodeLink> readLinks(JsonObject below) {
    return readLinks(below, MOST_DEPTH);
  }

  private static List<NodeLink> readLinks(JsonObject object, int depth) {
    List<NodeLink> links = new ArrayList<>();
    String name = object.containsKey("links") ? "links" : "below";
    if (depth > 0 && object.get(name) instanceof jakarta.json.JsonArray array) {
      for (JsonValue each : array.subList(0, Math.min(array.size(), MOST_LINKS))) {
        if (each instanceof JsonObject link) {
          links.add(read(link, depth));
        }
      }
    }
    return links;
  }

  private static NodeLink read(JsonObject link, int depth) {
    return new NodeLink(
        link.getString("id", ""),
        link.getString("name", ""),
        link.getString("address", ""),
        link.getString("key", ""),
        state(link.getString("state", "")),
        link.getString("words", ""),
        time(link.getString("since", "")),
        link.getInt("sources", 0),
        number(link, "bytesPerSecond"),
        number(link, "ageMillis"),
        number(link, "roundTripMillis"),
        link.getInt("lost", 0),
        link.getInt("viewers", 0),
        readLinks(link, depth - 1));
  }

  private static State state(String word) {
    try {
      return State.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return State.CONNECTED; // a later version may know more
    }
  }

  private static Optional<Instant> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static double number(JsonObject object, String name) {
    return object.get(name) instanceof jakarta.json.JsonNumber number
        ? number.doubleValue()
        : Double.NaN;
  }

  /** The viewers in {@link #below} of another node, not counting those of the nodes below it. */
  public static int readViewers(JsonObject below) {
    return Math.max(0, below.getInt("viewers", 0));
  }
}
