package dev.zoetrope.launch;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * {@code java -jar zoetrope.war}: the first stage, which knows the JDK only. It answers what needs
 * no server, unpacks Tomcat, and hands over to {@link Server} in a class loader that sees Tomcat
 * and not the WAR, so that the web application meets nothing of the launcher.
 *
 * <p>Exit codes: 2 for a command line that cannot be obeyed, 1 for a server that cannot start.
 */
public final class Main {
  private static final String SERVER = "dev.zoetrope.launch.Server";

  private Main() {}

  /** Serves until a signal ends the JVM. */
  public static void main(String[] arguments) throws InterruptedException {
    LauncherOptions options;
    try {
      options = LauncherOptions.parse(List.of(arguments));
    } catch (UsageException mistake) {
      System.err.println(mistake.getMessage());
      System.exit(2);
      return;
    }
    switch (options.wish()) {
      case HELP -> System.out.print(LauncherOptions.HELP);
      case VERSION ->
          System.out.println("Zoetrope " + Main.class.getPackage().getImplementationVersion());
      case SERVE -> serve(arguments);
    }
  }

  private static void serve(String[] arguments) throws InterruptedException {
    QuietLog.install();
    try {
      Path war = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      URI address = load(war, Workplace.make(), arguments).call();
      System.out.println("Zoetrope: " + address);
    } catch (IOException failure) { // A message for the operator, and perhaps a cause to report.
      System.err.println(failure.getMessage());
      if (failure.getCause() != null) {
        failure.getCause().printStackTrace();
      }
      System.exit(1);
    } catch (Exception bug) {
      bug.printStackTrace();
      System.exit(1);
    }
    new CountDownLatch(1).await(); // The JVM ends by a signal.
  }

  /** The second stage, not yet started; the JVM's end stops it and removes the workplace. */
  @SuppressWarnings("unchecked") // Server.call() answers a URI.
  private static Callable<URI> load(Path war, Workplace workplace, String[] arguments)
      throws IOException, ReflectiveOperationException {
    List<URL> classPath = workplace.unpackLauncher(war);
    // Never closed: it serves until the JVM ends.
    ClassLoader loader =
        new URLClassLoader(
            "launcher", classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Object server =
        loader
            .loadClass(SERVER)
            .getConstructor(Path.class, Path.class, String[].class)
            .newInstance(war, workplace.directory(), arguments);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop((Closeable) server, workplace), "launcher stop"));
    return (Callable<URI>) server;
  }

  private static void stop(Closeable server, Workplace workplace) {
    try (workplace;
        server) {
      // Closing is all: the server first, then the files it works with.
    } catch (IOException failure) {
      System.err.println(failure.getMessage());
    }
  }
}
