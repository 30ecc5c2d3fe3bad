package dev.zoetrope.relay;

import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.LinkFigures.Peer;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text messages of an origin. Stateless.
 *
 * @see "docs/PROTOCOL.md, 5.1 to 5.3"
 */
final class OriginMessages {
  /** A parser calls itself for each. */
  private static final int MOST_BRACKETS = 200_000;

  private static final int MOST_DEPTH = 20;

  private static final BigDecimal MICROS_PER_MILLI = BigDecimal.valueOf(1000);

  /** Who hears what an origin says. */
  interface Hearer {
    /** Who it is. */
    void hello(int version, Peer peer);

    /** All that it has, from now on. */
    void sources(Map<SourceId, Offer> offers);

    /** All share links that it knows, from now on. */
    void links(List<OfferedLink> links);

    /** The answer to a question for the time. */
    void time(long id, long nowMicros);

    /** What comes from now on is of that subscription. */
    void subscribed(int number);

    /** A subscription is over. */
    void ended(int number, String words);

    /** It is about to stop. */
    void draining();
  }

  private OriginMessages() {}

  /**
   * Tells what a message says; of a type that is not known, nothing.
   *
   * @throws IOException if it cannot be understood; the link ends
   */
  static void read(String text, Hearer hearer) throws IOException {
    checkDepth(text);
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      JsonObject message = reader.readObject();
      switch (message.getString("type", "")) {
        case "hello" ->
            hearer.hello(
                message.getInt("version"),
                new Peer(message.getString("node"), message.getString("name", "")));
        case "sources" -> hearer.sources(offers(message));
        case "links" -> hearer.links(links(message));
        case "clock" ->
            hearer.time(number(message, "id").longValue(), micros(number(message, "now")));
        case "subscribed" -> hearer.subscribed(message.getInt("n"));
        case "end" -> hearer.ended(message.getInt("n"), message.getString("message", ""));
        case "drain" -> hearer.draining();
        default -> {
          // a later version may say more
        }
      }
    } catch (JsonException
        | ArithmeticException
        | ClassCastException
        | NullPointerException
        | DateTimeException
        | IllegalArgumentException e) {
      throw new IOException("a text message that cannot be understood", e);
    }
  }

  private static void checkDepth(String text) throws IOException {
    int depth = 0;
    int brackets = 0;
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (each == '[' || each == '{') {
        depth++;
        brackets++;
      } else if (each == ']' || each == '}') {
        depth--;
      }
      if (depth > MOST_DEPTH || brackets > MOST_BRACKETS) {
        throw new IOException("a text message with too many brackets");
      }
    }
  }

  private static JsonNumber number(JsonObject message, String name) {
    return message.getJsonNumber(name);
  }

  private static long micros(JsonNumber millis) {
    return millis.bigDecimalValue().multiply(MICROS_PER_MILLI).longValue();
  }

  private static Map<SourceId, Offer> offers(JsonObject message) {
    Map<SourceId, Offer> offers = new LinkedHashMap<>();
    for (JsonValue each : message.getJsonArray("sources")) {
      JsonObject source = each.asJsonObject();
      String id = source.getString("id");
      if (SourceId.isValid(id)) { // else nobody could ask for it
        offers.put(
            new SourceId(id),
            new Offer(
                new SourceId(id),
                source.getString("title", id),
                texts(source, "path"),
                source.getString("state", ""),
                source.getBoolean("picture", true),
                source.getString("access", ""),
                renditions(source),
                source.getBoolean("packets", false)));
      }
    }
    return offers;
  }

  private static List<OfferedLink> links(JsonObject message) {
    List<OfferedLink> links = new ArrayList<>();
    for (JsonValue each : message.getJsonArray("links")) {
      JsonObject link = each.asJsonObject();
      Set<SourceId> sources =
          texts(link, "sources").stream()
              .filter(SourceId::isValid)
              .map(SourceId::new)
              .collect(Collectors.toSet());
      if (!sources.isEmpty()) { // else it is for nobody
        links.add(
            new OfferedLink(
                link.getString("id"),
                link.getString("sha256"),
                texts(link, "path"),
                sources,
                Set.copyOf(texts(link, "ways")),
                Instant.ofEpochSecond(number(link, "expires").longValueExact()),
                link.containsKey("viewers")
                    ? OptionalInt.of(number(link, "viewers").intValueExact())
                    : OptionalInt.empty()));
      }
    }
    return links;
  }

  private static List<String> texts(JsonObject object, String name) {
    return object.getJsonArray(name).getValuesAs(JsonString.class).stream()
        .map(JsonString::getString)
        .toList();
  }

  /** Those that this node knows how to serve. */
  private static List<Rendition> renditions(JsonObject source) {
    List<Rendition> renditions = new ArrayList<>();
    for (JsonValue each : source.getJsonArray("renditions")) {
      JsonObject rendition = each.asJsonObject();
      String name = rendition.getString("name");
      Format.ofWord(rendition.getString("format"))
          .filter(format -> SourceId.isValid(name) && !Rendition.RESERVED.contains(name))
          .ifPresent(format -> renditions.add(rendition(rendition, name, format)));
    }
    return renditions;
  }

  private static Rendition rendition(JsonObject told, String name, Format format) {
    Rendition usual = Rendition.defaultOf(format);
    String encode = told.getString("encode", usual.encode().name()).toUpperCase(Locale.ROOT);
    return new Rendition(
        name,
        format,
        told.getInt("width", usual.width()),
        told.getInt("fps", usual.fps()),
        told.getInt("quality", usual.quality()),
        told.getInt("bitrate", (int) usual.bitsPerSecond()),
        told.getInt("bytesPerSecond", (int) usual.bytesPerSecond()),
        encode.equals("ALWAYS") ? Rendition.Encode.ALWAYS : Rendition.Encode.AUTO);
  }

  static String subscribe(int number, SourceId source, String rendition) {
    return Json.createObjectBuilder()
        .add("type", "subscribe")
        .add("n", number)
        .add("source", source.value())
        .add("rendition", rendition)
        .build()
        .toString();
  }

  static String unsubscribe(int number) {
    return "{\"type\":\"unsubscribe\",\"n\":" + number + "}";
  }

  static String clock(long id) {
    return "{\"type\":\"clock\",\"id\":" + id + "}";
  }
}
