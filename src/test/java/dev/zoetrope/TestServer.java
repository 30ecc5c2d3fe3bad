package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The real WAR, started with {@code java -jar} in a process of its own, on a free port of
 * 127.0.0.1, with an empty home. {@link #close} ends it by SIGTERM and fails when it does not end
 * in time or leaves a process behind.
 */
public final class TestServer implements AutoCloseable {
  private static final String READY = "Zoetrope: ";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** What the launcher promises. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(4);

  private static final Duration CHILD_LIMIT = Duration.ofSeconds(3);

  private final Process process;
  private final Path home;
  private final boolean ownsHome;
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final List<Thread> readers;
  private final URI uri;

  private TestServer(
      Path war,
      Path home,
      boolean ownsHome,
      List<String> jvmOptions,
      Map<String, String> environment,
      List<String> options)
      throws IOException {
    this(List.of(), war, home, ownsHome, jvmOptions, environment, options);
  }

  /**
   * @param wrapper the program, with its arguments, that starts the server
   */
  private TestServer(
      List<String> wrapper,
      Path war,
      Path home,
      boolean ownsHome,
      List<String> jvmOptions,
      Map<String, String> environment,
      List<String> options)
      throws IOException {
    this.home = home;
    this.ownsHome = ownsHome;
    List<String> command = new ArrayList<>();
    command.add("-XX:TieredStopAtLevel=1"); // it is there in two thirds of the time
    command.add("-XX:+UseSerialGC"); // and takes less of the processor
    command.add("-Dzoetrope.fastDoor=" + System.getProperty("fastDoor", "auto"));
    command.add("-Dzoetrope.hardware=off"); // a run of ffmpeg for each that there might be
    command.addAll(jvmOptions);
    command.add("-jar");
    command.add(war.toString());
    command.addAll(List.of("--port", "0", "--host", "127.0.0.1", "--home", home.toString()));
    command.addAll(options); // The last of two counts.
    ProcessBuilder builder = java(command);
    builder.command().addAll(0, wrapper);
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.readers =
        List.of(read(process.getInputStream(), "stdout"), read(process.getErrorStream(), "stderr"));
    try {
      this.uri = ready.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      process.destroyForcibly();
      throw new AssertionError("server did not start: " + failure + "\n" + log(), failure);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      throw new AssertionError(interrupted);
    }
  }

  /** A server with an empty home that goes with it; {@code options} are the launcher's. */
  public static TestServer start(String... options) throws IOException {
    return new TestServer(
        war(),
        Files.createTempDirectory("test-server"),
        true,
        List.of(),
        Map.of(),
        List.of(options));
  }

  /** A server with {@code home}, which stays. */
  public static TestServer at(Path home, String... options) throws IOException {
    return new TestServer(war(), home, false, List.of(), Map.of(), List.of(options));
  }

  /** A server with {@code home}, which stays, in a JVM with {@code jvmOptions}. */
  public static TestServer at(Path home, List<String> jvmOptions, String... options)
      throws IOException {
    return new TestServer(war(), home, false, jvmOptions, Map.of(), List.of(options));
  }

  /** A server with {@code home}, which stays, at port 8080 of a host of the tests' own network. */
  static TestServer in(Network.Host host, Path home, List<String> jvmOptions) throws IOException {
    List<String> options = List.of("--host", host.address(), "--port", "8080");
    return new TestServer(host.command(), war(), home, false, jvmOptions, Map.of(), options);
  }

  /** A server with {@code home}, which stays, and with these variables beside those of the test. */
  static TestServer at(Path home, Map<String, String> environment) throws IOException {
    return new TestServer(war(), home, false, List.of(), environment, List.of());
  }

  /** A server of another WAR with {@code home}, which stays. */
  static TestServer of(Path war, Path home) throws IOException {
    return new TestServer(war, home, false, List.of(), Map.of(), List.of());
  }

  /** A server with an empty home in a JVM with {@code jvmOptions}. */
  public static TestServer with(List<String> jvmOptions, String... options) throws IOException {
    return new TestServer(
        war(),
        Files.createTempDirectory("test-server"),
        true,
        jvmOptions,
        Map.of(),
        List.of(options));
  }

  /** Options of the JVM for benches: those of tests spare the processor, and so the run's time. */
  public static List<String> asOperatorsHaveIt(String... more) {
    List<String> options =
        List.of(
            "-XX:TieredStopAtLevel=4",
            "-XX:-UseSerialGC",
            "-XX:+UseG1GC",
            "-Dzoetrope.hardware=auto");
    return Stream.concat(options.stream(), Stream.of(more)).toList();
  }

  /** The WAR under test: the system property {@code war}, else where Maven puts it. */
  public static Path war() {
    Path war = Path.of(System.getProperty("war", "target/zoetrope.war")).toAbsolutePath();
    if (!Files.exists(war)) {
      throw new AssertionError(war + " is missing: mvn package first");
    }
    return war;
  }

  /** The Java that runs the tests, with {@code arguments}. */
  public static ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>(arguments);
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    return new ProcessBuilder(command);
  }

  /** Its address, with the real port: {@code http://127.0.0.1:PORT/}. */
  public URI uri() {
    return uri;
  }

  /** The address of {@code path}, which has no leading slash. */
  public URI uri(String path) {
    return uri.resolve(path);
  }

  public Path home() {
    return home;
  }

  public long pid() {
    return process.pid();
  }

  /** All it said until now, stdout and stderr. */
  public String log() {
    return String.join("\n", log);
  }

  /** The processes it started that still run. */
  public List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /** Sends it that signal: {@code KILL}, {@code STOP}, {@code CONT}. */
  void signal(String name) throws IOException, InterruptedException {
    var unused =
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  /** Waits until it has ended, as by {@link #signal}. */
  void awaitEnd() {
    if (!await(process.toHandle(), STOP_LIMIT)) {
      throw new AssertionError("not ended\n" + log());
    }
  }

  /**
   * Ends it by SIGTERM, once.
   *
   * @return how long that took
   */
  public Duration stop() {
    List<ProcessHandle> children = children();
    Instant begin = Instant.now();
    process
        .toHandle()
        .destroy(); // Process.destroy() would close the pipes and lose the last lines.
    boolean ended = await(process.toHandle(), STOP_LIMIT);
    Duration took = Duration.between(begin, Instant.now());
    if (!ended) {
      process.destroyForcibly();
    }
    List<String> survivors = survivors(children);
    readers.forEach(TestServer::join);
    if (!ended) {
      throw new AssertionError("not ended " + STOP_LIMIT + " after SIGTERM\n" + log());
    }
    if (!survivors.isEmpty()) {
      throw new AssertionError("left behind: " + survivors + "\n" + log());
    }
    return took;
  }

  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        stop();
      }
    } finally {
      if (ownsHome) {
        remove(home);
      }
    }
  }

  private Thread read(InputStream stream, String name) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  log.add(line);
                  if (line.startsWith(READY)) {
                    ready.complete(URI.create(line.substring(READY.length())));
                  }
                }
                ready.completeExceptionally(new IOException("it closed its " + name));
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            },
            "test server " + name);
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  private static void join(Thread reader) {
    try {
      TimeUnit.SECONDS.timedJoin(reader, CHILD_LIMIT.toSeconds());
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /**
   * Kills what is left, so that one failing test does not disturb the next; answers what it was.
   */
  private static List<String> survivors(List<ProcessHandle> children) {
    List<String> survivors = new ArrayList<>();
    for (ProcessHandle child : children) {
      if (!await(child, CHILD_LIMIT)) {
        Optional<String> command = child.info().commandLine();
        survivors.add(child.pid() + " " + command.orElse("?"));
        child.destroyForcibly();
      }
    }
    return survivors;
  }

  private static boolean await(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException tooLate) {
      return false;
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure);
    }
  }

  /** With all that is in it. */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
