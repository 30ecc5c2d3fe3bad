package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A socket that takes everything, or nothing more while it is not ready. */
final class FakeSocket implements SharedSocket {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** A binary message. */
  record Frame(int kind, int flags, int number, int sequence, long captureMicros, Bytes payload) {}

  /** How it was closed. */
  record Closed(Outcome outcome, String reason) {}

  private final List<Object> messages = new ArrayList<>(); // JsonObject, Frame; guarded by this
  private volatile boolean isReady = true;
  private volatile Optional<Closed> closed = Optional.empty();
  private volatile boolean isCut;

  void setReady(boolean ready) {
    isReady = ready;
  }

  @Override
  public boolean isReady() {
    return isReady;
  }

  @Override
  public synchronized boolean add(String text) {
    messages.add(Json.createReader(new StringReader(text)).readObject());
    return false;
  }

  @Override
  public synchronized boolean add(Bytes tag, Bytes payload) {
    var bytes = tag.asByteBuffer();
    messages.add(
        new Frame(
            bytes.get(),
            bytes.get(),
            bytes.getShort() & 0xffff,
            bytes.getInt(),
            bytes.getLong(),
            payload));
    return false;
  }

  @Override
  public void flush() {
    // all is there
  }

  @Override
  public void push() {
    // all is there
  }

  @Override
  public void close(Outcome outcome, String reason) {
    closed = Optional.of(new Closed(outcome, reason));
  }

  @Override
  public void cut() {
    isCut = true;
  }

  Optional<Closed> closed() {
    return closed;
  }

  boolean isCut() {
    return isCut;
  }

  /** All until now. */
  synchronized List<Object> messages() {
    return List.copyOf(messages);
  }

  /** Those of a subscription, in order. */
  List<Object> of(int number) {
    return messages().stream().filter(message -> number(message) == number).toList();
  }

  private static int number(Object message) {
    return message instanceof Frame frame ? frame.number() : ((JsonObject) message).getInt("n", 0);
  }

  /** The text messages of that type, once there are so many; fails after 20 s. */
  List<JsonObject> await(String type, int count) {
    Awaitility.await(count + " of " + type)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> texts(type).size() >= count);
    return texts(type);
  }

  /** The text messages of that type until now. */
  List<JsonObject> texts(String type) {
    return messages().stream()
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .filter(message -> message.getString("type").equals(type))
        .toList();
  }

  /** The binary messages of a subscription that fit, once there are so many; fails after 20 s. */
  List<Frame> frames(int number, int count, Predicate<Frame> fits) {
    Awaitility.await(count + " frames of " + number)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> frames(number).stream().filter(fits).count() >= count);
    return frames(number).stream().filter(fits).toList();
  }

  List<Frame> frames(int number) {
    return of(number).stream().filter(Frame.class::isInstance).map(Frame.class::cast).toList();
  }
}
