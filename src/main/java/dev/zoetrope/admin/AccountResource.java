package dev.zoetrope.admin;

import dev.zoetrope.access.Account;
import dev.zoetrope.access.Accounts;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.access.Role;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/accounts}. */
final class AccountResource {
  private static final String IF_MATCH = "If-Match";

  private final Accounts accounts;

  AccountResource(Accounts accounts) {
    this.accounts = accounts;
  }

  Reply all(Slice slice) {
    return Reply.list(accounts.all(), slice, AccountResource::describe);
  }

  static JsonArray ids(Collection<SourceId> sources) {
    JsonArrayBuilder ids = Json.createArrayBuilder();
    sources.stream().sorted().forEach(id -> ids.add(id.value()));
    return ids.build();
  }

  static void addTime(JsonObjectBuilder json, String key, Optional<Instant> time) {
    time.ifPresentOrElse(at -> json.add(key, at.toString()), () -> json.addNull(key));
  }

  private static JsonObject describe(Account account) {
    JsonObjectBuilder json =
        Json.createObjectBuilder().add("name", account.name()).add("role", account.role().word());
    if (account.role() == Role.VIEWER) {
      json.add("sources", ids(account.sources()));
    }
    json.add("createdAt", account.createdAt().toString());
    addTime(json, "lastSignIn", account.lastSignIn());
    return json.build();
  }

  Reply get(Call call) throws Problem {
    return whole(
        200,
        accounts
            .named(call.variable("name"))
            .orElseThrow(() -> new Problem(404, "there is no account of this name")));
  }

  private static Reply whole(int status, Account account) {
    return new Reply(status, Map.of("ETag", account.tag()), Optional.of(describe(account)));
  }

  Reply put(Call call) throws Problem {
    Fields fields = new Fields(call.body(), Set.of("role", "sources", "password"));
    Role role = fields.role();
    Set<SourceId> sources = fields.sources();
    Optional<String> password = fields.optionalSecret("password");
    fields.check();
    String name = call.variable("name");
    try {
      boolean isNew = accounts.put(name, role, sources, password, call.header(IF_MATCH));
      Account put =
          accounts
              .named(name)
              .orElseThrow(() -> new Problem(409, "it was deleted at the same moment"));
      return whole(isNew ? 201 : 200, put);
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  Reply delete(Call call) throws Problem {
    try {
      accounts.delete(call.variable("name"), call.header(IF_MATCH));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
    return Reply.nothing();
  }
}
