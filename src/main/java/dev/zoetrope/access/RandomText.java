package dev.zoetrope.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Texts that nobody guesses, and how they are compared. Thread-safe. */
final class RandomText {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 8;

  private RandomText() {}

  /** 256 bits as 43 characters that stand in addresses and headers as they are. */
  static String key() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(KEY_BYTES));
  }

  /** 16 hexadecimal digits: a name, no secret. */
  static String id() {
    return HexFormat.of().formatHex(bytes(ID_BYTES));
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** In hexadecimal digits. */
  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Takes as long whichever character differs. */
  static boolean isSame(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
