package dev.zoetrope;

import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A real nginx with its RTMP module, on a free port of the loopback, with a folder of its own. */
final class RtmpServer implements AutoCloseable {
  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_rtmp_module.so");

  private final Program nginx;
  private final int port;

  private RtmpServer(Path folder) throws IOException {
    port = FreePort.find();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        load_module %s;
        daemon off;
        master_process off;
        pid %s/nginx.pid;
        error_log stderr warn;
        events { worker_connections 64; }
        rtmp {
          server {
            listen 127.0.0.1:%d;
            application live { live on; }
          }
        }
        """
            .formatted(MODULE, folder, port));
    nginx =
        Program.start(
            "nginx", "-p", folder.toString(), "-c", configuration.toString(), "-e", "stderr");
    Awaitility.await("nginx").atMost(Duration.ofSeconds(10)).until(this::answers);
  }

  /** Starts one with its files in {@code folder}. */
  static RtmpServer start(Path folder) throws IOException {
    return new RtmpServer(Files.createDirectories(folder));
  }

  /** The address of stream {@code name}, to publish to and to play from. */
  String uri(String name) {
    return "rtmp://127.0.0.1:" + port + "/live/" + name;
  }

  private boolean answers() {
    if (!nginx.isAlive()) {
      throw new AssertionError(nginx.await().toString());
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
    nginx.close();
  }
}
