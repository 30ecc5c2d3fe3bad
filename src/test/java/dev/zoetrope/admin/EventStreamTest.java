package dev.zoetrope.admin;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private final Socket socket = new Socket();
  private final List<EventStream> gone = new ArrayList<>();
  private final List<Runnable> late = new ArrayList<>();
  private long now;
  private int completed;
  private EventStream stream;

  @BeforeEach
  void open() throws IOException {
    ServletResponse response =
        fake(
            ServletResponse.class,
            (proxy, method, arguments) ->
                method.getName().equals("getOutputStream") ? socket : unexpected(method.getName()));
    AsyncContext async =
        fake(
            AsyncContext.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getResponse" -> response;
                  case "addListener" -> null;
                  case "complete" -> {
                    completed++;
                    yield null;
                  }
                  default -> unexpected(method.getName());
                });
    stream = new EventStream(async, this::later, () -> now, gone::add);
    stream.listen();
  }

  private Runnable later(Duration in, Runnable act) {
    late.add(act);
    return () -> late.remove(act);
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            EventStreamTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object unexpected(String method) {
    throw new AssertionError(method);
  }

  private boolean say(String text) {
    boolean fits = stream.offer(text.getBytes(StandardCharsets.UTF_8));
    stream.drain();
    return fits;
  }

  @Test
  void nothingIsWrittenBeforeTheContainerSaysSo() throws IOException {
    say("a");
    assertThat(socket.got()).isEmpty();

    stream.onWritePossible();
    say("b");

    assertThat(socket.got()).isEqualTo("ab");
    assertThat(socket.flushes).isEqualTo(2);
  }

  @Test
  void whatTheSocketDoesNotTakeWaits() throws IOException {
    stream.onWritePossible();
    socket.isReady = false;
    say("a");
    say("b");
    assertThat(socket.got()).isEmpty();

    socket.isReady = true;
    stream.onWritePossible();

    assertThat(socket.got()).isEqualTo("ab");
  }

  @Test
  void readerThatIsTooSlowIsRefusedMore() throws IOException {
    stream.onWritePossible();
    socket.isReady = false;
    String much = "x".repeat(400_000);
    int taken = 0;
    while (say(much)) {
      taken++;
    }

    stream.drop();

    assertThat(taken).isEqualTo(3); // the first over 1 MiB is the last
    assertThat(gone).containsExactly(stream);
  }

  @Test
  void readerThatTakesNothingForLongIsRefusedMoreThoughLittleWaits() throws IOException {
    stream.onWritePossible();
    socket.isReady = false;

    assertThat(say("a")).isTrue();
    now += TimeUnit.SECONDS.toNanos(19);
    assertThat(say("b")).isTrue();
    now += TimeUnit.SECONDS.toNanos(2);
    assertThat(say("c")).isFalse();
  }

  @Test
  void readerThatWasSilentForLongButTookAllIsFine() throws IOException {
    stream.onWritePossible();

    assertThat(say("a")).isTrue();
    now += TimeUnit.HOURS.toNanos(1);

    assertThat(say("b")).isTrue();
    assertThat(socket.got()).isEqualTo("ab");
  }

  @Test
  void failureToWriteIsTheEnd() throws IOException {
    stream.onWritePossible();
    socket.isBroken = true;

    say("a");
    say("b");

    assertThat(gone).containsExactly(stream);
    assertThat(late).hasSize(1);
  }

  @Test
  void responseThatTheContainerDoesNotEndIsEndedLateAndOnce() throws IOException {
    stream.onWritePossible();
    socket.isBroken = true;
    say("a");
    assertThat(completed).as("it is the container's to do").isZero();

    late.get(0).run();
    late.get(0).run(); // the server stops, too

    assertThat(completed).isEqualTo(1);
    assertThat(gone).containsExactly(stream);
  }

  @Test
  void closeEndsTheResponseOnce() {
    stream.close();
    stream.close();

    assertThat(completed).isEqualTo(1);
    assertThat(gone).containsExactly(stream);
  }

  private static final class Socket extends ServletOutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isReady = true;
    private boolean isBroken;
    private int flushes;

    private String got() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isReady() {
      return isReady;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      // the test calls it
    }

    @Override
    public void write(int b) throws IOException {
      if (!isReady) {
        throw new AssertionError("written without room");
      }
      if (isBroken) {
        throw new IOException("the reader has gone");
      }
      bytes.write(b);
    }

    @Override
    public void flush() {
      flushes++;
    }
  }
}
