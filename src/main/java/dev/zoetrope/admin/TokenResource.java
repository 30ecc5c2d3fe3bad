package dev.zoetrope.admin;

import dev.zoetrope.access.ApiToken;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.access.Role;
import dev.zoetrope.access.Tokens;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/tokens}. */
final class TokenResource {
  private static final int MOST_DAYS = 3650;

  private final Tokens tokens;

  TokenResource(Tokens tokens) {
    this.tokens = tokens;
  }

  Reply all(Slice slice) {
    return Reply.list(tokens.all(), slice, token -> describe(token).build());
  }

  private static JsonObjectBuilder describe(ApiToken token) {
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("id", token.id())
            .add("title", token.title())
            .add("role", token.role().word())
            .add("sources", AccountResource.ids(token.sources()))
            .add("createdAt", token.createdAt().toString());
    AccountResource.addTime(json, "expiresAt", token.expiresAt());
    AccountResource.addTime(json, "lastUsed", token.lastUsed());
    return json;
  }

  Reply post(Call call) throws Problem {
    Fields fields = new Fields(call.body(), Set.of("title", "role", "sources", "days"));
    String title = fields.title();
    Role role = fields.role();
    Set<SourceId> sources = fields.sources();
    Optional<Integer> days = fields.number("days", 1, MOST_DAYS);
    fields.check();
    try {
      Tokens.Made made = tokens.make(title, role, sources, days.map(Duration::ofDays));
      return new Reply(
          201, Map.of(), Optional.of(describe(made.token()).add("token", made.text()).build()));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  Reply delete(Call call) throws Problem {
    try {
      tokens.delete(call.variable("id"));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
    return Reply.nothing();
  }
}
