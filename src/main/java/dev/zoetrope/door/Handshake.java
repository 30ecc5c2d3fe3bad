package dev.zoetrope.door;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;

/**
 * The opening handshake of a WebSocket, without subprotocol and extensions.
 *
 * @see "RFC 6455, 4.2"
 */
final class Handshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
  private static final int KEY_BYTES = 16;

  private Handshake() {}

  /** Whether the request asks for what we can do; else the container shall say what is wrong. */
  static boolean suits(HttpServletRequest request) {
    return "GET".equals(request.getMethod())
        && "HTTP/1.1".equals(request.getProtocol())
        && "websocket".equals(request.getHeader("Upgrade")) // Tomcat counts by how it is spelt
        && hasToken(request, "Connection", "upgrade")
        && "13".equals(request.getHeader("Sec-WebSocket-Version"))
        && request.getHeader("Content-Length") == null
        && request.getHeader("Transfer-Encoding") == null
        && isKey(request.getHeader("Sec-WebSocket-Key"));
  }

  private static boolean hasToken(HttpServletRequest request, String header, String token) {
    for (String line : Collections.list(request.getHeaders(header))) {
      for (String each : line.split(",", -1)) {
        if (each.strip().toLowerCase(Locale.ROOT).equals(token)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isKey(String text) {
    try {
      return text != null && Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Puts the answer into the head. */
  static void accept(HttpServletRequest request, HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
    response.setHeader("Upgrade", "websocket");
    response.setHeader("Connection", "upgrade");
    response.setHeader("Sec-WebSocket-Accept", acceptOf(request.getHeader("Sec-WebSocket-Key")));
  }

  static String acceptOf(String key) {
    byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
