package dev.zoetrope.config;

import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What programs are shown of a source's file, and what becomes of what they send: values of
 * passwords, keys and passphrases go to {@code secrets.yaml}, under a made name. A value that is
 * sent back as it was shown stays as it is in the file.
 */
final class SecretsApart {
  private static final List<String> KEYS = List.of("password", "key", "passphrase");
  private static final String URL = "url";

  /** Keys of addresses, which may hold what is secret. */
  private static final List<String> ADDRESSES = List.of(URL, "origin");

  private static final String VALUE = "value";
  private static final int MOST_OF_THE_ID = 40;

  private final Secrets secrets;
  private final Map<String, Secret> added = new LinkedHashMap<>();

  SecretsApart(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Those that the settings need beside what is there, by their made names. */
  Map<String, Secret> added() {
    return added;
  }

  /** What may be shown of a file. */
  Map<String, Object> shown(Map<String, Object> file) {
    Map<String, Object> shown = new LinkedHashMap<>();
    file.forEach(
        (key, value) -> {
          if (KEYS.contains(key)) {
            shown.put(key, shownSecret(value));
          } else if (ADDRESSES.contains(key)) {
            shown.put(key, value instanceof List<?> list ? shownItems(list) : shownUrl(value));
          } else {
            shown.put(key, SourceFile.keys().contains(key) ? value : StreamUrl.HIDDEN);
          }
        });
    return shown;
  }

  private Object shownSecret(Object value) {
    boolean isName = value != null && secrets.named(value.toString()).isPresent();
    return isName ? value : StreamUrl.HIDDEN;
  }

  private List<Object> shownItems(List<?> items) {
    return items.stream().map(this::shownItem).toList();
  }

  /** Of a list of addresses, each perhaps with keys of its own. */
  private Object shownItem(Object item) {
    return item instanceof Map<?, ?> keys ? shown(texts(keys)) : shownUrl(item);
  }

  private static Map<String, Object> texts(Map<?, ?> keys) {
    Map<String, Object> texts = new LinkedHashMap<>();
    keys.forEach((key, value) -> texts.put(key.toString(), value));
    return texts;
  }

  /** Tells that there is more where there is, so that it is seen when it gets lost. */
  private static String shownUrl(Object value) {
    if (!(value instanceof String text)) {
      return StreamUrl.HIDDEN;
    }
    String masked = StreamUrl.masked(text);
    if (masked.equals(text) || masked.contains(StreamUrl.HIDDEN)) {
      return masked;
    }
    int host = masked.indexOf("://") + 3;
    boolean hasUser = text.indexOf('@') > 0 && text.startsWith(masked.substring(0, host));
    boolean hasQuery = text.indexOf('?') > 0;
    return masked.substring(0, host)
        + (hasUser ? StreamUrl.HIDDEN + "@" : "")
        + masked.substring(host)
        + (hasQuery ? "?" + StreamUrl.HIDDEN : "");
  }

  /**
   * What the file is to hold.
   *
   * @param wanted as a program sent it
   * @param file what the file holds now
   */
  Map<String, Object> resolve(
      SourceId id, Map<String, Object> wanted, Map<String, Object> file, MistakeList mistakes) {
    Map<String, Object> shown = shown(file);
    Map<String, Object> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : wanted.entrySet()) {
      String key = entry.getKey();
      Object value = entry.getValue();
      boolean isAsShown = shown.containsKey(key) && YamlTree.isSame(shown.get(key), value);
      if (isAsShown) {
        resolved.put(key, file.get(key));
      } else if (ADDRESSES.contains(key) && value instanceof List<?> items) {
        resolved.put(key, items(id, key, items, file.get(key), mistakes));
      } else {
        resolved.put(key, changed(id, key, key, value, mistakes));
      }
    }
    if (resolved.get(URL) instanceof String text && !text.equals(file.get(URL))) {
      takeFromUrl(id, text, resolved);
    }
    return resolved;
  }

  /** Of a list, those that are as they were shown stay, wherever they are now. */
  private List<Object> items(
      SourceId id, String key, List<?> wanted, Object file, MistakeList mistakes) {
    List<?> before = file instanceof List<?> list ? list : List.of();
    List<Object> resolved = new ArrayList<>();
    for (Object item : wanted) {
      Optional<?> same =
          before.stream().filter(each -> YamlTree.isSame(shownItem(each), item)).findFirst();
      if (same.isPresent()) {
        resolved.add(same.get());
      } else if (item instanceof Map<?, ?> keys) {
        String place = key + "." + (resolved.size() + 1) + ".";
        Map<String, Object> own = new LinkedHashMap<>();
        texts(keys)
            .forEach(
                (each, value) -> own.put(each, changed(id, each, place + each, value, mistakes)));
        resolved.add(own);
      } else {
        resolved.add(changed(id, key, key, item, mistakes));
      }
    }
    return resolved;
  }

  /**
   * What is to stand under a key for what was sent.
   *
   * @param place what mistakes call the key
   */
  private Object changed(
      SourceId id, String key, String place, Object value, MistakeList mistakes) {
    boolean isHidden = value instanceof String text && text.contains(StreamUrl.HIDDEN);
    if (isHidden && (KEYS.contains(key) || ADDRESSES.contains(key))) {
      mistakes.add(0, place, "", "write it in full: what is hidden can be kept, but not changed");
      return "";
    }
    return KEYS.contains(key) ? name(id, key, place, value, mistakes) : value;
  }

  private Object name(SourceId id, String key, String place, Object sent, MistakeList mistakes) {
    boolean isValue = sent instanceof Map<?, ?> map && map.keySet().equals(Set.of(VALUE));
    Object value = isValue ? ((Map<?, ?>) sent).get(VALUE) : sent;
    if (value == null || value instanceof Map || value instanceof List) {
      mistakes.add(0, place, "", "expected the secret itself, or the name of one, as a text");
      return "";
    }
    String text = value.toString();
    if (!isValue && text.equals(Secrets.ADMIN_TOKEN)) {
      mistakes.add(0, place, "", "this secret is the server's own; choose another");
      return text;
    }
    if (!isValue && secrets.named(text).isPresent()) {
      return text;
    }
    boolean isControlled = text.codePoints().anyMatch(Character::isISOControl);
    if (text.isEmpty() || text.length() > Secrets.MOST_CHARACTERS || isControlled) {
      String remedy = "expected 1 to " + Secrets.MOST_CHARACTERS + " characters, no control ones";
      mistakes.add(0, place, "", remedy);
      return "";
    }
    return made(id, key, text);
  }

  private String made(SourceId id, String key, String secret) {
    String start = id.value().substring(0, Math.min(id.value().length(), MOST_OF_THE_ID));
    String name = String.format("%s-%s-%06x", start, key, new SecureRandom().nextInt(1 << 24));
    if (secrets.named(name).isPresent() || added.containsKey(name)) {
      return made(id, key, secret);
    }
    added.put(name, new Secret(secret));
    return name;
  }

  /** User, password and passphrase that stand in the address; what is wrong there is told later. */
  private void takeFromUrl(SourceId id, String text, Map<String, Object> resolved) {
    Source.Url url;
    try {
      url = StreamUrl.read(text);
    } catch (WrongValue e) {
      return;
    }
    String userInfo = Optional.ofNullable(url.uri().getRawUserInfo()).orElse("");
    int colon = userInfo.indexOf(':');
    boolean hasPassword =
        colon > 0
            && colon < userInfo.length() - 1
            && !resolved.containsKey("user")
            && !resolved.containsKey("password");
    if (hasPassword) {
      resolved.put(URL, text.replaceFirst("://[^@/]*@", "://"));
      resolved.put("user", decoded(userInfo.substring(0, colon)));
      resolved.put("password", made(id, "password", decoded(userInfo.substring(colon + 1))));
    }
    if (url.passphrase().isPresent() && !resolved.containsKey("passphrase")) {
      URI rest = url.withoutPassphrase();
      resolved.put(URL, rest.toString());
      resolved.put("passphrase", made(id, "passphrase", url.passphrase().get().reveal()));
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
