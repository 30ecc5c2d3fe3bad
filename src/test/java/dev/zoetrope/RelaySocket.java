package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A follower on {@code WS /relay/v1}, as docs/PROTOCOL.md tells to write one. */
final class RelaySocket implements AutoCloseable {
  static final int JOIN = 1;
  static final int INIT = 2;
  static final int DISCONTINUITY = 4;
  static final int SOUND = 16;
  static final int WHOLE = 64;

  /** A binary message. */
  record Part(
      int flags,
      int part,
      int parts,
      long run,
      long sequence,
      long ptsMicros,
      long captureMicros,
      int leadMicros,
      String source,
      String rendition,
      Bytes payload) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** What it is of, whoever gets it. */
    String name() {
      return source
          + " "
          + rendition
          + " "
          + run
          + " "
          + sequence
          + " "
          + has(INIT)
          + has(WHOLE)
          + " "
          + part;
    }
  }

  private final LiveSocket socket;

  private RelaySocket(LiveSocket socket) {
    this.socket = socket;
  }

  /** Connects as node {@code id} with that key. */
  static RelaySocket open(TestServer server, String key, String id) throws IOException {
    return open(server.uri("relay/v1?version=1&node=" + id + "&name=Other%20" + id), key);
  }

  static RelaySocket open(URI uri, String key) throws IOException {
    return new RelaySocket(LiveSocket.open(uri, "Authorization: Bearer " + key));
  }

  /** A text message, with {@code '} for the quotation marks. */
  void say(String json) throws IOException {
    socket.say(0x81, json.replace('\'', '"').getBytes(UTF_8));
  }

  void subscribe(int number, String source, String rendition) throws IOException {
    say(
        "{'type':'subscribe','n':%d,'source':'%s','rendition':'%s'}"
            .formatted(number, source, rendition));
  }

  void acknowledge(int number, int count) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(8);
    entry.putShort((short) number).putShort((short) 0).putInt(count);
    socket.say(0x82, entry.array());
  }

  LiveSocket socket() {
    return socket;
  }

  /** The text messages of that type until now. */
  List<JsonObject> texts(String type) {
    return texts(socket.messages(), type);
  }

  private static List<JsonObject> texts(List<LiveSocket.Message> messages, String type) {
    return messages.stream()
        .flatMap(message -> message.text().stream())
        .map(text -> Json.createReader(new StringReader(text)).readObject())
        .filter(json -> json.getString("type").equals(type))
        .toList();
  }

  /** The newest of the text messages of that type, once it fits; fails after 20 s. */
  JsonObject await(String type, Predicate<JsonObject> fits) {
    var unused =
        socket.await(
            "a fitting " + type, messages -> newest(messages, type).filter(fits).isPresent());
    return newest(socket.messages(), type).orElseThrow();
  }

  private static Optional<JsonObject> newest(List<LiveSocket.Message> messages, String type) {
    List<JsonObject> texts = texts(messages, type);
    return texts.isEmpty() ? Optional.empty() : Optional.of(texts.get(texts.size() - 1));
  }

  /** The text message of that type about that subscription, once it is there. */
  JsonObject await(String type, int number) {
    return await(type, json -> json.getInt("n", 0) == number);
  }

  /** The binary messages of that rendition until now. */
  List<Part> parts(String source, String rendition) {
    return parts(socket.messages(), source, rendition);
  }

  private static List<Part> parts(
      List<LiveSocket.Message> messages, String source, String rendition) {
    return messages.stream()
        .filter(message -> message.text().isEmpty())
        .map(message -> part(message.bytes()))
        .filter(part -> part.source().equals(source) && part.rendition().equals(rendition))
        .toList();
  }

  /** The same, once they fit; fails after 20 s. */
  List<Part> await(String source, String rendition, Predicate<List<Part>> fits) {
    var unused =
        socket.await(
            source + " " + rendition, messages -> fits.test(parts(messages, source, rendition)));
    return parts(source, rendition);
  }

  private static Part part(Bytes message) {
    ByteBuffer in = message.asByteBuffer();
    int version = in.get();
    int size = in.get() & 0xff;
    int flags = in.getShort() & 0xffff;
    int part = in.getShort() & 0xffff;
    int parts = in.getShort() & 0xffff;
    long run = in.getLong();
    long sequence = in.getLong();
    long pts = in.getLong();
    long capture = in.getLong();
    int lead = in.getInt();
    String source = name(in);
    String rendition = name(in);
    boolean mayLead = rendition.equals("packets");
    if (version != 1 || (lead != 0 && !mayLead) || in.position() != size) {
      throw new AssertionError("not a header of version 1: " + message);
    }
    return new Part(
        flags,
        part,
        parts,
        run,
        sequence,
        pts,
        capture,
        lead,
        source,
        rendition,
        message.slice(size, message.size()));
  }

  private static String name(ByteBuffer in) {
    byte[] name = new byte[in.get() & 0xff];
    in.get(name);
    return new String(name, US_ASCII);
  }

  /** The blocks of a run's description: node, format, mime; each track's and its numbers; init. */
  static List<Object> description(Bytes payload) {
    ByteBuffer in = payload.asByteBuffer();
    List<Object> all = new ArrayList<>(List.of(text(in), text(in), text(in)));
    int tracks = in.get();
    all.add(tracks);
    for (int track = 0; track < tracks; track++) {
      all.add(text(in));
      all.add(text(in)); // four-character code
      all.add(block(in));
      for (int number = 0; number < 5; number++) {
        all.add(in.getInt());
      }
    }
    all.add(block(in));
    if (in.hasRemaining()) {
      throw new AssertionError(in.remaining() + " bytes behind a run's description");
    }
    return all;
  }

  private static String text(ByteBuffer in) {
    return new String(block(in).toArray(), ISO_8859_1);
  }

  private static Bytes block(ByteBuffer in) {
    byte[] block = new byte[in.getInt()];
    in.get(block);
    return Bytes.owning(block);
  }

  @Override
  public void close() {
    socket.close();
  }
}
