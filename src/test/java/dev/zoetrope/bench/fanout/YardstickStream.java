package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the yardstick sends below one path: frames at a steady rate. Confined to its thread. */
final class YardstickStream {
  private static final String WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String KEY_FIELD = "sec-websocket-key:";
  private static final String OK =
      """
      HTTP/1.1 200 OK\r
      Content-Type: %s\r
      Cache-Control: no-store\r
      Connection: close\r
      \r
      """;
  private static final String HANDSHAKE =
      """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: %s\r
      \r
      """;
  private static final byte[] DELIMITER = "\r\n--frame\r\n".getBytes(US_ASCII);
  private static final long NTP_SECONDS = 2_208_988_800L; // from 1900 to 1970
  private static final int MAX_FRAMING = 256;

  /** Writes a frame around the next content. */
  @FunctionalInterface
  private interface Framer {
    void frame(ByteBuffer target, byte[] content);
  }

  private final String path;
  private final String contentType; // empty: a WebSocket
  private final byte[] prologue; // behind the head's lines
  private final List<byte[]> contents;
  private final Framer framer;
  private final long nanosPerFrame;
  private final int capacity;
  private final List<YardstickFrame> free = new ArrayList<>();
  private final List<YardstickViewer> viewers = new ArrayList<>();
  private YardstickFrame newest; // null before the first
  private long sequence;
  private long due = System.nanoTime();

  static YardstickStream mjpeg(Path folder, double fps) throws IOException {
    List<byte[]> pictures = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        pictures.add(Files.readAllBytes(file));
      }
    }
    return new YardstickStream(
        "/mjpeg",
        "multipart/x-mixed-replace; boundary=frame",
        Arrays.copyOfRange(DELIMITER, 2, DELIMITER.length),
        pictures,
        fps,
        (target, picture) ->
            target
                .put("Content-Type: image/jpeg\r\nContent-Length: ".getBytes(US_ASCII))
                .put((picture.length + "\r\n" + stamp() + "\r\n\r\n").getBytes(US_ASCII))
                .put(picture)
                .put(DELIMITER));
  }

  static YardstickStream gif(Path file, double fps) throws IOException {
    GifFile gif = GifFile.read(file);
    return new YardstickStream(
        "/gif",
        "image/gif",
        gif.head().toArray(),
        List.of(gif.image().toArray()),
        fps,
        (target, image) -> {
          byte[] stamp = stamp().getBytes(US_ASCII);
          target.put((byte) 0x21).put((byte) 0xfe).put((byte) stamp.length); // comment
          target.put(stamp).put((byte) 0).put(image);
        });
  }

  static YardstickStream ts(int messageBytes, double rate) {
    byte[] message = new byte[Math.max(1, Math.round(messageBytes / 188f)) * 188];
    Arrays.fill(message, (byte) 0xff);
    for (int at = 0; at < message.length; at += 188) {
      message[at] = 0x47; // of null packets
      message[at + 1] = 0x1f;
      message[at + 3] = 0x10;
    }
    return new YardstickStream(
        "/ws/ts",
        "",
        new byte[0],
        List.of(message),
        rate,
        (target, content) -> putMessageHead(target, content.length).put(content));
  }

  static YardstickStream mp4(int messageBytes, double rate) {
    int mdat = Math.max(64, messageBytes) - 48;
    byte[] media = new byte[mdat - 8];
    return new YardstickStream(
        "/ws/mp4",
        "",
        new byte[0],
        List.of(media),
        rate,
        (target, content) -> {
          long micros = WallClock.micros();
          long fraction = ((micros % 1_000_000) << 32) / 1_000_000;
          putMessageHead(target, content.length + 56);
          putBox(target, 32, "prft").putInt(0x01000000).putInt(1);
          target.putInt((int) (micros / 1_000_000 + NTP_SECONDS)).putInt((int) fraction);
          target.putLong(0); // media_time
          putBox(target, 16, "moof");
          putBox(target, 8, "mfhd");
          putBox(target, content.length + 8, "mdat").put(content);
        });
  }

  private YardstickStream(
      String path,
      String contentType,
      byte[] prologue,
      List<byte[]> contents,
      double rate,
      Framer framer) {
    this.path = path;
    this.contentType = contentType;
    this.prologue = prologue;
    this.contents = contents;
    this.framer = framer;
    nanosPerFrame = (long) (1e9 / rate);
    capacity = MAX_FRAMING + contents.stream().mapToInt(content -> content.length).max().orElse(0);
  }

  String path() {
    return path;
  }

  /** The response's head, and what comes before the first frame. */
  ByteBuffer head(String request) {
    String lines =
        contentType.isEmpty() ? HANDSHAKE.formatted(accept(request)) : OK.formatted(contentType);
    ByteBuffer head = ByteBuffer.allocate(lines.length() + prologue.length);
    return head.put(lines.getBytes(US_ASCII)).put(prologue).flip();
  }

  /** What comes between the response's lines and the first frame. */
  byte[] prologue() {
    return prologue.clone();
  }

  void add(YardstickViewer viewer) {
    viewers.add(viewer);
  }

  /** The newest frame; null if that is the one with this number. */
  YardstickFrame newestAfter(long last) {
    return newest == null || newest.sequence == last ? null : newest;
  }

  /** Sends a new frame to everybody, if it is time to. Answers the nanoseconds to the next one. */
  long fanOutIfDue() {
    long now = System.nanoTime();
    if (now - due >= 0) {
      due +=
          nanosPerFrame * (1 + (now - due) / nanosPerFrame); // those that were missed are left out
      viewers.removeIf(viewer -> !viewer.isOpen());
      if (!viewers.isEmpty()) {
        publish();
        for (YardstickViewer viewer : viewers) {
          viewer.offer();
        }
      }
    }
    return due - System.nanoTime();
  }

  /** Makes the next frame, which is the newest from now on. */
  YardstickFrame publish() {
    YardstickFrame frame =
        free.stream()
            .filter(candidate -> candidate.users == 0 && candidate != newest)
            .findFirst()
            .orElseGet(this::newFrame);
    frame.sequence = ++sequence;
    frame.bytes.clear();
    framer.frame(frame.bytes, contents.get((int) (sequence % contents.size())));
    frame.bytes.flip();
    newest = frame;
    return frame;
  }

  private YardstickFrame newFrame() {
    YardstickFrame frame = new YardstickFrame(capacity);
    free.add(frame);
    return frame;
  }

  private static String stamp() {
    long micros = WallClock.micros();
    return String.format(
        Locale.ROOT, "X-Timestamp: %d.%06d", micros / 1_000_000, micros % 1_000_000);
  }

  /** A binary message's header. */
  private static ByteBuffer putMessageHead(ByteBuffer target, int length) {
    target.put((byte) 0x82);
    if (length < 126) {
      return target.put((byte) length);
    }
    return length < 65536
        ? target.put((byte) 126).putShort((short) length)
        : target.put((byte) 127).putLong(length);
  }

  private static ByteBuffer putBox(ByteBuffer target, int size, String type) {
    return target.putInt(size).put(type.getBytes(US_ASCII));
  }

  private static String accept(String request) {
    String key =
        request
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(KEY_FIELD))
            .map(line -> line.substring(KEY_FIELD.length()).strip())
            .findFirst()
            .orElse("");
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + WEB_SOCKET_GUID).getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
