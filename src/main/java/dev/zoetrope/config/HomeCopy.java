package dev.zoetrope.config;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that the operator set, as the texts of its files, comments too. Holds secrets. Immutable.
 *
 * @param sources by id; empty for those that are there
 * @param server {@code zoetrope.yaml}; empty for the one that is there
 * @param secrets {@code secrets.yaml}; empty for the one that is there
 * @param access {@code access.yaml}; empty for the one that is there
 */
public record HomeCopy(
    Optional<Map<String, String>> sources,
    Optional<String> server,
    Optional<String> secrets,
    Optional<String> access) {
  public HomeCopy {
    sources = sources.map(texts -> Collections.unmodifiableMap(new TreeMap<>(texts)));
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(secrets, "secrets");
    Objects.requireNonNull(access, "access");
  }
}
