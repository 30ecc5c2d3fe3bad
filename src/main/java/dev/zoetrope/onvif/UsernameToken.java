package dev.zoetrope.onvif;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * The header by which one message proves that its sender knows the password. Stateless.
 *
 * @see "WS-Security UsernameToken Profile 1.0, 3.1; ONVIF Core Specification, 5.9.4 (5.12 in
 *     earlier editions)"
 */
final class UsernameToken {
  private static final String WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";

  private UsernameToken() {}

  /**
   * @param nonce 16 random bytes, never the same twice
   * @param created now, by the camera's own clock: it refuses what is older than some minutes
   */
  static String header(Credentials credentials, byte[] nonce, Instant created) {
    String time = created.truncatedTo(ChronoUnit.SECONDS).toString();
    Base64.Encoder base64 = Base64.getEncoder();
    return """
        <w:Security xmlns:w="%1$swssecurity-secext-1.0.xsd"\
         xmlns:u="%1$swssecurity-utility-1.0.xsd" s:mustUnderstand="1"><w:UsernameToken>\
        <w:Username>%2$s</w:Username>\
        <w:Password Type="%1$susername-token-profile-1.0#PasswordDigest">%3$s</w:Password>\
        <w:Nonce EncodingType="%1$ssoap-message-security-1.0#Base64Binary">%4$s</w:Nonce>\
        <u:Created>%5$s</u:Created></w:UsernameToken></w:Security>"""
        .formatted(
            WSS,
            Xml.escaped(credentials.user()),
            base64.encodeToString(digest(credentials, nonce, time)),
            base64.encodeToString(nonce),
            time);
  }

  /** SHA-1 is the protocol's choice: devices know no other. */
  private static byte[] digest(Credentials credentials, byte[] nonce, String created) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(nonce);
      sha1.update(created.getBytes(StandardCharsets.UTF_8));
      return sha1.digest(credentials.passwordBytes());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java platform has it
    }
  }
}
