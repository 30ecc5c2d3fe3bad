package dev.zoetrope.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which credentials were right within the last minute, at most 256, as hashes with a salt that the
 * process forgets. Thread-safe.
 */
final class RecentPasswords {
  private static final int MOST = 256;
  private static final long NANOS = TimeUnit.MINUTES.toNanos(1);

  private record Right(String account, String passwordHash, long atNanos) {}

  private final String salt = RandomText.key();
  private final LongSupplier nanos;

  /** Guarded by this. */
  private final Map<String, Right> right =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Right> eldest) {
          return size() > MOST;
        }
      };

  RecentPasswords(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * @param credentials with where they came from
   */
  synchronized void remember(String credentials, Account account) {
    String key = RandomText.sha256(salt + credentials);
    right.remove(key); // to the end
    right.put(key, new Right(account.name(), account.passwordHash(), nanos.getAsLong()));
  }

  /** Whose they are, if they were right a short time ago and the password is still the same. */
  Optional<Account> find(String credentials, Accounts accounts) {
    String key = RandomText.sha256(salt + credentials);
    Right known;
    synchronized (this) {
      known = right.get(key);
      if (known == null || nanos.getAsLong() - known.atNanos() >= NANOS) {
        right.remove(key);
        return Optional.empty();
      }
    }
    return accounts
        .named(known.account())
        .filter(account -> account.passwordHash().equals(known.passwordHash()));
  }
}
