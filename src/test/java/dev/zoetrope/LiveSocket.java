package dev.zoetrope;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A viewer on a WebSocket, by the JDK's client: all messages until now. */
final class LiveSocket implements WebSocket.Listener, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** A message: a text, or bytes. */
  record Message(Optional<String> text, Bytes bytes) {}

  /** How the server closed. */
  record Closed(int code, String reason) {}

  private final WebSocket socket;
  private final List<Message> messages = new ArrayList<>(); // guarded by itself
  private volatile Optional<Closed> closed = Optional.empty();

  // Confined to the client's thread.
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

  private LiveSocket(URI uri) throws Exception {
    URI address = URI.create(uri.toString().replaceFirst("^http", "ws"));
    socket =
        LiveStream.CLIENT
            .newWebSocketBuilder()
            .buildAsync(address, this)
            .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Connects; the address may be the {@code http} one. */
  static LiveSocket open(URI uri) throws Exception {
    return new LiveSocket(uri);
  }

  List<Message> messages() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  /** The bytes of all binary messages from number {@code from} on. */
  byte[] bytes(int from) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    messages().stream().skip(from).forEach(message -> all.writeBytes(message.bytes.toArray()));
    return all.toByteArray();
  }

  /** All messages, once they fit; fails after 20 s. */
  List<Message> await(String what, Predicate<List<Message>> fits) {
    Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> fits.test(messages()));
    return messages();
  }

  /** How the server closed, once it has; fails after 20 s. */
  Closed awaitClose() {
    Awaitility.await("close").atMost(LIMIT).until(() -> closed.isPresent());
    return closed.orElseThrow();
  }

  boolean isClosed() {
    return closed.isPresent();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      add(new Message(Optional.of(text.toString()), Bytes.EMPTY));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    binary.writeBytes(part);
    if (last) {
      add(new Message(Optional.empty(), Bytes.owning(binary.toByteArray())));
      binary.reset();
    }
    from.request(1);
    return null;
  }

  private void add(Message message) {
    synchronized (messages) {
      messages.add(message);
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed = Optional.of(new Closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed = Optional.of(new Closed(1006, String.valueOf(failure)));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
