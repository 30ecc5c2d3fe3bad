package dev.zoetrope.admin;

import dev.zoetrope.config.EditRefusedException;
import dev.zoetrope.config.HomeCopy;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.config.Transfer;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/export} and {@code /api/v1/import}: everything as one file. */
final class TransferResource {
  private static final int VERSION = 1;
  static final int MOST_BODY_BYTES = 8 << 20;
  private static final int MOST_MISTAKES = 50;
  private static final String ZOETROPE = "zoetrope";
  private static final String SOURCES = "sources";
  private static final List<String> FILES = List.of("server", "secrets", "access");

  private final Transfer transfer;

  TransferResource(Transfer transfer) {
    this.transfer = transfer;
  }

  /** {@code POST /api/v1/import}. */
  Reply post(Call call) throws Problem {
    return imported(copy(call.body()), call.query("dry").equals(Optional.of("1")));
  }

  /** {@code POST /api/v1/export}: it holds secrets, which no answer to a GET does. */
  Reply export() throws Problem {
    HomeCopy copy;
    try {
      copy = transfer.copy();
    } catch (IOException e) {
      throw new Problem(409, String.valueOf(e.getMessage()));
    }
    JsonObjectBuilder sources = Json.createObjectBuilder();
    copy.sources().orElse(Map.of()).forEach(sources::add);
    JsonObjectBuilder all = Json.createObjectBuilder();
    all.add(ZOETROPE, VERSION).add(SOURCES, sources);
    copy.server().ifPresent(text -> all.add("server", text));
    copy.secrets().ifPresent(text -> all.add("secrets", text));
    copy.access().ifPresent(text -> all.add("access", text));
    Map<String, String> headers =
        Map.of("Content-Disposition", "attachment; filename=\"zoetrope.json\"");
    return new Reply(200, headers, Optional.of(all.build()));
  }

  private Reply imported(HomeCopy copy, boolean isDry) throws Problem {
    Transfer.Effect effect;
    try {
      effect = isDry ? transfer.look(copy) : transfer.apply(copy);
    } catch (EditRefusedException e) {
      throw Problem.of(e);
    }
    return Reply.of(
        Json.createObjectBuilder()
            .add("created", array(effect.created()))
            .add("changed", array(effect.changed()))
            .add("removed", array(effect.removed()))
            .add("files", array(effect.files()))
            .add("restartNeeded", effect.isRestartNeeded())
            .build());
  }

  private static JsonArrayBuilder array(List<String> texts) {
    return Json.createArrayBuilder(texts);
  }

  private static HomeCopy copy(JsonObject body) throws Problem {
    List<Mistake> mistakes = new ArrayList<>();
    boolean isOurs =
        body.get(ZOETROPE) instanceof JsonNumber number
            && number.toString().equals(Integer.toString(VERSION));
    if (!isOurs) {
      mistakes.add(mistake(ZOETROPE, "expected " + VERSION + ", as POST /api/v1/export gives it"));
    }
    for (String key : body.keySet()) {
      if (!key.equals(ZOETROPE) && !key.equals(SOURCES) && !FILES.contains(key)) {
        mistakes.add(
            mistake(key, "unknown key; known: zoetrope, sources, server, secrets, access"));
      }
    }
    Optional<Map<String, String>> sources = sources(body, mistakes);
    HomeCopy copy =
        new HomeCopy(
            sources,
            text(body, "server", mistakes),
            text(body, "secrets", mistakes),
            text(body, "access", mistakes));
    if (!mistakes.isEmpty()) {
      List<Mistake> told = mistakes.subList(0, Math.min(MOST_MISTAKES, mistakes.size()));
      throw Problem.of("this is not what POST /api/v1/export gives", told);
    }
    return copy;
  }

  private static Optional<Map<String, String>> sources(JsonObject body, List<Mistake> mistakes) {
    JsonValue value = body.getOrDefault(SOURCES, JsonValue.NULL);
    if (value == JsonValue.NULL) {
      return Optional.empty();
    }
    Map<String, String> sources = new LinkedHashMap<>();
    if (value instanceof JsonObject object) {
      for (String id : object.keySet()) {
        if (object.get(id) instanceof JsonString text) {
          sources.put(id, text.getString());
        } else {
          mistakes.add(mistake(SOURCES + "." + id, "expected the text of the source's file"));
        }
      }
    } else {
      mistakes.add(mistake(SOURCES, "expected an object with the text of each source's file"));
    }
    return Optional.of(sources);
  }

  private static Optional<String> text(JsonObject body, String key, List<Mistake> mistakes) {
    JsonValue value = body.getOrDefault(key, JsonValue.NULL);
    if (value instanceof JsonString text) {
      return Optional.of(text.getString());
    }
    if (value != JsonValue.NULL) {
      mistakes.add(mistake(key, "expected the text of the file"));
    }
    return Optional.empty();
  }

  private static Mistake mistake(String key, String remedy) {
    String shown = key.length() > 80 ? key.substring(0, 80) + "…" : key;
    return new Mistake(Path.of("import"), 0, shown, "", remedy);
  }
}
