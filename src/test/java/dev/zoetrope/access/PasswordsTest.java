package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {
  private final Passwords passwords = new Passwords(4);

  @Test
  void hashFitsItsPasswordAlone() {
    String hash = passwords.hash("correct horse ü");

    assertThat(hash).startsWith("$2a$04$").hasSize(60);
    assertThat(passwords.fits("correct horse ü", hash)).isTrue();
    assertThat(passwords.fits("correct horse u", hash)).isFalse();
    assertThat(passwords.fits("", hash)).isFalse();
    assertThat(passwords.hash("correct horse ü")).isNotEqualTo(hash);
  }

  @Test
  void lastByteOfTheLongestCounts() {
    String longest = "x".repeat(71) + "y";

    assertThat(Passwords.isPassword(longest)).isTrue();
    String hash = passwords.hash(longest);
    assertThat(passwords.fits(longest, hash)).isTrue();
    assertThat(passwords.fits("x".repeat(72), hash)).isFalse();
    assertThat(passwords.fits(longest + "z", hash)).isFalse();
  }

  @Test
  void lengthIsCountedInBytes() {
    assertThat(Passwords.isPassword("1234567")).isFalse();
    assertThat(Passwords.isPassword("12345678")).isTrue();
    assertThat(Passwords.isPassword("ü".repeat(36))).isTrue();
    assertThat(Passwords.isPassword("ü".repeat(36) + "x")).isFalse();
    assertThat(Passwords.EXPECTED).contains("8 to 72 letters and digits", "accents");
  }

  /** What another implementation made: the test vectors of jBCrypt. */
  @Test
  void hashesOfOthersAreUnderstood() {
    String hash = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";

    assertThat(passwords.fits("abcdefghijklmnopqrstuvwxyz", hash)).isFalse();
    assertThat(
            passwords.fits(
                "abcdefghijklmnopqrstuvwxyz",
                "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"))
        .isTrue();
  }
}
