package dev.zoetrope.bench;

import dev.zoetrope.TestServer;
import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * What a server takes that nobody watches: the time from the start of its JVM to its first answer,
 * and its memory half a minute later. {@code ./bench footprint [RUNS]}; of 5 runs, the median.
 */
final class FootprintBench {
  private static final int USUAL_RUNS = 5;
  private static final int IDLE_SECONDS = 30;
  private static final int MOST_SECONDS = 60;

  private FootprintBench() {}

  private record Figures(double seconds, long megabytes) {}

  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : USUAL_RUNS;
    List<Double> seconds = new ArrayList<>();
    List<Long> megabytes = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      Path home = Files.createTempDirectory("footprint");
      Figures figures = run(home);
      TestServer.remove(home);
      seconds.add(figures.seconds);
      megabytes.add(figures.megabytes);
      say(
          "run %d: first answer after %.2f s, idle RSS %d MB",
          i + 1, figures.seconds, figures.megabytes);
    }
    Collections.sort(seconds);
    Collections.sort(megabytes);
    say(
        "median of %d: first answer after %.2f s, idle RSS %d MB",
        runs, seconds.get(runs / 2), megabytes.get(runs / 2));
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static Figures run(Path home) throws IOException, InterruptedException {
    int port = FreePort.find();
    List<String> command =
        List.of(
            "-XX:MaxRAMPercentage=40",
            "-jar",
            TestServer.war().toString(),
            "--home",
            home.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port));
    ProcessBuilder builder = TestServer.java(command);
    builder.redirectErrorStream(true).redirectOutput(home.resolve("log").toFile());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready")).build();
    HttpClient client = HttpClient.newHttpClient();
    long begin = System.nanoTime();
    Process server = builder.start();
    try {
      Awaitility.await()
          .atMost(MOST_SECONDS, TimeUnit.SECONDS)
          .pollDelay(5, TimeUnit.MILLISECONDS)
          .pollInterval(5, TimeUnit.MILLISECONDS)
          .ignoreExceptionsInstanceOf(IOException.class) // nobody listens yet
          .until(() -> client.send(request, BodyHandlers.discarding()).statusCode() == 200);
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (server.waitFor(IDLE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("ended: " + Files.readString(home.resolve("log")));
      }
      return new Figures(seconds, residentKilobytes(server.pid()) / 1024);
    } finally {
      server.toHandle().destroy();
      server.waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** As Linux tells. */
  private static long residentKilobytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
