package dev.zoetrope;

import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** GStreamer's RTSP server on a free port of the loopback: {@code src/test/python}. */
final class RtspServer implements AutoCloseable {
  private final Program python;
  private final int port;

  private RtspServer(String... login) throws IOException {
    port = FreePort.find();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/usr/bin/python3", "src/test/python/rtsp_server.py"));
    command.add(Integer.toString(port));
    command.addAll(List.of(login));
    python = Program.start(command.toArray(String[]::new));
    Awaitility.await("RTSP server").atMost(Duration.ofSeconds(20)).until(this::answers);
  }

  static RtspServer start() throws IOException {
    return new RtspServer();
  }

  /** One whose streams are for that user alone. */
  static RtspServer guarded(String user, String password) throws IOException {
    return new RtspServer(user, password);
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  /** The address of stream {@code name}: plain, b-frames, mulaw. */
  String uri(String name) {
    return "rtsp://127.0.0.1:" + port + "/" + name;
  }

  /** Its process, to be stopped and continued. */
  long pid() {
    return python.pid();
  }

  private boolean answers() {
    if (!python.isAlive()) {
      throw new AssertionError(python.await().toString());
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    python.close();
  }
}
