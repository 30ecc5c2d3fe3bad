package dev.zoetrope.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A camera's web services on loopback. It checks who asks as real ones do: the digest of a token,
 * its age by the camera's own clock and that its nonce is new, or HTTP Digest with a counted nonce.
 */
final class StandInCamera implements AutoCloseable {
  static final String USER = "viewer";
  static final String PASSWORD = "p<ä&ss \"word";

  private static final Pattern OPERATION = Pattern.compile("Body[^>]*>\\s*<\\w+:(\\w+)");
  private static final Duration MAX_AGE = Duration.ofMinutes(1);
  private static final String REALM = "IP Camera(12345)";
  private static final String NONCE = "5a7d:06b1";

  /** Who may ask. */
  enum Door {
    OPEN,
    TOKEN,
    DIGEST
  }

  /** Answers one operation otherwise than by its text. */
  interface Misbehaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Door door;
  private final Duration clockAhead;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Misbehaviour> misbehaviours = new ConcurrentHashMap<>();
  private final Set<String> usedNonces = ConcurrentHashMap.newKeySet();
  private final List<String> operations = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();

  StandInCamera(Door door, Duration clockAhead) throws IOException {
    this.door = door;
    this.clockAhead = clockAhead;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    ZonedDateTime now = Instant.now().plus(clockAhead).atZone(ZoneOffset.UTC);
    answers.put(
        "GetSystemDateAndTime",
        """
        <tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType>
        <tt:UTCDateTime><tt:Time><tt:Hour>%d</tt:Hour><tt:Minute>%d</tt:Minute>
        <tt:Second>%d</tt:Second></tt:Time><tt:Date><tt:Year>%d</tt:Year><tt:Month>%d</tt:Month>
        <tt:Day>%d</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"""
            .formatted(
                now.getHour(),
                now.getMinute(),
                now.getSecond(),
                now.getYear(),
                now.getMonthValue(),
                now.getDayOfMonth()));
  }

  URI address() {
    return URI.create(
        "http://127.0.0.1:" + server.getAddress().getPort() + "/onvif/device_service");
  }

  /** The content of the operation's response; BASE becomes this camera's own address. */
  StandInCamera answering(String operation, String content) {
    answers.put(operation, content.replace("BASE", address().resolve("/").toString()));
    return this;
  }

  StandInCamera misbehaving(String operation, Misbehaviour misbehaviour) {
    misbehaviours.put(operation, misbehaviour);
    return this;
  }

  /** What was asked, with {@code !} in front where the door stayed closed. */
  List<String> operations() {
    return operations;
  }

  /** All that was sent here: headers of authorization and bodies. */
  List<String> messages() {
    return messages;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    messages.add(exchange.getRequestHeaders().getFirst("Authorization") + "\n" + request);
    Matcher matcher = OPERATION.matcher(request);
    String operation = matcher.find() ? matcher.group(1) : "";
    boolean isOpen =
        switch (door) {
          case OPEN -> true;
          case TOKEN -> operation.equals("GetSystemDateAndTime") || isTokenGood(request);
          case DIGEST -> isDigestGood(exchange);
        };
    operations.add(isOpen ? operation : "!" + operation);
    if (!isOpen) {
      refuse(exchange);
    } else if (misbehaviours.containsKey(operation)) {
      misbehaviours.get(operation).answer(exchange);
    } else if (answers.containsKey(operation)) {
      send(exchange, 200, "<x:Response>" + answers.get(operation) + "</x:Response>");
    } else {
      send(exchange, 500, fault("ter:ActionNotSupported", "Optional Action Not Implemented"));
    }
  }

  private void refuse(HttpExchange exchange) throws IOException {
    if (door == Door.DIGEST) {
      exchange
          .getResponseHeaders()
          .add(
              "WWW-Authenticate",
              "Digest realm=\"%s\", qop=\"auth\", nonce=\"%s\", opaque=\"0p\", stale=FALSE"
                  .formatted(REALM, NONCE));
      send(exchange, 401, "");
    } else {
      send(exchange, 400, fault("ter:NotAuthorized", "Sender not Authorized. 4 tries left"));
    }
  }

  static String fault(String code, String reason) {
    return """
        <env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>%s</env:Value>
        </env:Subcode></env:Code><env:Reason><env:Text xml:lang="en">%s</env:Text></env:Reason>
        </env:Fault>"""
        .formatted(code, reason);
  }

  static void send(HttpExchange exchange, int status, String content) throws IOException {
    String envelope =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"
            xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:x="urn:any"
            xmlns:trt="http://www.onvif.org/ver10/media/wsdl"
            xmlns:tr2="http://www.onvif.org/ver20/media/wsdl"
            xmlns:ter="http://www.onvif.org/ver10/error"
            xmlns:tt="http://www.onvif.org/ver10/schema">
        <env:Body>%s</env:Body></env:Envelope>"""
            .formatted(content);
    sendText(exchange, status, envelope);
  }

  static void sendText(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/soap+xml");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** By WS-Security UsernameToken Profile 1.0, 3.1. */
  private boolean isTokenGood(String request) {
    String nonce = content(request, "Nonce");
    String created = content(request, "Created");
    if (nonce.isEmpty() || created.isEmpty()) {
      return false;
    }
    byte[] random = Base64.getDecoder().decode(nonce);
    byte[] text = (created + PASSWORD).getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[random.length + text.length];
    System.arraycopy(random, 0, all, 0, random.length);
    System.arraycopy(text, 0, all, random.length, text.length);
    String expected = Base64.getEncoder().encodeToString(hash("SHA-1", all));
    Duration age = Duration.between(Instant.parse(created), Instant.now().plus(clockAhead)).abs();
    return content(request, "Username").equals(USER)
        && content(request, "Password").equals(expected)
        && age.compareTo(MAX_AGE) < 0
        && usedNonces.add(nonce);
  }

  /** By RFC 7616, 3.4.1. */
  private boolean isDigestGood(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Digest ")) {
      return false;
    }
    String count = parameter(header, "nc");
    String secret = md5(USER + ":" + REALM + ":" + PASSWORD);
    String request = md5("POST:" + exchange.getRequestURI());
    String expected =
        md5(String.join(":", secret, NONCE, count, parameter(header, "cnonce"), "auth", request));
    return parameter(header, "username").equals(USER)
        && parameter(header, "opaque").equals("0p")
        && parameter(header, "uri").equals(exchange.getRequestURI().toString())
        && parameter(header, "response").equals(expected)
        && usedNonces.add(count);
  }

  private static String content(String xml, String element) {
    Matcher matcher = Pattern.compile("<\\w+:" + element + "(?:\\s[^>]*)?>([^<]*)<").matcher(xml);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String parameter(String header, String name) {
    Matcher matcher = Pattern.compile("\\b" + name + "=\"?([^\",]*)").matcher(header);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String md5(String text) {
    return HexFormat.of().formatHex(hash("MD5", text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
