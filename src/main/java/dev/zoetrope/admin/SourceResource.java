package dev.zoetrope.admin;

import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.ChannelStats;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.config.EditRefusedException;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.config.Precondition;
import dev.zoetrope.config.SourceEditor;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.feed.Client;
import dev.zoetrope.feed.ViewerStats;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** {@code /api/v1/sources}: what each is doing, why, and what happened to it. */
final class SourceResource {
  private static final Precondition ANY =
      new Precondition(Optional.empty(), Optional.empty(), false);

  private static final Pattern VIEWER = Pattern.compile("[0-9]{1,18}");

  private final Channels channels;
  private final SourceKeeper keeper;

  SourceResource(Channels channels, SourceKeeper keeper) {
    this.keeper = keeper;
    this.channels = channels;
  }

  Reply all(Slice slice) {
    Set<SourceId> ids = new TreeSet<>(keeper.ids());
    channels.all().forEach(channel -> ids.add(channel.id())); // what is mirrored has no file
    return Reply.list(
        List.copyOf(ids),
        slice,
        id -> channels.channel(id).map(this::describe).orElseGet(() -> notAtWork(id)));
  }

  /**
   * {@code GET /api/v1/sources/{id}} and what is below it.
   *
   * @param part below it; empty for the source itself
   * @param slice how much of what is a list
   */
  Reply get(String id, String part, Slice slice) throws Problem {
    return switch (part) {
      case "" -> whole(200, existing(id), Map.of());
      case "timeline" ->
          Reply.list(channel(id).timeline().incidents(), slice, SourceResource::describe);
      case "log" -> Reply.list(channel(id).log(), slice, Json::createValue);
      case "stats" -> Reply.of(stats(channel(id)));
      case "viewers" -> Reply.list(viewers(channel(id)), slice, Seen::json);
      default ->
          throw new Problem(
              404, "expected /api/v1/sources/{id}, …/timeline, …/log, …/stats or …/viewers");
    };
  }

  /** The renditions that run: counters, from which a reader makes rates. */
  private static JsonObject stats(Channel channel) {
    JsonObjectBuilder renditions = Json.createObjectBuilder();
    channel
        .stats()
        .renditions()
        .forEach(
            (name, feed) ->
                renditions.add(
                    name,
                    Json.createObjectBuilder()
                        .add("viewers", feed.viewers())
                        .add("fragments", feed.pieces())
                        .add("bytes", feed.bytes())
                        .add("heldBytes", feed.heldBytes())
                        .add("skipped", feed.skipped())
                        .add("stalled", feed.stalled())));
    return Json.createObjectBuilder()
        .add("now", System.currentTimeMillis())
        .add("renditions", renditions)
        .build();
  }

  /** One viewer: what it got, and how old its picture is. */
  private record Seen(String rendition, ViewerStats stats) {
    JsonObject json() {
      Client client = stats.client();
      return Json.createObjectBuilder()
          .add("id", Long.toString(client.id()))
          .add("rendition", rendition)
          .add("way", client.way())
          .add("address", client.address())
          .add("since", client.since().toString())
          .add("sent", stats.sent())
          .add("skipped", stats.skipped())
          .add("bytes", stats.bytes())
          .add("ageMillis", Math.floorDiv(stats.ageMicros(), 1000))
          .build();
    }
  }

  /** In the order in which they came. */
  private static List<Seen> viewers(Channel channel) {
    List<Seen> viewers = new ArrayList<>();
    channel
        .viewerStats()
        .forEach((rendition, all) -> all.forEach(one -> viewers.add(new Seen(rendition, one))));
    viewers.sort(Comparator.comparingLong(viewer -> viewer.stats().client().id()));
    return viewers;
  }

  /** {@code DELETE /api/v1/sources/{id}/viewers/{viewer}}: ends that viewer. */
  Reply cut(String id, String viewer) throws Problem {
    Channel channel = channel(id);
    boolean isCut = VIEWER.matcher(viewer).matches() && channel.cut(Long.parseLong(viewer));
    if (!isCut) {
      throw new Problem(404, "source " + id + " has no such viewer");
    }
    return Reply.nothing();
  }

  /** {@code POST /api/v1/sources/{id}/…}: what does not need a body. */
  Reply post(String id, String part) throws Problem {
    Channel channel = channel(id);
    switch (part) {
      case "try-now" -> channel.tryNow();
      case "restart" -> channel.restart();
      case "start" -> enable(channel, true);
      case "stop" -> enable(channel, false);
      default ->
          throw new Problem(
              404, "expected POST /api/v1/sources/{id}/start, …/stop, …/restart or …/try-now");
    }
    return Reply.of(describe(channel));
  }

  private void enable(Channel channel, boolean on) throws Problem {
    if (channel.settings().enabled() == on) {
      return;
    }
    edit(
        channel.id(),
        ANY,
        shown -> {
          Map<String, Object> wanted = new LinkedHashMap<>(shown);
          if (on) {
            wanted.remove("enabled");
          } else {
            wanted.put("enabled", false);
          }
          return wanted;
        });
  }

  /** {@code PUT /api/v1/sources/{id}}: creates it, or replaces its settings. */
  Reply put(String id, JsonObject wanted, Precondition precondition) throws Problem {
    SourceId known = id(id);
    return edited(known, edit(known, precondition, shown -> JsonTree.map(wanted)));
  }

  /** {@code PATCH /api/v1/sources/{id}}: changes some settings. */
  Reply patch(String id, JsonObject patch, Precondition precondition) throws Problem {
    SourceId known = existing(id);
    return edited(known, edit(known, precondition, shown -> JsonTree.merged(shown, patch)));
  }

  /** {@code DELETE /api/v1/sources/{id}}. */
  Reply delete(String id, Precondition precondition) throws Problem {
    SourceId known = existing(id);
    refuseMirrored(known);
    try {
      keeper.editor().delete(known, precondition);
    } catch (EditRefusedException e) {
      throw Problem.of(e);
    }
    return Reply.nothing();
  }

  /** What is mirrored has no file, and is there again a second after it was removed. */
  private void refuseMirrored(SourceId id) throws Problem {
    Optional<SourceId> mirror = channels.channel(id).flatMap(this::mirror);
    if (mirror.isPresent()) {
      throw new Problem(
          409,
          "source "
              + id
              + " has no settings of its own: source "
              + mirror.get()
              + " mirrors it from another node; change that one, or the source at the other node");
    }
  }

  /** The source with {@code source: "*"} that this one is there for, if so. */
  private Optional<SourceId> mirror(Channel channel) {
    SourceSettings settings = channel.settings();
    if (!(settings.source() instanceof Relay) || keeper.ids().contains(channel.id())) {
      return Optional.empty();
    }
    return channels.all().stream()
        .map(Channel::settings)
        .filter(each -> each.mirrors(settings))
        .map(SourceSettings::id)
        .findFirst();
  }

  private SourceEditor.Edited edit(
      SourceId id, Precondition precondition, UnaryOperator<Map<String, Object>> change)
      throws Problem {
    refuseMirrored(id);
    try {
      return keeper.editor().edit(id, precondition, change);
    } catch (EditRefusedException e) {
      throw Problem.of(e);
    }
  }

  private Reply edited(SourceId id, SourceEditor.Edited edited) {
    Map<String, JsonValue> more =
        edited.isWrittenAnew() ? Map.of("writtenAnew", JsonValue.TRUE) : Map.of();
    return whole(edited.isNew() ? 201 : 200, id, more);
  }

  /** The source with its settings, and their entity tag. */
  private Reply whole(int status, SourceId id, Map<String, JsonValue> more) {
    Optional<SourceEditor.Stored> stored = keeper.editor().stored(id);
    Optional<Channel> channel = channels.channel(id);
    JsonObjectBuilder source =
        Json.createObjectBuilder(channel.map(this::describe).orElseGet(() -> notAtWork(id)));
    stored
        .flatMap(SourceEditor.Stored::settings)
        .ifPresent(settings -> source.add("settings", JsonTree.json(settings)));
    more.forEach(source::add);
    channel.ifPresent(known -> source.add("publishRefused", known.publishRefused()));
    Map<String, String> headers = new HashMap<>();
    stored.ifPresent(file -> headers.put("ETag", file.tag()));
    return new Reply(status, headers, Optional.of(source.build()));
  }

  private SourceId existing(String id) throws Problem {
    SourceId known = id(id);
    if (channels.channel(known).isEmpty() && !keeper.ids().contains(known)) {
      throw nobody(id);
    }
    return known;
  }

  private Channel channel(String id) throws Problem {
    return channels.channel(id(id)).orElseThrow(() -> nobody(id));
  }

  private static Problem nobody(String id) {
    return new Problem(404, "there is no source " + id);
  }

  private static SourceId id(String id) throws Problem {
    if (!SourceId.isValid(id)) {
      throw new Problem(404, "expected the id of a source: 1 to 64 of a-z, 0-9 and -");
    }
    return new SourceId(id);
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
            .add("enabled", channel.settings().enabled())
            .add("access", channel.settings().audience().protection().word())
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
    mirror(channel).ifPresent(mirror -> source.add("mirroredBy", mirror.value()));
    capture.nextAttempt().ifPresent(next -> source.add("nextAttempt", next.toString()));
    return source.build();
  }

  private static JsonObject describe(Incident incident) {
    return Json.createObjectBuilder()
        .add("at", incident.at().toString())
        .add("kind", incident.kind().name())
        .add("text", incident.text())
        .build();
  }
}
