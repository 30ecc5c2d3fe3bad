package dev.zoetrope.relay;

import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Secret;
import dev.zoetrope.relay.SocketClient.ClosedException;
import dev.zoetrope.relay.SocketClient.HandshakeException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * Connects to an origin. Immutable.
 *
 * @param address of the origin's root: http or https
 * @param trusting asked before each connection
 * @see "docs/PROTOCOL.md, 5.1"
 */
record Connector(URI address, Secret key, Trusting trusting) {
  private static final int CONNECT_MILLIS = 3000;

  /** Who says nothing for so long is given up. */
  private static final int SILENCE_MILLIS = 15_000;

  /** Says how the origin shows that it is the one. */
  interface Trusting {
    Tls tls() throws IOException;
  }

  /**
   * Connects. Blocks for at most some seconds.
   *
   * @param self this node
   * @param mostBytes of a message
   * @throws IOException as {@link #words} tells
   */
  SocketClient open(NodeIdentity self, int mostBytes) throws IOException {
    String base = address.toString();
    String root = base.endsWith("/") ? base : base + "/";
    URI target =
        URI.create(
            root
                + "relay/v1?version="
                + RelayMessage.VERSION
                + "&node="
                + self.id()
                + "&name="
                + URLEncoder.encode(self.name(), StandardCharsets.UTF_8));
    return SocketClient.connect(
        target,
        Map.of("Authorization", "Bearer " + key.reveal()),
        trusting.tls(),
        CONNECT_MILLIS,
        SILENCE_MILLIS,
        mostBytes);
  }

  /** Why a connection did not come about, or ended, for people. */
  static String words(IOException e) {
    if (e instanceof HandshakeException refused) {
      return switch (refused.status()) {
        case 401, 403 -> "it refuses the node key";
        case 404 -> "there is no such server at this address; look at its path";
        default -> refused.getMessage();
      };
    }
    if (e instanceof ClosedException ended) {
      return ended.code() == 4401 || ended.code() == 4403
          ? "it refuses the node key: " + ended.getMessage()
          : ended.getMessage();
    }
    if (e instanceof UnknownHostException) {
      return "nobody knows its host name";
    }
    if (e instanceof SSLException) {
      return wordsOfEncryption(e);
    }
    if (e instanceof SocketTimeoutException) {
      return "it does not answer";
    }
    return e.getMessage() == null ? "the connection broke" : e.getMessage();
  }

  private static String wordsOfEncryption(IOException e) {
    String refusal = "";
    for (Throwable why = e; why != null; why = why.getCause()) {
      if (why instanceof CertPathBuilderException) {
        return "its certificate is refused: nobody who is trusted here has signed it; ca or pin"
            + " tells what to trust";
      }
      if (why instanceof CertificateException) {
        refusal = "its certificate is refused: " + why.getMessage();
      }
    }
    return refusal.isEmpty() ? "no encrypted connection came about: " + e.getMessage() : refusal;
  }
}
