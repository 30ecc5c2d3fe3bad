package dev.zoetrope.bench.fanout;

import dev.zoetrope.TestServer;
import dev.zoetrope.bench.Folders;
import dev.zoetrope.bench.fanout.FanoutOptions.Door;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One who is measured, a process of its own: the yardstick, or a server behind one of its doors.
 * Closing ends it.
 */
record Contender(
    String name,
    ProcessHandle process,
    int port,
    boolean tls,
    String path,
    Supplier<String> log,
    Closing closing)
    implements AutoCloseable {
  private static final String HEAP = "-XX:MaxRAMPercentage=40";
  private static final String LIMIT = "100000";
  private static final int START_LIMIT_MILLIS = 10_000;

  /** What ends it. */
  @FunctionalInterface
  interface Closing {
    void close() throws IOException;
  }

  /** The server, with a home that has the source of this way alone. */
  static Contender server(Door door, boolean tls, Way way, Path clips) throws IOException {
    Path home = Files.createTempDirectory("fanout");
    Files.createDirectories(home.resolve("sources"));
    Path media = Files.createDirectories(home.resolve("media"));
    if (way == Way.MJPEG || way == Way.GIF) {
      Folders.copy(clips.resolve("pictures"), media.resolve("pictures"));
      Files.writeString(
          home.resolve("sources/pictures.yaml"),
          """
          kind: folder
          path: pictures
          mode: loop
          fps: 25
          keepRunning: true
          renditions:
            gif: {width: 320, fps: %d}
          """
              .formatted(Way.GIF.fps));
    } else {
      Files.copy(clips.resolve("video.mp4"), media.resolve("video.mp4"));
      Files.writeString(
          home.resolve("sources/video.yaml"),
          """
          kind: file
          path: video.mp4
          keepRunning: true
          renditions:
            mpeg1: {width: 640, bitrate: 2M}
          """);
    }
    TestServer server =
        TestServer.at(
            home,
            TestServer.asOperatorsHaveIt(
                HEAP,
                "-Dzoetrope.rtmpPort=0",
                "-Dzoetrope.limits.viewers=" + LIMIT,
                "-Dzoetrope.limits.viewersPerSource=" + LIMIT,
                "-Dzoetrope.limits.viewersPerAddress=" + LIMIT,
                "-Dzoetrope.fastDoor=" + door.property),
            tls ? new String[] {"--https"} : new String[0]);
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    endWithUs(process);
    return new Contender(
        door.name().toLowerCase(Locale.ROOT),
        process,
        server.uri().getPort(),
        tls,
        way.serverPath,
        server::log,
        () -> {
          server.close();
          TestServer.remove(home);
        });
  }

  /** The yardstick, with frames of that many bytes; the tree's own, unless there is a program. */
  static Contender yardstick(Optional<Path> program, Way way, int frameBytes, Path clips)
      throws IOException, InterruptedException {
    int port = freePort();
    Path gif = clips.resolve("load.gif");
    GifFile.write(gif, frameBytes);
    List<String> arguments =
        new ArrayList<>(
            List.of("--port", "" + port, "--rate", "" + way.fps, "--fps", "" + way.fps));
    arguments.addAll(List.of("--bitrate", "" + frameBytes * 8L * way.fps));
    switch (way) { // nothing that is not asked for
      case MJPEG -> arguments.addAll(List.of("--dir", clips.resolve("pictures").toString()));
      case GIF -> arguments.addAll(List.of("--gif", gif.toString()));
      case MPEG1, FMP4 -> {}
    }
    Process process = start(program, arguments);
    endWithUs(process.toHandle());
    awaitPort(process, port);
    return new Contender(
        program.map(file -> file.getFileName().toString()).orElse("nio"),
        process.toHandle(),
        port,
        /* tls= */ false,
        way.yardstickPath,
        () -> "",
        () -> end(process));
  }

  /** Also when the bench is stopped by a signal. */
  private static void endWithUs(ProcessHandle process) {
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  private static Process start(Optional<Path> program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (program.isPresent()) {
      command.add(program.get().toString());
      command.addAll(arguments);
      return new ProcessBuilder(command).inheritIO().start();
    }
    command.addAll(List.of(HEAP, "-cp", System.getProperty("java.class.path")));
    command.add(Yardstick.class.getName());
    command.addAll(arguments);
    return TestServer.java(command).inheritIO().start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(Process process, int port)
      throws IOException, InterruptedException {
    for (int waited = 0; waited < START_LIMIT_MILLIS && process.isAlive(); waited += 20) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        Thread.sleep(20); // not yet
      }
    }
    process.destroyForcibly();
    throw new IOException("the yardstick does not listen on port " + port);
  }

  private static void end(Process process) throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closing.close();
  }
}
