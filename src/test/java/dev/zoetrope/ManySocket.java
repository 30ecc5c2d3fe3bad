package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A client of {@code WS /live}, as docs/PROTOCOL.md tells to write one. */
final class ManySocket implements AutoCloseable {
  static final int START = 1;
  static final int KEY = 2;
  static final int CARD = 8;

  private static final int TAG_BYTES = 16;

  /** A binary message. */
  record Frame(
      int kind,
      int flags,
      int number,
      long sequence,
      long captureMicros,
      Bytes payload,
      long arrivedMicros) {
    boolean isFragment() {
      return kind == 1;
    }

    /** How old its picture was when it was here. */
    long ageMicros() {
      return arrivedMicros - captureMicros;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private final LiveSocket socket;

  private ManySocket(LiveSocket socket) {
    this.socket = socket;
  }

  /** Connects to an {@code http} address, with further lines in the head. */
  static ManySocket open(URI uri, String... headers) throws IOException {
    return new ManySocket(LiveSocket.open(uri, headers));
  }

  /** A text message, with {@code '} for the quotation marks. */
  void say(String json) throws IOException {
    socket.say(0x81, json.replace('\'', '"').getBytes(UTF_8));
  }

  /**
   * @param more fields, each after a comma
   */
  void subscribe(int number, String source, String more) throws IOException {
    say("{'type':'subscribe','n':" + number + ",'source':'" + source + "'" + more + "}");
  }

  void acknowledge(int number, long sequence) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(8);
    entry.putShort((short) number).putShort((short) 0).putInt((int) sequence);
    socket.say(0x82, entry.array());
  }

  LiveSocket socket() {
    return socket;
  }

  /** The text messages of that type about that subscription until now, 0 for none. */
  List<JsonObject> texts(String type, int number) {
    return texts(socket.messages(), type, number);
  }

  private static List<JsonObject> texts(
      List<LiveSocket.Message> messages, String type, int number) {
    return messages.stream()
        .flatMap(message -> json(message).stream())
        .filter(json -> json.getString("type").equals(type) && json.getInt("n", 0) == number)
        .toList();
  }

  private static Optional<JsonObject> json(LiveSocket.Message message) {
    return message.text().map(text -> Json.createReader(new StringReader(text)).readObject());
  }

  /** The newest of the text messages of that type, once there are so many; fails after 20 s. */
  JsonObject await(String type, int number, int count) {
    var unused =
        socket.await(
            count + " of " + type + " " + number,
            messages -> texts(messages, type, number).size() >= count);
    List<JsonObject> texts = texts(type, number);
    return texts.get(texts.size() - 1);
  }

  /** The binary messages of that subscription until now. */
  List<Frame> frames(int number) {
    return frames(socket.messages(), number);
  }

  private static List<Frame> frames(List<LiveSocket.Message> messages, int number) {
    return messages.stream()
        .filter(message -> message.text().isEmpty())
        .map(ManySocket::frame)
        .filter(frame -> frame.number() == number)
        .toList();
  }

  private static Frame frame(LiveSocket.Message message) {
    ByteBuffer tag = message.bytes().asByteBuffer();
    return new Frame(
        tag.get(),
        tag.get(),
        tag.getShort() & 0xffff,
        tag.getInt() & 0xffffffffL,
        tag.getLong(),
        message.bytes().slice(TAG_BYTES, message.bytes().size()),
        message.arrivedMicros());
  }

  /** The binary messages of that subscription, once they fit; fails after 20 s. */
  List<Frame> awaitFrames(int number, Predicate<List<Frame>> fits) {
    var unused =
        socket.await("frames of " + number, messages -> fits.test(frames(messages, number)));
    return frames(number);
  }

  /** All about that subscription until now: types of texts, {@code segment}, {@code fragment}. */
  List<String> story(int number) {
    return socket.messages().stream()
        .filter(message -> isOf(message, number))
        .map(ManySocket::word)
        .toList();
  }

  private static boolean isOf(LiveSocket.Message message, int number) {
    return json(message)
        .map(json -> json.getInt("n", 0) == number)
        .orElseGet(() -> frame(message).number() == number);
  }

  private static String word(LiveSocket.Message message) {
    return json(message)
        .map(json -> json.getString("type"))
        .orElseGet(() -> frame(message).isFragment() ? "fragment" : "segment");
  }

  @Override
  public void close() {
    socket.close();
  }
}
