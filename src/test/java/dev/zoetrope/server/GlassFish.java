package dev.zoetrope.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Eclipse GlassFish, and Payara Server: a domain of its own, and the command {@code asadmin}. */
final class GlassFish extends AppServer {
  private static final String DOMAIN = "domain1";

  private final int adminPort = FreePort.find();
  private boolean isStarted;
  private Path first; // WAR to begin with; set by deploy()
  private Context firstContext; // the same

  GlassFish(Path base, Path installed, Path java) {
    super(base, installed, java);
  }

  private List<String> asadmin(String... words) {
    List<String> command = new ArrayList<>();
    command.add(installed.resolve("bin/asadmin").toString());
    command.addAll(List.of("--interactive=false", "--port", Integer.toString(adminPort)));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  void prepare() throws IOException, InterruptedException {
    run(
        asadmin(
            "create-domain",
            "--nopassword",
            "--domaindir",
            base.resolve("domains").toString(),
            "--adminport",
            Integer.toString(adminPort),
            "--domainproperties",
            ports(),
            "--instanceport",
            Integer.toString(port),
            DOMAIN));
  }

  /** All others that it opens. */
  private static String ports() {
    StringBuilder ports = new StringBuilder();
    for (String each :
        List.of(
            "http.ssl.port",
            "jms.port",
            "orb.listener.port",
            "orb.ssl.port",
            "orb.mutualauth.port",
            "domain.jmxPort",
            "osgi.shell.telnet.port",
            "java.debugger.port")) {
      ports.append(ports.isEmpty() ? "" : ":").append(each).append('=').append(FreePort.find());
    }
    return ports.toString();
  }

  @Override
  List<String> command() {
    return asadmin(
        "start-domain", "--verbose", "--domaindir", base.resolve("domains").toString(), DOMAIN);
  }

  @Override
  public void awaitReady(Context context) throws IOException, InterruptedException {
    if (!isStarted) {
      awaitAdmin();
      isStarted = true;
      deploy(first, firstContext);
    }
    super.awaitReady(context);
  }

  /** Applications are handed to a running server only. */
  private void awaitAdmin() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/");
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (status(uri) == 0 && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  @Override
  public void deploy(Path war, Context context) throws IOException, InterruptedException {
    if (!isStarted) {
      first = war;
      firstContext = context;
      return;
    }
    run(
        asadmin(
            "deploy",
            "--name",
            context.fileName(),
            "--contextroot",
            context.root(),
            war.toString()));
  }

  @Override
  public void undeploy(Context context) throws IOException, InterruptedException {
    run(asadmin("undeploy", context.fileName()));
  }
}
