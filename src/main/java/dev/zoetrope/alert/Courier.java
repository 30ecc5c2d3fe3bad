package dev.zoetrope.alert;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries the requests of all deliveries. Thread-safe; nobody waits.
 *
 * <p>The JDK's client has a thread that nobody can end: it does so by itself, some seconds after
 * the client is seen to be garbage. So nothing holds the client once this is closed. Its thread
 * gets the JDK's class loader for its context: with ours, a container would take it for one that
 * the application has forgotten.
 */
final class Courier implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Courier.class.getName());
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Map<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile Optional<HttpClient> client; // empty once closed

  /**
   * @param executor looks up hosts, and does what the client has to do beside its own thread
   */
  Courier(Executor executor) {
    client = Optional.of(client(executor));
  }

  private static HttpClient client(Executor executor) {
    Thread maker = Thread.currentThread();
    ClassLoader ours = maker.getContextClassLoader();
    maker.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(executor)
          .build();
    } finally {
      maker.setContextClassLoader(ours);
    }
  }

  /** The status that is answered. */
  CompletableFuture<Integer> send(HttpRequest request) {
    Optional<HttpClient> open = client;
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(new IOException("the server is stopping"));
    }
    CompletableFuture<HttpResponse<InputStream>> answer =
        open.get().sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    long number = sent.incrementAndGet();
    underWay.put(number, answer);
    return answer
        .whenComplete((response, failure) -> underWay.remove(number))
        .thenApply(Courier::status);
  }

  /** The rest of an answer is not waited for: no timeout of the client's is about it. */
  private static int status(HttpResponse<InputStream> answer) {
    try {
      answer.body().close();
    } catch (IOException e) { // its status is known all the same
      LOG.log(Level.DEBUG, "an answer that cannot be closed", e);
    }
    return answer.statusCode();
  }

  /** Breaks off what is under way. Idempotent. */
  @Override
  public void close() {
    client = Optional.empty();
    underWay.values().forEach(answer -> answer.cancel(true));
  }
}
