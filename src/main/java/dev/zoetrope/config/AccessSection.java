package dev.zoetrope.config;

import dev.zoetrope.access.Account;
import dev.zoetrope.access.ApiToken;
import dev.zoetrope.access.Kept;
import dev.zoetrope.access.Link;
import dev.zoetrope.access.NodeKey;
import dev.zoetrope.access.Role;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys of {@code access.yaml}, read and written. */
final class AccessSection {
  private static final String HEAD =
      """
      # Accounts, API tokens, share links and node keys; the server writes this file itself.
      # Only this server's user may read it (chmod 600).

      """;

  /** A higher cost than 14 would hold the server up for minutes. */
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int MOST_OF_A_TITLE = 100;

  private final Section file;

  AccessSection(Section file) {
    this.file = file;
  }

  /** Means nothing if a mistake was noted. */
  Kept kept() {
    file.refuseOthers(
        Set.of("key", "accounts", "tokens", "links", "nodeKeys"), key -> Optional.empty());
    Optional<String> key = hidden(file, "key", KEY, "expected 43 of A-Z, a-z, 0-9, - and _");
    Map<String, Account> accounts = new LinkedHashMap<>();
    Map<String, ApiToken> tokens = new LinkedHashMap<>();
    Map<String, Link> links = new LinkedHashMap<>();
    Map<String, NodeKey> nodeKeys = new LinkedHashMap<>();
    each("accounts", Account::isName, "expected a name of " + Account.NAME)
        .forEach((name, one) -> account(name, one).ifPresent(read -> accounts.put(name, read)));
    String id = "expected 16 hexadecimal digits";
    each("tokens", text -> ID.matcher(text).matches(), id)
        .forEach((name, one) -> token(name, one).ifPresent(read -> tokens.put(name, read)));
    each("links", text -> ID.matcher(text).matches(), id)
        .forEach((name, one) -> link(name, one).ifPresent(read -> links.put(name, read)));
    each("nodeKeys", text -> ID.matcher(text).matches(), id)
        .forEach((name, one) -> nodeKey(name, one).ifPresent(read -> nodeKeys.put(name, read)));
    return new Kept(new Secret(key.orElse("?")), accounts, tokens, links, nodeKeys);
  }

  private Map<String, Section> each(String key, Predicate<String> isName, String expected) {
    Map<String, Section> all = new LinkedHashMap<>();
    Section section = file.section(key).orElse(null);
    if (section == null) {
      return all;
    }
    for (String name : section.keys()) {
      if (isName.test(name)) {
        section.section(name).ifPresent(one -> all.put(name, one));
      } else {
        section.refuseHidden(name, expected);
      }
    }
    return all;
  }

  private static Optional<Account> account(String name, Section one) {
    one.refuseOthers(
        Set.of("role", "sources", "password", "createdAt", "lastSignIn"), key -> Optional.empty());
    Optional<Role> role = role(one);
    Optional<String> password =
        hidden(one, "password", BCRYPT, "expected a hash of bcrypt, of cost 4 to 14");
    Optional<Instant> createdAt = one.required("createdAt", time(), "expected a time");
    Optional<Instant> lastSignIn = one.value("lastSignIn", time());
    Set<SourceId> sources = sources(one);
    return role.isPresent() && password.isPresent() && createdAt.isPresent()
        ? Optional.of(
            new Account(name, role.get(), sources, password.get(), createdAt.get(), lastSignIn))
        : Optional.empty();
  }

  private static Optional<ApiToken> token(String id, Section one) {
    one.refuseOthers(
        Set.of("title", "role", "sources", "sha256", "createdAt", "expiresAt", "lastUsed"),
        key -> Optional.empty());
    Optional<String> title = title(one);
    Optional<Role> role = role(one);
    Optional<String> sha256 = hidden(one, "sha256", SHA_256, "expected 64 hexadecimal digits");
    Optional<Instant> createdAt = one.required("createdAt", time(), "expected a time");
    Optional<Instant> expiresAt = one.value("expiresAt", time());
    Optional<Instant> lastUsed = one.value("lastUsed", time());
    Set<SourceId> sources = sources(one);
    return title.isPresent() && role.isPresent() && sha256.isPresent() && createdAt.isPresent()
        ? Optional.of(
            new ApiToken(
                id,
                title.get(),
                role.get(),
                sources,
                sha256.get(),
                createdAt.get(),
                expiresAt,
                lastUsed))
        : Optional.empty();
  }

  private static Optional<Link> link(String id, Section one) {
    one.refuseOthers(
        Set.of("title", "sources", "ways", "createdAt", "expiresAt", "maxViewers"),
        key -> Optional.empty());
    Optional<String> title = title(one);
    Optional<Instant> createdAt = one.required("createdAt", time(), "expected a time");
    Optional<Instant> expiresAt = one.required("expiresAt", time(), "expected a time");
    Optional<Integer> maxViewers = one.value("maxViewers", Form.number(1, 1_000_000));
    Set<SourceId> sources = sources(one);
    if (!one.has("sources")) {
      missing(one, "sources", "expected a list of ids of sources");
    }
    Set<String> ways =
        one.has("ways")
            ? one.values(
                    "ways",
                    Form.choice(Link.WAYS, way -> way),
                    "expected a list of " + String.join(", ", Link.WAYS))
                .map(Set::copyOf)
                .orElse(Set.of())
            : Set.of();
    return title.isPresent() && createdAt.isPresent() && expiresAt.isPresent() && !sources.isEmpty()
        ? Optional.of(
            new Link(
                id,
                title.get(),
                sources,
                ways,
                createdAt.get(),
                expiresAt.get(),
                maxViewers.map(OptionalInt::of).orElse(OptionalInt.empty())))
        : Optional.empty();
  }

  private static Optional<NodeKey> nodeKey(String id, Section one) {
    one.refuseOthers(
        Set.of("title", "sources", "limit", "sha256", "createdAt", "lastUsed"),
        key -> Optional.empty());
    Optional<String> title = title(one);
    Optional<String> sha256 = hidden(one, "sha256", SHA_256, "expected 64 hexadecimal digits");
    Optional<Instant> createdAt = one.required("createdAt", time(), "expected a time");
    Optional<Instant> lastUsed = one.value("lastUsed", time());
    Optional<Long> limit =
        one.value("limit", Form.bitrate(NodeKey.LEAST_LIMIT, NodeKey.MOST_LIMIT));
    Set<SourceId> sources = sources(one);
    return title.isPresent() && sha256.isPresent() && createdAt.isPresent()
        ? Optional.of(
            new NodeKey(
                id,
                title.get(),
                sources,
                limit.map(most -> OptionalInt.of(most.intValue())).orElse(OptionalInt.empty()),
                sha256.get(),
                createdAt.get(),
                lastUsed))
        : Optional.empty();
  }

  private static Optional<String> title(Section one) {
    String expected = "expected 1 to " + MOST_OF_A_TITLE + " characters";
    return one.required(
        "title",
        text -> {
          if (text.isEmpty() || text.length() > MOST_OF_A_TITLE) {
            throw new WrongValue(expected);
          }
          return text;
        },
        expected);
  }

  private static Optional<Role> role(Section one) {
    List<Role> roles = Arrays.stream(Role.values()).filter(role -> role != Role.NOBODY).toList();
    return one.required(
        "role", Form.choice(roles, Role::word), "expected viewer, operator or admin");
  }

  private static Set<SourceId> sources(Section one) {
    if (!one.has("sources")) {
      return Set.of();
    }
    return one.values(
            "sources",
            text -> {
              if (!SourceId.isValid(text)) {
                throw new WrongValue("expected the id of a source");
              }
              return new SourceId(text);
            },
            "expected a list of ids of sources")
        .map(Set::copyOf)
        .orElse(Set.of());
  }

  private static Form<Instant> time() {
    return text -> {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new WrongValue("expected a time such as \"2026-01-31T12:00:00Z\"");
      }
    };
  }

  private static void missing(Section section, String key, String expected) {
    var unused = section.required(key, text -> text, expected);
  }

  private static Optional<String> hidden(
      Section section, String key, Pattern form, String expected) {
    if (!section.has(key)) {
      missing(section, key, expected);
      return Optional.empty();
    }
    return section.hiddenValue(
        key,
        text -> {
          if (!form.matcher(text).matches()) {
            throw new WrongValue(expected);
          }
          return text;
        });
  }

  /** The whole file. */
  static String written(Kept kept) {
    StringBuilder text = new StringBuilder(HEAD);
    text.append("key: ").append(YamlTree.quoted(kept.key().reveal())).append('\n');
    section(text, "accounts", kept.accounts(), AccessSection::written);
    section(text, "tokens", kept.tokens(), AccessSection::written);
    section(text, "links", kept.links(), AccessSection::written);
    section(text, "nodeKeys", kept.nodeKeys(), AccessSection::written);
    return text.toString();
  }

  private static <T> void section(
      StringBuilder text,
      String name,
      Map<String, T> all,
      Function<T, Map<String, String>> written) {
    if (all.isEmpty()) {
      return;
    }
    text.append('\n').append(name).append(":\n");
    all.forEach(
        (key, one) ->
            text.append("  ")
                .append(YamlTree.quoted(key))
                .append(": ")
                .append(
                    written.apply(one).entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", "{", "}\n"))));
  }

  private static Map<String, String> written(Account account) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("role", account.role().word());
    list(keys, "sources", account.sources());
    keys.put("password", YamlTree.quoted(account.passwordHash()));
    keys.put("createdAt", quoted(account.createdAt()));
    account.lastSignIn().ifPresent(time -> keys.put("lastSignIn", quoted(time)));
    return keys;
  }

  private static Map<String, String> written(ApiToken token) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("title", YamlTree.quoted(token.title()));
    keys.put("role", token.role().word());
    list(keys, "sources", token.sources());
    keys.put("sha256", YamlTree.quoted(token.sha256()));
    keys.put("createdAt", quoted(token.createdAt()));
    token.expiresAt().ifPresent(time -> keys.put("expiresAt", quoted(time)));
    token.lastUsed().ifPresent(time -> keys.put("lastUsed", quoted(time)));
    return keys;
  }

  private static Map<String, String> written(Link link) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("title", YamlTree.quoted(link.title()));
    list(keys, "sources", link.sources());
    list(keys, "ways", link.ways());
    keys.put("createdAt", quoted(link.createdAt()));
    keys.put("expiresAt", quoted(link.expiresAt()));
    link.maxViewers().ifPresent(most -> keys.put("maxViewers", Integer.toString(most)));
    return keys;
  }

  private static Map<String, String> written(NodeKey key) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("title", YamlTree.quoted(key.title()));
    list(keys, "sources", key.sources());
    key.limit().ifPresent(most -> keys.put("limit", Integer.toString(most)));
    keys.put("sha256", YamlTree.quoted(key.sha256()));
    keys.put("createdAt", quoted(key.createdAt()));
    key.lastUsed().ifPresent(time -> keys.put("lastUsed", quoted(time)));
    return keys;
  }

  private static void list(Map<String, String> keys, String key, Collection<?> values) {
    if (!values.isEmpty()) {
      keys.put(
          key,
          values.stream()
              .map(Object::toString)
              .sorted()
              .map(YamlTree::quoted)
              .collect(Collectors.joining(", ", "[", "]")));
    }
  }

  private static String quoted(Instant time) {
    return YamlTree.quoted(time.toString());
  }
}
