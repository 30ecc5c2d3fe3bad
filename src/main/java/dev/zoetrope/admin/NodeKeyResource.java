package dev.zoetrope.admin;

import dev.zoetrope.access.NodeKey;
import dev.zoetrope.access.NodeKeys;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code /api/v1/nodes/keys}. */
final class NodeKeyResource {
  private final NodeKeys keys;

  NodeKeyResource(NodeKeys keys) {
    this.keys = keys;
  }

  Reply all(Slice slice) {
    return Reply.list(keys.all(), slice, key -> describe(key).build());
  }

  /** {@code sources} is null where it is for all of them, {@code limit} where there is none. */
  private JsonObjectBuilder describe(NodeKey key) {
    JsonObjectBuilder json =
        Json.createObjectBuilder().add("id", key.id()).add("title", key.title());
    if (key.sources().isEmpty()) {
      json.addNull("sources");
    } else {
      json.add("sources", AccountResource.ids(key.sources()));
    }
    if (key.limit().isPresent()) {
      json.add("limit", key.limit().getAsInt());
    } else {
      json.addNull("limit");
    }
    json.add("createdAt", key.createdAt().toString());
    AccountResource.addTime(json, "lastUsed", key.lastUsed());
    return json.add("followers", keys.followers(key));
  }

  Reply post(Call call) throws Problem {
    Fields fields = new Fields(call.body(), Set.of("title", "sources", "limit"));
    String title = fields.title();
    boolean isForAll = fields.isAbsent("sources");
    Set<SourceId> sources = fields.sources();
    fields.need( // which must not come to mean all
        isForAll || !sources.isEmpty(), "sources", "expected at least one source, or null for all");
    Optional<Integer> limit = fields.number("limit", NodeKey.LEAST_LIMIT, NodeKey.MOST_LIMIT);
    fields.check();
    try {
      NodeKeys.Made made =
          keys.make(title, sources, limit.map(OptionalInt::of).orElse(OptionalInt.empty()));
      return new Reply(
          201, Map.of(), Optional.of(describe(made.key()).add("key", made.text()).build()));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  Reply delete(Call call) throws Problem {
    try {
      keys.delete(call.variable("id"));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
    return Reply.nothing();
  }
}
