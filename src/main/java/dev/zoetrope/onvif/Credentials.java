package dev.zoetrope.onvif;

import java.nio.charset.StandardCharsets;

/** A user of a camera and the password, which is never shown. Immutable. */
public final class Credentials {
  private static final int MAX_LENGTH = 256;

  private final String user;
  private final String password;

  /**
   * @param user 1 to 256 characters, no control characters, no {@code "}
   * @param password at most 256 characters
   */
  public Credentials(String user, char[] password) {
    if (user.isEmpty() || user.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a user name has 1 to 256 characters");
    }
    if (user.chars().anyMatch(c -> Character.isISOControl(c) || c == '"')) {
      throw new IllegalArgumentException("a user name has no control characters and no \"");
    }
    if (password.length > MAX_LENGTH) {
      throw new IllegalArgumentException("a password has at most 256 characters");
    }
    this.user = user;
    this.password = String.valueOf(password);
  }

  String user() {
    return user;
  }

  byte[] passwordBytes() {
    return password.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code user:realm:password}, which HTTP Digest hashes. */
  byte[] digestInput(String realm) {
    return (user + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "user " + user + " with a password";
  }
}
