package dev.zoetrope.admin;

import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.ChannelStats;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;

/** {@code /api/v1/sources}: what each is doing, why, and what happened to it. */
final class SourceResource {
  private final Channels channels;
  private final SourceKeeper keeper;

  SourceResource(Channels channels, SourceKeeper keeper) {
    this.keeper = keeper;
    this.channels = channels;
  }

  JsonArray all() {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (SourceId id : keeper.ids()) {
      all.add(channels.channel(id).map(this::describe).orElseGet(() -> notAtWork(id)));
    }
    return all.build();
  }

  /**
   * {@code GET /api/v1/sources/{id}} and what is below it.
   *
   * @param part below it; empty for the source itself
   */
  JsonStructure get(String id, String part) throws Problem {
    if (part.isEmpty() && isFileOnly(id)) {
      return notAtWork(new SourceId(id));
    }
    Channel channel = channel(id);
    return switch (part) {
      case "" -> describe(channel);
      case "timeline" -> timeline(channel);
      case "log" -> log(channel);
      default -> throw new Problem(404, "expected /api/v1/sources/{id}, …/timeline or …/log");
    };
  }

  /** {@code POST /api/v1/sources/{id}/try-now}. */
  JsonObject post(String id, String part) throws Problem {
    Channel channel = channel(id);
    if (!part.equals("try-now")) {
      throw new Problem(404, "expected POST /api/v1/sources/{id}/try-now");
    }
    channel.tryNow();
    return describe(channel);
  }

  private Channel channel(String id) throws Problem {
    return SourceId.isValid(id)
        ? channels
            .channel(new SourceId(id))
            .orElseThrow(() -> new Problem(404, "there is no source " + id))
        : notAnId();
  }

  private static Channel notAnId() throws Problem {
    throw new Problem(404, "expected the id of a source: a-z, 0-9 and -");
  }

  private boolean isFileOnly(String id) {
    return SourceId.isValid(id)
        && channels.channel(new SourceId(id)).isEmpty()
        && keeper.ids().contains(new SourceId(id));
  }

  /** Its file had a mistake from the beginning. */
  private JsonObject notAtWork(SourceId id) {
    return Json.createObjectBuilder()
        .add("id", id.value())
        .add("state", "mistaken")
        .add("mistakes", mistakes(id))
        .build();
  }

  private JsonArrayBuilder mistakes(SourceId id) {
    JsonArrayBuilder mistakes = Json.createArrayBuilder();
    for (Mistake mistake : keeper.mistakes(id)) {
      mistakes.add(
          Json.createObjectBuilder()
              .add("file", mistake.file().toString())
              .add("line", mistake.line())
              .add("key", mistake.key())
              .add("value", mistake.value())
              .add("remedy", mistake.remedy()));
    }
    return mistakes;
  }

  private JsonObject describe(Channel channel) {
    ChannelStats stats = channel.stats();
    CaptureStats capture = stats.capture();
    JsonObjectBuilder source =
        Json.createObjectBuilder()
            .add("id", channel.id().value())
            .add("title", channel.settings().title())
            .add("kind", channel.settings().source().kind())
            .add("state", stats.state())
            .add("since", capture.since().toString())
            .add("restarts", capture.restarts())
            .add("viewers", stats.viewers())
            .add("mistakes", mistakes(channel.id()))
            .add("withoutKeyframes", capture.isWithoutKeyframes());
    capture
        .why()
        .ifPresent(
            why ->
                source
                    .add("cause", why.cause().name())
                    .add("words", why.words())
                    .add("advice", why.advice()));
    capture.nextAttempt().ifPresent(next -> source.add("nextAttempt", next.toString()));
    return source.build();
  }

  private static JsonArray timeline(Channel channel) {
    JsonArrayBuilder incidents = Json.createArrayBuilder();
    channel
        .timeline()
        .incidents()
        .forEach(
            incident ->
                incidents.add(
                    Json.createObjectBuilder()
                        .add("at", incident.at().toString())
                        .add("kind", incident.kind().name())
                        .add("text", incident.text())));
    return incidents.build();
  }

  private static JsonArray log(Channel channel) {
    return Json.createArrayBuilder(channel.log()).build();
  }
}
