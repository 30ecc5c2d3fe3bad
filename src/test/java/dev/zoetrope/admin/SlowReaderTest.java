package dev.zoetrope.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.Node;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.monitor.Incidents;
import dev.zoetrope.monitor.Monitor;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader of events that takes nothing, on a real Tomcat and real sockets. */
class SlowReaderTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int IDS = 5000; // some 300 KiB in an event
  private static final int MOST_TICKS = 100; // far more than the kernel keeps for a socket
  private static final int SMALL_BYTES = 4096;
  private static final int LARGE_BYTES = 1 << 20;
  private static final String TICK = "\"tick-";

  @TempDir private Path folder;

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final List<EventStream> gone = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Tomcat tomcat = new Tomcat();
  private final AtomicInteger joined = new AtomicInteger();
  private volatile Map<SourceId, Broadcast.Settings> settings = Map.of();
  private Broadcast broadcast;

  @BeforeEach
  void start() throws Exception {
    Ffmpeg ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
    open.add(ffmpeg);
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, () -> 0),
            List.of(timer),
            timer,
            new Limits(100, 100, 100, 10, Limits.MIN_LOG_BYTES),
            (source, incident, why) -> {},
            Optional.empty());
    Channels channels = new Channels(List.of(), node);
    open.add(channels);
    Monitor monitor = new Monitor(channels, new Incidents(0), List.of(timer));
    broadcast = new Broadcast(monitor, () -> settings);
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
    tomcat.getConnector(); // made by being asked for
    Context context = tomcat.addContext("", folder.toString());
    Wrapper events = Tomcat.addServlet(context, "events", new Events());
    events.setAsyncSupported(true);
    context.addServletMappingDecoded("/events", "events");
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    tomcat.stop();
    tomcat.destroy();
    timer.shutdownNow();
  }

  /** The door without its locks. */
  private final class Events extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/event-stream");
      AsyncContext async = request.startAsync();
      async.setTimeout(0);
      EventStream stream =
          new EventStream(
              async,
              (in, act) -> {
                var due = timer.schedule(act, in.toMillis(), TimeUnit.MILLISECONDS);
                return () -> due.cancel(false);
              },
              System::nanoTime,
              left -> {
                gone.add(left);
                broadcast.leave(left);
              });
      stream.listen();
      assertThat(broadcast.join(stream, OptionalLong.empty())).isTrue();
      joined.incrementAndGet();
    }
  }

  private Socket ask(int receiveBufferBytes) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    socket.setReceiveBufferSize(receiveBufferBytes); // before it connects, so that it counts
    socket.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort()));
    socket.getOutputStream().write("GET /events HTTP/1.0\r\nHost: here\r\n\r\n".getBytes(UTF_8));
    return socket;
  }

  /** The tick of each event "edited", as they come. */
  private static ConcurrentLinkedQueue<Integer> read(Socket socket) {
    ConcurrentLinkedQueue<Integer> ticks = new ConcurrentLinkedQueue<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  if (line.startsWith("data: {\"ids\":")) {
                    int at = line.lastIndexOf(TICK) + TICK.length(); // that before is told, too
                    ticks.add(Integer.parseInt(line.substring(at, line.indexOf('"', at))));
                  }
                }
              } catch (SocketException e) {
                // closed at the end of the test
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "quick reader");
    reader.setDaemon(true);
    reader.start();
    return ticks;
  }

  /** All sources are others than before. */
  private void edit(int tick) {
    Map<SourceId, Broadcast.Settings> all = new HashMap<>();
    List<Mistake> mistakes = List.of(new Mistake(Path.of("a.yaml"), tick, "", "", ""));
    for (int i = 0; i < IDS; i++) {
      all.put(
          new SourceId("source-" + "0".repeat(40) + "-" + i),
          new Broadcast.Settings(Optional.empty(), mistakes));
    }
    all.put(
        new SourceId(TICK.substring(1) + (1000 + tick)),
        new Broadcast.Settings(Optional.empty(), List.of()));
    settings = all;
  }

  private static List<String> requestThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains("-exec-"))
        .sorted()
        .toList();
  }

  @Test
  void readerThatTakesNothingIsDroppedAndAllOthersGetEverything() throws Exception {
    ConcurrentLinkedQueue<Integer> told = read(ask(LARGE_BYTES));
    Awaitility.await("the quick one").atMost(LIMIT).until(() -> joined.get() == 1);
    Socket slow = ask(SMALL_BYTES);
    Awaitility.await("the slow one").atMost(LIMIT).until(() -> joined.get() == 2);
    List<String> threads = requestThreads();
    List<Integer> expected = new ArrayList<>();

    for (int tick = 0; gone.isEmpty() && tick < MOST_TICKS; tick++) {
      edit(tick);
      broadcast.tick();
      expected.add(1000 + tick);
      Awaitility.await("an event")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> told.size() == expected.size());
    }

    assertThat(gone).as("readers dropped").hasSize(1);
    assertThat(expected).as("ticks until then").hasSizeBetween(4, MOST_TICKS - 1);
    assertThat(told).containsExactlyElementsOf(expected);
    assertThat(requestThreads()).isEqualTo(threads);
    slow.setSoTimeout((int) LIMIT.toMillis());
    awaitEnd(slow);
  }

  /** What was on its way comes, then nothing more. */
  private static void awaitEnd(Socket socket) throws IOException {
    try {
      long rest = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(rest).isPositive();
    } catch (SocketException e) {
      // reset, which is an end as well
    }
  }
}
