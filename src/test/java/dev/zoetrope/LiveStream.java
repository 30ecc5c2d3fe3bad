package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A viewer on an endless HTTP response, by the JDK's client: all it was sent until now. */
final class LiveStream implements AutoCloseable {
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final CompletableFuture<HttpResponse<LiveStream>> response;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Body bytes = new Body(); // guarded by itself
  private volatile Flow.Subscription subscription;
  private volatile boolean closed;

  private LiveStream(URI uri, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    response = CLIENT.sendAsync(request.build(), head -> new Reader());
  }

  /** Asks; {@code headers} are names and values by turns. */
  static LiveStream open(URI uri, String... headers) {
    return new LiveStream(uri, headers);
  }

  /** The response, as soon as its head is there. */
  HttpResponse<LiveStream> head() {
    if (!response.isDone()) {
      Awaitility.await("head of the response")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(2))
          .until(response::isDone);
    }
    return response.join();
  }

  /** All bytes of the body until now. */
  byte[] bytes() {
    synchronized (bytes) {
      return bytes.toByteArray();
    }
  }

  /** The bytes of the body from that one on. */
  byte[] bytes(int from) {
    synchronized (bytes) {
      return bytes.from(from);
    }
  }

  int size() {
    synchronized (bytes) {
      return bytes.size();
    }
  }

  String text() {
    return new String(bytes(), UTF_8);
  }

  /** The body, once it fits; fails after 20 s. */
  byte[] await(String what, Predicate<byte[]> fits) {
    Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> fits.test(bytes()));
    return bytes();
  }

  /** Waits for that many bytes more; fails after 20 s. */
  void awaitMore(int count) {
    int least = size() + count;
    Awaitility.await(count + " bytes more")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> size() >= least);
  }

  /** Whether the server has ended the response, well or not. */
  boolean hasEnded() {
    return end.isDone();
  }

  /** Whether the server has ended the response as the protocol says. */
  boolean hasEndedWell() {
    return end.isDone() && !end.isCompletedExceptionally();
  }

  /** Leaves, as a client does. Idempotent. */
  void leave() {
    closed = true;
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
    response.cancel(true);
  }

  @Override
  public void close() {
    leave();
  }

  private static final class Body extends ByteArrayOutputStream {
    byte[] from(int index) {
      return Arrays.copyOfRange(buf, index, count);
    }
  }

  private final class Reader implements BodySubscriber<LiveStream> {
    @Override
    public CompletionStage<LiveStream> getBody() {
      return CompletableFuture.completedFuture(LiveStream.this);
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
      subscription = opened;
      if (closed) {
        opened.cancel();
      } else {
        opened.request(Long.MAX_VALUE);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      synchronized (bytes) {
        for (ByteBuffer buffer : buffers) {
          byte[] chunk = new byte[buffer.remaining()];
          buffer.get(chunk);
          bytes.writeBytes(chunk);
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(new CompletionException(failure));
    }

    @Override
    public void onComplete() {
      end.complete(null);
    }
  }
}
