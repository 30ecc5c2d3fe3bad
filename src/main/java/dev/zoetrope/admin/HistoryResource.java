package dev.zoetrope.admin;

import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.monitor.History;
import dev.zoetrope.monitor.Hour;
import dev.zoetrope.monitor.Point;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** {@code GET /api/v1/history}: the last hour of one source, or of all together. */
final class HistoryResource {
  private final Channels channels;
  private final History history;

  HistoryResource(Channels channels, History history) {
    this.channels = channels;
    this.history = history;
  }

  /**
   * @param source whose; empty for the sum of all
   */
  JsonObject get(Optional<String> source) throws Problem {
    if (source.isEmpty()) {
      return describe(history.sum());
    }
    String id = source.get();
    if (!SourceId.isValid(id)) {
      throw new Problem(400, "source: expected the id of a source: 1 to 64 of a-z, 0-9 and -");
    }
    SourceId known = new SourceId(id);
    if (channels.channel(known).isEmpty()) {
      throw new Problem(404, "there is no source " + id);
    }
    return describe(history.of(known).orElseGet(() -> new Hour(history.sum().from(), List.of())));
  }

  private static JsonObject describe(Hour hour) {
    return Json.createObjectBuilder()
        .add("from", hour.from().toString())
        .add("stepSeconds", History.STEP_SECONDS)
        .add("viewers", row(hour, Point::viewers))
        .add("bytesIn", row(hour, Point::bytesIn))
        .add("bytesOut", row(hour, Point::bytesOut))
        .add("fps", row(hour, Point::fps))
        .add("cpu", row(hour, Point::cpu))
        .build();
  }

  private static JsonArrayBuilder row(Hour hour, ToDoubleFunction<Point> figure) {
    JsonArrayBuilder row = Json.createArrayBuilder();
    hour.points().forEach(point -> row.add(JsonNumber.of(figure.applyAsDouble(point))));
    return row;
  }
}
