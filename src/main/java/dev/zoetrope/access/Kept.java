package dev.zoetrope.access;

import dev.zoetrope.media.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that is kept over a restart. Immutable.
 *
 * @param key signs links; 256 random bits in Base64 for addresses
 * @param accounts by name
 * @param tokens by id
 * @param links by id
 * @param nodeKeys by id
 */
public record Kept(
    Secret key,
    Map<String, Account> accounts,
    Map<String, ApiToken> tokens,
    Map<String, Link> links,
    Map<String, NodeKey> nodeKeys) {
  public Kept {
    accounts = ordered(accounts);
    tokens = ordered(tokens);
    links = ordered(links);
    nodeKeys = ordered(nodeKeys);
  }

  private static <T> Map<String, T> ordered(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
    Map<String, T> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }

  private static <T> Map<String, T> without(Map<String, T> map, String key) {
    Map<String, T> fewer = new LinkedHashMap<>(map);
    fewer.remove(key);
    return fewer;
  }

  Kept with(Account account) {
    return new Kept(key, with(accounts, account.name(), account), tokens, links, nodeKeys);
  }

  Kept with(ApiToken token) {
    return new Kept(key, accounts, with(tokens, token.id(), token), links, nodeKeys);
  }

  Kept with(Link link) {
    return new Kept(key, accounts, tokens, with(links, link.id(), link), nodeKeys);
  }

  Kept with(NodeKey nodeKey) {
    return new Kept(key, accounts, tokens, links, with(nodeKeys, nodeKey.id(), nodeKey));
  }

  Kept withoutAccount(String name) {
    return new Kept(key, without(accounts, name), tokens, links, nodeKeys);
  }

  Kept withoutToken(String id) {
    return new Kept(key, accounts, without(tokens, id), links, nodeKeys);
  }

  Kept withoutLink(String id) {
    return new Kept(key, accounts, tokens, without(links, id), nodeKeys);
  }

  Kept withoutNodeKey(String id) {
    return new Kept(key, accounts, tokens, links, without(nodeKeys, id));
  }

  /** Whether it is the only administrator. */
  boolean isLastAdmin(String name) {
    return accounts.containsKey(name)
        && accounts.get(name).role() == Role.ADMIN
        && accounts.values().stream().filter(one -> one.role() == Role.ADMIN).count() == 1;
  }
}
