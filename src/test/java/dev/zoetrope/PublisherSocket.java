package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * A publisher on a WebSocket, by the JDK's own client: it shares no code with the page.
 * Thread-safe.
 *
 * @see "docs/PROTOCOL.md, 4"
 */
final class PublisherSocket implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** How the server closed; 1006 where it did not do so by the protocol. */
  record Closed(int code, String reason) {}

  private final WebSocket socket;
  private final List<JsonObject> told = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Closed> closed = new CompletableFuture<>();

  // Guarded by this: the JDK's client sends one message at a time.
  private CompletableFuture<WebSocket> sending = CompletableFuture.completedFuture(null);

  private PublisherSocket(URI address) {
    String url = address.toString().replaceFirst("^http", "ws");
    socket =
        LiveStream.CLIENT
            .newWebSocketBuilder()
            .buildAsync(URI.create(url), new Listener())
            .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  /** Connects, and says nothing yet. */
  static PublisherSocket open(TestServer server, String id) {
    return new PublisherSocket(server.uri("publish/" + id));
  }

  /** Connects, shows a key, and is let in. */
  static PublisherSocket ready(TestServer server, String id, String key) {
    return ready(server.uri("publish/" + id), key);
  }

  static PublisherSocket ready(URI address, String key) {
    PublisherSocket opened = new PublisherSocket(address);
    opened.say(Json.createObjectBuilder().add("type", "publish").add("key", key).build());
    opened.await("ready");
    return opened;
  }

  void say(JsonObject message) {
    say(message.toString());
  }

  void say(String text) {
    send(() -> socket.sendText(text, true)).orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** A binary message; done when the system has taken it. */
  CompletableFuture<WebSocket> bring(byte... bytes) {
    return send(() -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
  }

  private synchronized CompletableFuture<WebSocket> send(
      Supplier<CompletableFuture<WebSocket>> message) {
    sending = sending.thenCompose(done -> message.get());
    return sending.copy(); // whoever gives up waiting ends its own alone
  }

  /** All messages of that type until now. */
  List<JsonObject> told(String type) {
    return told.stream().filter(message -> message.getString("type").equals(type)).toList();
  }

  /** The newest message of that type, once there is one. */
  JsonObject await(String type) {
    Awaitility.await(type + " or a close")
        .atMost(LIMIT)
        .until(() -> closed.isDone() || !told(type).isEmpty());
    List<JsonObject> those = told(type);
    assertThat(those).as("%s, where %s", type, closed).isNotEmpty();
    return those.get(those.size() - 1);
  }

  /** How many bytes the server has read, as it says. */
  long taken() {
    List<JsonObject> those = told("taken");
    return those.isEmpty() ? 0 : those.get(those.size() - 1).getJsonNumber("bytes").longValue();
  }

  /** How the server closed, once it has. */
  Closed awaitClose() {
    return closed.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  boolean isClosed() {
    return closed.isDone();
  }

  /** Is gone without a word. */
  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder(); // until it is whole

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        told.add(Json.createReader(new StringReader(text.toString())).readObject());
        text.setLength(0);
      }
      from.request(1);
      return null; // the part is not needed any more
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(new Closed(code, reason));
      return null; // answered at once
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.complete(new Closed(1006, new CompletionException(failure).getMessage()));
    }
  }
}
