package dev.zoetrope.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways to prove a password, against the examples of their specifications. */
class PasswordProofTest {
  /** ONVIF Application Programmer's Guide 1.0, 6.1.1.3. */
  @Test
  void tokenIsTheOneOfTheProgrammersGuide() {
    Credentials credentials = new Credentials("user", "userpassword".toCharArray());
    byte[] nonce = Base64.getDecoder().decode("LKqI6G/AikKCQrN0zqZFlg==");

    String header =
        UsernameToken.header(credentials, nonce, Instant.parse("2010-09-16T07:50:45.5Z"));

    assertThat(header)
        .contains(">tuOSpGlFlIXsozq4HFNeeGeFLEI=</")
        .contains(">LKqI6G/AikKCQrN0zqZFlg==</")
        .contains(">2010-09-16T07:50:45Z</")
        .doesNotContain("userpassword");
  }

  /** RFC 7616, 3.9.1. */
  @ParameterizedTest
  @CsvSource({
    "MD5, 8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  })
  void digestIsTheOneOfTheStandard(String algorithm, String response) {
    DigestChallenge challenge =
        DigestChallenge.in(
                List.of(
                    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                        + algorithm
                        + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                        + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""))
            .orElseThrow();
    Credentials credentials = new Credentials("Mufasa", "Circle of Life".toCharArray());

    String authorization =
        challenge.authorization(
            credentials, "GET", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");

    assertThat(authorization)
        .contains("response=\"" + response + "\"", "qop=auth, nc=00000001", "opaque=\"FQhe/");
  }

  /** RFC 2617, 3.2.2.1, by the formula for compatibility with RFC 2069. */
  @Test
  void oldDevicesDoWithoutQop() {
    DigestChallenge challenge =
        DigestChallenge.in(List.of("Digest realm=cam,nonce=\"n\"")).orElseThrow();

    String authorization =
        challenge.authorization(new Credentials("u", "p".toCharArray()), "POST", "/", "c");

    assertThat(authorization)
        .contains("response=\"5d7fa07b0366bcbc7b81bd3d7d0d68f7\"")
        .doesNotContain("qop", "nc=", "opaque");
    assertThat(challenge.isStale()).isFalse();
  }

  @Test
  void firstChallengeThatCanBeAnsweredIsTaken() {
    List<String> offered =
        List.of(
            "Basic realm=\"x\"",
            "Digest realm=\"x\", nonce=\"1\", algorithm=SHA-512-256",
            "Digest realm=\"x\", nonce=\"2\", qop=\"auth-int\"",
            "Digest realm=\"x\", nonce=\"3\", qop=\"auth\", stale=true",
            "Digest realm=\"x\", nonce=\"4\"");

    Optional<DigestChallenge> taken = DigestChallenge.in(offered);

    assertThat(taken).hasValueSatisfying(challenge -> assertThat(challenge.isStale()).isTrue());
    assertThat(
            taken.orElseThrow().authorization(new Credentials("u", new char[0]), "POST", "/", "c"))
        .contains("nonce=\"3\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Digest ", "Digest realm=\"x\"", "Digest nonce=\"", "Bearer nonce=1"})
  void whatIsNoChallengeIsNone(String header) {
    assertThat(DigestChallenge.in(List.of(header))).isEmpty();
  }
}
