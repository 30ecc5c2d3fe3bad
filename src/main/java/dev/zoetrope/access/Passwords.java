package dev.zoetrope.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Makes and checks what is kept of passwords. Slow on purpose. Thread-safe. */
final class Passwords {
  /** What a server takes: about 50 ms on a laptop, 300 on a Raspberry Pi 4. */
  static final int COST = 10;

  private static final int LEAST_BYTES = 8;

  /** Bcrypt hears no more. */
  private static final int MOST_BYTES = 72;

  static final String EXPECTED =
      "expected a password of "
          + LEAST_BYTES
          + " to "
          + MOST_BYTES
          + " letters and digits; signs and letters with accents count for several";

  /** Salt and hash of a password that nobody has: drawn, not made of one. */
  private static final String NOBODYS = "CiCgqU/RJJjap2a8OKdXd.6zkH9t3aXezScEAFqxIvES7OjZfiiA.";

  private final int cost;

  /**
   * @param cost 4 to 14; each takes twice as long as the one before
   */
  Passwords(int cost) {
    this.cost = cost;
  }

  static boolean isPassword(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
  }

  /**
   * @param password one that {@link #isPassword}
   */
  String hash(String password) {
    byte[] hash = BCrypt.withDefaults().hash(cost, password.getBytes(StandardCharsets.UTF_8));
    return new String(hash, StandardCharsets.US_ASCII);
  }

  boolean fits(String password, String hash) {
    if (!isPassword(password)) {
      takeAsLong();
      return false;
    }
    return BCrypt.verifyer()
        .verify(password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.US_ASCII))
        .verified;
  }

  /** As a check does, for names that have no account. */
  void takeAsLong() {
    var unused = fits("somebody's", String.format(Locale.ROOT, "$2a$%02d$", cost) + NOBODYS);
  }
}
