package dev.zoetrope;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A browser's WebDriver BiDi socket: commands with their answers, and events. Any thread; events
 * come on the socket's own.
 *
 * @see "W3C WebDriver BiDi, 3 (Protocol)"
 */
final class BidiConnection implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Map<Long, CompletableFuture<JsonObject>> open = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final Consumer<JsonObject> events;
  private final WebSocket socket;

  /**
   * @param address that which the browser says it is listening on, with the path {@code /session}
   * @param events takes what no command has asked for: {@code method} and {@code params}
   */
  BidiConnection(URI address, Consumer<JsonObject> events) {
    this.events = events;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Ear()).join();
  }

  /** Sends a command and waits for its result; an error is thrown, with the browser's words. */
  JsonObject send(String method, JsonValue params) {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    open.put(id, answer);
    String text =
        Json.createObjectBuilder()
            .add("id", id)
            .add("method", method)
            .add("params", params)
            .build()
            .toString();
    socket.sendText(text, true).join();
    try {
      JsonObject message = answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (!message.getString("type").equals("success")) {
        throw new AssertionError(
            method + ": " + message.getString("error") + ", " + message.getString("message"));
      }
      return message.getJsonObject("result");
    } catch (ExecutionException | TimeoutException | InterruptedException failure) {
      throw new AssertionError(method + ": " + failure, failure);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  /** What {@code value} is in Java: a map, a list, a string, a double, a boolean, or null. */
  static Object plain(JsonValue value) {
    return switch (value.getValueType()) {
      case NULL -> null;
      case TRUE -> true;
      case FALSE -> false;
      case NUMBER -> ((JsonNumber) value).doubleValue();
      case STRING -> ((JsonString) value).getString();
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        ((JsonArray) value).forEach(each -> list.add(plain(each)));
        yield list;
      }
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        ((JsonObject) value).forEach((key, each) -> map.put(key, plain(each)));
        yield map;
      }
    };
  }

  private void heard(JsonObject message) {
    if (message.getString("type").equals("event")) {
      events.accept(message);
      return;
    }
    CompletableFuture<JsonObject> answer =
        message.isNull("id") ? null : open.remove(message.getJsonNumber("id").longValue());
    if (answer != null) {
      answer.complete(message);
    }
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder(); // confined to the socket's thread

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        JsonObject message = Json.createReader(new StringReader(text.toString())).readObject();
        text.setLength(0);
        heard(message);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      onError(from, new AssertionError("the browser closed the socket: " + code + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      open.values().forEach(answer -> answer.completeExceptionally(failure));
    }
  }
}
