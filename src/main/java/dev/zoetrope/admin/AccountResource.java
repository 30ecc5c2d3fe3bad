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
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/accounts}. */
final class AccountResource {
  private final Accounts accounts;

  AccountResource(Accounts accounts) {
    this.accounts = accounts;
  }

  Reply all() {
    JsonArrayBuilder all = Json.createArrayBuilder();
    accounts.all().forEach(account -> all.add(describe(account)));
    return Reply.of(all.build());
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

  Reply put(Call call) throws Problem, IOException {
    Fields fields = new Fields(call.body(), Set.of("role", "sources", "password"));
    Role role = fields.role();
    Set<SourceId> sources = fields.sources();
    Optional<String> password = fields.optionalSecret("password");
    fields.check();
    String name = call.variable("name");
    try {
      boolean isNew = accounts.put(name, role, sources, password);
      Account put =
          accounts.all().stream()
              .filter(account -> account.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new Problem(409, "it was deleted at the same moment"));
      return new Reply(isNew ? 201 : 200, Map.of(), Optional.of(describe(put)));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  Reply delete(Call call) throws Problem {
    try {
      accounts.delete(call.variable("name"));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
    return Reply.nothing();
  }
}
