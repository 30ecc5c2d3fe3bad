package dev.zoetrope.launch;

import dev.zoetrope.launch.LauncherOptions.Tls;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.scan.StandardJarScanFilter;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * The second stage: one Tomcat with one connector and the one web application, at the root.
 *
 * <p>Made and started by {@link Main} through the JDK's types only, for they live in different
 * class loaders. {@link #call} on the main thread, {@link #close} on the thread of the JVM's
 * shutdown.
 */
public final class Server implements Callable<URI>, Closeable {
  private static final int MAX_CONNECTIONS = 20_000;
  private static final int ACCEPT_BACKLOG = 1_024;

  /** Each viewer keeps both buffers for as long as it stays; what publishers send goes past. */
  private static final int READ_BUFFER_BYTES = 4 << 10;

  private static final int WRITE_BUFFER_BYTES = 8 << 10; // Tomcat's own

  private static final int FRAME_BYTES = 64 << 10;

  /** The kernel would grow it to megabytes for a client that takes nothing. */
  private static final int SEND_BUFFER_BYTES = 256 << 10;

  /** Viewers cost no thread; these serve requests that begin or end. */
  private static final int MAX_THREADS = 64;

  private static final int MIN_SPARE_THREADS = 4;

  /** How long a client may be silent within a request. */
  private static final long REQUEST_TIMEOUT_MILLIS = 30_000;

  /** How long Tomcat's own threads may take to leave. */
  private static final long EXECUTOR_STOP_MILLIS = 500;

  /** How long Tomcat waits for requests before the application is told to stop. */
  private static final long UNLOAD_MILLIS = 20;

  /** How long the whole stop may take; operators and service managers lose patience soon after. */
  private static final long STOP_MILLIS = 3_500;

  /** The application says by it how much longer, since it lets other nodes go elsewhere first. */
  private static final String DRAIN_MILLIS = "zoetrope.drainMillis";

  private final Path war;
  private final Path workplace;
  private final LauncherOptions options;
  private final Tomcat tomcat = new Tomcat();

  /**
   * A server for {@code arguments}, not started.
   *
   * @param workplace an empty place for its files, its own
   * @throws UsageException when {@code arguments} cannot be obeyed
   */
  public Server(Path war, Path workplace, String[] arguments) throws UsageException {
    this.war = war;
    this.workplace = workplace;
    this.options = LauncherOptions.parse(List.of(arguments));
  }

  /**
   * Starts; the port is taken first, so that a taken one is told before anything else begins.
   *
   * @return where a browser on this machine finds it
   * @throws IOException with a message for the operator when it cannot start
   */
  @Override
  public URI call() throws IOException, InterruptedException {
    beQuick();
    System.setProperty("zoetrope.home", options.home().toString());
    options.ffmpeg().ifPresent(path -> System.setProperty("zoetrope.ffmpeg", path.toString()));
    Connector connector = connector(address());
    tomcat.setBaseDir(workplace.resolve("tomcat").toString());
    tomcat.setConnector(connector);
    listen();
    System.setProperty("zoetrope.address", uri(connector.getLocalPort()).toString());
    Path application = workplace.resolve("application");
    Workplace.unpackApplication(war, application);
    start(context(application));
    return uri(connector.getLocalPort());
  }

  /** Stops, within {@value #STOP_MILLIS} ms whatever happens, if no other node is to go first. */
  @Override
  public void close() {
    Thread stopping = new Thread(this::stop, "launcher tomcat stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      TimeUnit.MILLISECONDS.timedJoin(stopping, STOP_MILLIS);
      TimeUnit.MILLISECONDS.timedJoin(stopping, Long.getLong(DRAIN_MILLIS, 0));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (stopping.isAlive()) {
      System.err.println("not stopped within " + STOP_MILLIS + " ms: ended all the same");
    }
  }

  /** Leaves out what nobody asks for: management beans, and schemas of our own two files. */
  private static void beQuick() {
    Registry.disableRegistry();
    System.setProperty("org.jboss.weld.xml.disableValidating", "true");
  }

  private Optional<InetAddress> address() throws IOException {
    if (options.host().isEmpty()) {
      return Optional.empty();
    }
    String host = options.host().get();
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw new IOException("host " + host + " is unknown: give an address of this machine");
    }
    if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
      throw new IOException(
          "host " + host + " is not this machine: give one of its addresses with --host");
    }
    return Optional.of(address);
  }

  private Connector connector(Optional<InetAddress> address)
      throws IOException, InterruptedException {
    Connector connector = new Connector("HTTP/1.1");
    connector.setThrowOnFailure(true);
    connector.setPort(options.port());
    address.ifPresent(one -> set(connector, "address", one.getHostAddress()));
    set(connector, "tcpNoDelay", true);
    set(connector, "compression", "off");
    set(connector, "maxConnections", MAX_CONNECTIONS);
    set(connector, "acceptCount", ACCEPT_BACKLOG);
    set(connector, "maxThreads", MAX_THREADS);
    set(connector, "minSpareThreads", MIN_SPARE_THREADS);
    set(connector, "connectionTimeout", REQUEST_TIMEOUT_MILLIS);
    set(connector, "maxKeepAliveRequests", -1);
    set(connector, "socket.appReadBufSize", READ_BUFFER_BYTES);
    set(connector, "socket.appWriteBufSize", writeBufferBytes());
    set(connector, "socket.txBufSize", SEND_BUFFER_BYTES);
    set(connector, "executorTerminationTimeoutMillis", EXECUTOR_STOP_MILLIS);
    if (options.tls().isHttps()) {
      protect(connector);
    }
    return connector;
  }

  /** Where viewers are served by the container: room for a frame spares hops between threads. */
  private static int writeBufferBytes() {
    return System.getProperty("zoetrope.fastDoor", "auto").equals("off")
        ? FRAME_BYTES
        : WRITE_BUFFER_BYTES;
  }

  private static void set(Connector connector, String name, Object value) {
    if (!connector.setProperty(name, value.toString())) {
      throw new AssertionError("Tomcat knows no connector property " + name);
    }
  }

  private void protect(Connector connector) throws IOException, InterruptedException {
    connector.setSecure(true);
    connector.setScheme("https");
    set(connector, "SSLEnabled", true);
    SSLHostConfig host = new SSLHostConfig();
    host.setProtocols("TLSv1.2+TLSv1.3");
    SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
    if (options.tls() instanceof Tls.Pem pem) {
      PemPair.check(pem);
      certificate.setCertificateFile(pem.certificate().toString());
      certificate.setCertificateKeyFile(pem.key().toString());
    } else {
      certificate.setCertificateKeystoreFile(SelfSigned.below(options.home()).toString());
      certificate.setCertificateKeystoreType("PKCS12");
      certificate.setCertificateKeystorePassword(SelfSigned.PASSWORD);
    }
    host.addCertificate(certificate);
    connector.addSslHostConfig(host);
  }

  private void listen() throws IOException {
    try (StartLog log = StartLog.open()) {
      tomcat.init();
      log.pass();
    } catch (LifecycleException failure) {
      Throwable cause = rootCause(failure);
      if (cause instanceof BindException) {
        throw new IOException(
            "Permission denied".equals(cause.getMessage())
                ? "port " + options.port() + " needs more rights: choose another with --port"
                : "port " + options.port() + " is in use: choose another with --port");
      }
      if (cause instanceof SocketException) {
        throw new IOException("port " + options.port() + " cannot be used: " + cause.getMessage());
      }
      throw new IOException("cannot listen on port " + options.port() + ": " + cause.getMessage());
    }
  }

  private StandardContext context(Path application) {
    StandardHost host = (StandardHost) tomcat.getHost();
    host.setAutoDeploy(false);
    host.setDeployOnStartup(false);
    ErrorReportValve errors = new ErrorReportValve();
    errors.setShowReport(false);
    errors.setShowServerInfo(false);
    host.getPipeline().addValve(errors);

    tomcat.setAddDefaultWebXmlToWebapp(false); // It brings JSP.
    StandardContext context =
        (StandardContext) tomcat.addWebapp(host, "", application.toString(), new ContextConfig());
    context.setParentClassLoader(Server.class.getClassLoader());
    // The application itself completes its endless responses, and ends what keeps requests waiting.
    // 0 would wait for these without a limit.
    context.setUnloadDelay(UNLOAD_MILLIS);
    context.setClearReferencesRmiTargets(false); // The JVM ends with the application.
    context.setClearReferencesThreadLocals(false);
    context.setRenewThreadsWhenStoppingContext(false);
    context.addWelcomeFile("index.html");
    Tomcat.addDefaultMimeTypeMappings(context);
    Wrapper files = Tomcat.addServlet(context, "default", new DefaultServlet());
    files.setOverridable(true);
    context.addServletMappingDecoded("/", "default");

    // CDI scans for itself; Tomcat's own search for fragments and annotations in jars only costs
    // time.
    StandardJarScanFilter none = new StandardJarScanFilter();
    none.setPluggabilitySkip("*.jar");
    none.setTldSkip("*.jar");
    StandardJarScanner scanner = new StandardJarScanner();
    scanner.setScanClassPath(false);
    scanner.setScanManifest(false);
    scanner.setJarScanFilter(none);
    context.setJarScanner(scanner);
    return context;
  }

  private void start(StandardContext context) throws IOException {
    try (StartLog log = StartLog.open()) {
      tomcat.start();
      if (context.getState() != LifecycleState.STARTED) {
        throw notStarted(log.failure());
      }
      log.pass();
    } catch (LifecycleException failure) {
      throw notStarted(Optional.of(failure));
    }
  }

  /** Our own exceptions speak to the operator; of all others the developer needs the stack. */
  private static IOException notStarted(Optional<Throwable> failure) {
    if (failure.isEmpty()) {
      return new IOException("Zoetrope cannot start: the web application gave no reason");
    }
    Throwable cause = rootCause(failure.get());
    boolean ours = cause.getClass().getName().startsWith("dev.zoetrope.");
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new IOException("Zoetrope cannot start: " + message, ours ? null : cause);
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private URI uri(int port) {
    String scheme = options.tls().isHttps() ? "https" : "http";
    return URI.create(scheme + "://" + host() + ":" + port + "/");
  }

  private String host() {
    String host = options.host().orElse("::");
    if (List.of("::", "0.0.0.0").contains(host)) {
      return "localhost";
    }
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private void stop() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException failure) {
      System.err.println("not stopped cleanly: " + rootCause(failure));
    }
  }
}
