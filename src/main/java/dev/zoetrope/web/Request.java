package dev.zoetrope.web;

import dev.zoetrope.media.Format;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What a client of {@code WS /live}, or a node, asks for.
 *
 * @see "docs/PROTOCOL.md, 2.2, 5.2"
 */
sealed interface Request {
  /** The most subscriptions of one socket, and so the most numbers in one request. */
  int MOST = 64;

  /** Does what is asked for. */
  void doneBy(Bundle bundle);

  /** Whether that may take seconds. */
  default boolean takesTime() {
    return false;
  }

  /** For how many messages it counts: each number is answered. */
  default int weight() {
    return 1;
  }

  /** The same, in parts that each take their time. */
  default List<Request> parts() {
    return List.of(this);
  }

  /**
   * To be sent a source from now on.
   *
   * @param number by which the client knows the subscription, 1 to 65535
   * @param formats the first in which the source is served counts; of a node none, as the
   *     rendition's name says all
   * @param rendition by name
   * @param width for about so many pixels; not together with a name
   * @param link in the place of the handshake's
   */
  record Subscribe(
      int number,
      String source,
      List<Format> formats,
      Optional<String> rendition,
      OptionalInt width,
      Tracks tracks,
      Cards cards,
      Optional<String> link)
      implements Request {
    public Subscribe {
      formats = List.copyOf(formats);
    }

    @Override
    public void doneBy(Bundle bundle) {
      bundle.subscriptions().subscribe(this);
    }

    @Override
    public boolean takesTime() {
      return true;
    }
  }

  /** No more for now, of each of these. */
  record Pause(List<Integer> numbers) implements Request {
    @Override
    public void doneBy(Bundle bundle) {
      numbers.forEach(bundle.subscriptions()::pause);
    }

    @Override
    public int weight() {
      return numbers.size();
    }
  }

  /** On again. */
  record Resume(List<Integer> numbers) implements Request {
    @Override
    public List<Request> parts() {
      return numbers.stream().<Request>map(number -> new Resume(List.of(number))).toList();
    }

    @Override
    public void doneBy(Bundle bundle) {
      numbers.forEach(bundle.subscriptions()::resume);
    }

    @Override
    public boolean takesTime() {
      return true;
    }

    @Override
    public int weight() {
      return numbers.size();
    }
  }

  /** No more at all. */
  record Unsubscribe(List<Integer> numbers) implements Request {
    @Override
    public void doneBy(Bundle bundle) {
      numbers.forEach(bundle.subscriptions()::unsubscribe);
    }

    @Override
    public int weight() {
      return numbers.size();
    }
  }

  /**
   * What time it is.
   *
   * @param id to be said back
   */
  record Clock(JsonNumber id) implements Request {
    @Override
    public void doneBy(Bundle bundle) {
      bundle.tellTime(id);
    }
  }

  /**
   * How things are at a node and below it.
   *
   * @param kept where that goes
   */
  record Below(JsonObject words, Consumer<JsonObject> kept) implements Request {
    @Override
    public void doneBy(Bundle bundle) {
      kept.accept(words);
    }
  }

  /** What cannot be understood, and why. */
  record Mistake(OutcomeException why) implements Request {
    @Override
    public void doneBy(Bundle bundle) {
      bundle.tellMistake(why);
    }
  }

  /** Of a type that is not known here: to be ignored. */
  record Unknown() implements Request {
    @Override
    public void doneBy(Bundle bundle) {
      // a later version may know what to do
    }
  }

  /**
   * As a text message says.
   *
   * @throws OutcomeException BAD_REQUEST with what was expected
   */
  static Request of(String json) throws OutcomeException {
    Fields fields = Fields.of(json);
    String type = fields.text("type").orElseThrow(() -> Fields.bad("type: expected a text"));
    return switch (type) {
      case "subscribe" -> subscribe(fields);
      case "pause" -> new Pause(fields.numbers());
      case "resume" -> new Resume(fields.numbers());
      case "unsubscribe" -> new Unsubscribe(fields.numbers());
      case "clock" -> new Clock(fields.id());
      default -> new Unknown();
    };
  }

  private static Subscribe subscribe(Fields fields) throws OutcomeException {
    int number = fields.number();
    String source =
        fields.text("source").orElseThrow(() -> Fields.bad("source: expected a source's id"));
    return checked(
        new Subscribe(
            number,
            source,
            formats(fields.texts("format").orElse(List.of(Format.FMP4.word()))),
            fields.text("rendition"),
            fields.width(),
            tracks(fields.text("tracks").orElse(Tracks.VIDEO.word())),
            fields.isTrue("strict") ? Cards.LEFT_OUT : Cards.SHOWN,
            fields.text("link").filter(link -> !link.isBlank())));
  }

  /**
   * As the address of a socket says: {@code /live/{id}?format=fmp4,mpeg1&width=320}.
   *
   * @param id empty for {@code /live}, on which nothing is subscribed to yet
   * @throws OutcomeException BAD_REQUEST with what was expected
   */
  static Optional<Subscribe> ofQuery(String id, Query query) throws OutcomeException {
    query.choice("version", "1", List.of("1"));
    if (id.isEmpty()) {
      return Optional.empty();
    }
    String formats = query.value("format").orElse(Format.FMP4.word());
    String strict = query.choice("strict", "0", List.of("0", "1", "false", "true"));
    Optional<String> width = query.value("width");
    return Optional.of(
        checked(
            new Subscribe(
                1,
                id,
                formats(List.of(formats.split(",", -1))),
                query.value("rendition"),
                width.isPresent() ? OptionalInt.of(width(width.get())) : OptionalInt.empty(),
                tracks(query.value("tracks").orElse(Tracks.VIDEO.word())),
                strict.equals("1") || strict.equals("true") ? Cards.LEFT_OUT : Cards.SHOWN,
                Optional.empty()))); // the visitor has shown it
  }

  private static int width(String text) throws OutcomeException {
    if (!text.matches("[1-9][0-9]{0,4}")) {
      throw Fields.bad(Fields.WIDTH);
    }
    return Integer.parseInt(text);
  }

  private static List<Format> formats(List<String> words) throws OutcomeException {
    List<Format> formats = new ArrayList<>();
    for (String word : words) {
      formats.add(
          Format.ofWord(word)
              .filter(format -> format != Format.GIF)
              .orElseThrow(
                  () ->
                      Fields.bad(
                          "format: expected fmp4, mpeg1 or mjpeg, got \""
                              + Query.clean(word)
                              + "\"")));
    }
    return formats;
  }

  private static Tracks tracks(String word) throws OutcomeException {
    for (Tracks tracks : Tracks.values()) {
      if (tracks.word().equals(word)) {
        return tracks;
      }
    }
    throw Fields.bad("tracks: expected video, audio or both, got \"" + Query.clean(word) + "\"");
  }

  private static Subscribe checked(Subscribe asked) throws OutcomeException {
    if (asked.rendition().isPresent() && asked.width().isPresent()) {
      throw Fields.bad("expected rendition or width, got both");
    }
    for (Format format : asked.formats()) {
      if (!asked.tracks().canBeOf(format)) {
        throw Fields.bad(
            format == Format.MPEG1
                ? "tracks: expected video or both, as mpeg1 has no sound alone"
                : "tracks: expected video, as " + format.word() + " has no sound");
      }
    }
    return asked;
  }
}
