package dev.zoetrope.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real application server in a process of its own, on free ports of 127.0.0.1, as its makers hand
 * it out but for the ports. {@link #close} ends what is left of it.
 */
public abstract class AppServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** Liberty waits for 30 s where clients keep connections. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private static final int MILLIS = 5000;

  /** What is only kept until memory is short is thrown away at each collection. */
  private static final String JVM_OPTIONS = "-Xmx400m -XX:SoftRefLRUPolicyMSPerMB=0";

  /** Where it keeps what it writes; the home of the application is in there, too. */
  protected final Path base;

  /** Where it is unpacked; nothing there is changed. */
  protected final Path installed;

  protected final Path java; // home of the JDK that runs it
  protected final int port = FreePort.find();

  private Process process; // null before start()

  AppServer(Path base, Path installed, Path java) {
    this.base = base;
    this.installed = installed;
    this.java = java;
  }

  /** Gets ready to start. */
  abstract void prepare() throws IOException, InterruptedException;

  /** What starts it in the foreground. */
  abstract List<String> command();

  /**
   * Has the application there, at {@code /} or {@code /zoetrope}; a running server is told, one
   * that is not yet started begins with it.
   */
  public abstract void deploy(Path war, Context context) throws IOException, InterruptedException;

  /** Has it there no more. */
  public abstract void undeploy(Context context) throws IOException, InterruptedException;

  /** Whether it can take the application away while it runs. */
  public boolean undeploys() {
    return true;
  }

  /** Where in a server the application is. */
  public enum Context {
    ROOT("", "ROOT"),
    NAMED("zoetrope/", "zoetrope");

    private final String path;
    private final String fileName;

    Context(String path, String fileName) {
      this.path = path;
      this.fileName = fileName;
    }

    /** What most servers call the file for that place. */
    String fileName() {
      return fileName;
    }

    /** With a slash before it. */
    String root() {
      return path.isEmpty() ? "/" : "/" + fileName;
    }
  }

  /** Home folder of the application. */
  public Path home() {
    return base.resolve("home");
  }

  /** What the server and the application have said. */
  public Path log() {
    return base.resolve("server.log");
  }

  public URI uri(Context context) {
    return URI.create("http://127.0.0.1:" + port + "/" + context.path);
  }

  /** Starts it with the application, and waits until that is ready. */
  public void start(Path war, Context context) throws IOException, InterruptedException {
    Files.createDirectories(home());
    prepare();
    deploy(war, context);
    ProcessBuilder builder = builder(command());
    builder.redirectErrorStream(true).redirectOutput(log().toFile());
    process = builder.start();
    awaitReady(context);
  }

  /** Waits until the application is ready. */
  public void awaitReady(Context context) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (status(uri(context).resolve("health/ready")) != HttpURLConnection.HTTP_OK) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new AssertionError("not ready: " + Files.readString(log()));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Waits until there is no application any more. */
  void awaitGone(Context context) throws IOException, InterruptedException {
    long end = System.nanoTime() + STOP_LIMIT.toNanos();
    while (status(uri(context).resolve("health/ready")) == HttpURLConnection.HTTP_OK) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("still there: " + Files.readString(log()));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** The status of the answer; 0 without one. */
  static int status(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(MILLIS);
    connection.setReadTimeout(MILLIS);
    try {
      return connection.getResponseCode();
    } catch (IOException e) { // nobody there yet, or no more
      return 0;
    } finally {
      connection.disconnect();
    }
  }

  ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(base.toFile());
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().put("ZOETROPE_HOME", home().toString());
    builder.environment().put("JAVA_TOOL_OPTIONS", JVM_OPTIONS);
    return builder;
  }

  /** Runs a program of the server's to its good end. */
  void run(List<String> command) throws IOException, InterruptedException {
    Process run = builder(command).redirectErrorStream(true).start();
    run.getOutputStream().close();
    String said;
    try (InputStream out = run.getInputStream()) {
      said = new String(out.readAllBytes(), UTF_8);
    }
    if (run.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
  }

  /** The process that serves; where a script or a command started it, that is not the first one. */
  public ProcessHandle serving() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .filter(each -> each.info().command().orElse("").endsWith("/java"))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("it does not run any more"));
  }

  /** Ends it by SIGTERM; answers what it leaves behind. */
  public List<String> stop() {
    List<ProcessHandle> all = process.descendants().toList();
    serving().destroy();
    List<String> left = new ArrayList<>();
    if (!hasEnded(process.toHandle())) {
      left.add("the server itself");
    }
    for (ProcessHandle each : all) {
      if (!hasEnded(each)) {
        left.add(each.info().commandLine().orElse("?"));
      }
    }
    return left;
  }

  private static boolean hasEnded(ProcessHandle each) {
    try {
      each.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  String program(String name) {
    return java.resolve("bin").resolve(name).toString();
  }

  /** Copies a folder with all that is in it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(
          each -> {
            try {
              Path copied = to.resolve(from.relativize(each).toString());
              if (Files.isDirectory(each)) {
                Files.createDirectories(copied);
              } else {
                Files.copy(each, copied, StandardCopyOption.REPLACE_EXISTING);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /** Puts the WAR into a folder that the server looks at: whole or not at all. */
  static void put(Path war, Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Path temporary = Files.copy(war, folder.resolve(name + ".part"));
    Files.move(temporary, folder.resolve(name + ".war"), StandardCopyOption.ATOMIC_MOVE);
  }
}
