package dev.zoetrope.bench.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The least work with which one Java thread fans live frames out: one selector, frames framed once
 * and shared by all viewers in a direct buffer, one write for each viewer and frame; a viewer that
 * is behind gets the newest frame only. No routing, no log, no TLS. A process of its own, on
 * 127.0.0.1, until it is ended.
 *
 * <p>{@code --port N}, and for {@code /mjpeg} {@code --dir FOLDER}, for {@code /gif} {@code --gif
 * FILE}, both at {@code --fps} (25); {@code /ws/ts} and {@code /ws/mp4} send {@code --rate} (25)
 * messages a second, of {@code --bitrate} (2e6).
 */
final class Yardstick {
  private static final int BACKLOG = 4096;
  private static final Set<String> OPTIONS =
      Set.of("--port", "--dir", "--gif", "--fps", "--rate", "--bitrate");

  private final Selector selector;
  private final ServerSocketChannel listener;
  private final List<YardstickStream> streams;

  private Yardstick(int port, List<YardstickStream> streams) throws IOException {
    this.streams = streams;
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      if (!OPTIONS.contains(arguments[i])) {
        throw new IllegalArgumentException("expected one of " + OPTIONS + ", not " + arguments[i]);
      }
      options.put(arguments[i], arguments[i + 1]);
    }
    double fps = Double.parseDouble(options.getOrDefault("--fps", "25"));
    double rate = Double.parseDouble(options.getOrDefault("--rate", "25"));
    double bitrate = Double.parseDouble(options.getOrDefault("--bitrate", "2e6"));
    int messageBytes = (int) (bitrate / 8 / rate);
    List<YardstickStream> streams = new ArrayList<>();
    if (options.containsKey("--dir")) {
      streams.add(YardstickStream.mjpeg(Path.of(options.get("--dir")), fps));
    }
    if (options.containsKey("--gif")) {
      streams.add(YardstickStream.gif(Path.of(options.get("--gif")), fps));
    }
    streams.add(YardstickStream.ts(messageBytes, rate));
    streams.add(YardstickStream.mp4(messageBytes, rate));
    new Yardstick(Integer.parseInt(options.get("--port")), streams).serve();
  }

  private void serve() throws IOException {
    while (true) {
      long wait = Long.MAX_VALUE;
      for (YardstickStream stream : streams) {
        wait = Math.min(wait, stream.fanOutIfDue());
      }
      selector.select(this::serve, Math.max(1, (wait + 500_000) / 1_000_000));
    }
  }

  private void serve(SelectionKey key) {
    if (key.isAcceptable()) {
      acceptAll();
      return;
    }
    YardstickViewer viewer = (YardstickViewer) key.attachment();
    try {
      if (key.isReadable()) {
        viewer.read(streams);
      } else if (key.isWritable()) {
        viewer.write();
      }
    } catch (IOException e) {
      viewer.close(); // it left
    }
  }

  private void acceptAll() {
    try {
      for (SocketChannel channel = listener.accept();
          channel != null;
          channel = listener.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new YardstickViewer(channel, key));
      }
    } catch (IOException e) {
      System.err.println("yardstick cannot accept: " + e.getMessage());
    }
  }
}
