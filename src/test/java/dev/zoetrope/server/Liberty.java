package dev.zoetrope.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Open Liberty with the Web Profile; applications are named in {@code server.xml}. */
final class Liberty extends AppServer {
  private Path server;

  Liberty(Path base, Path installed, Path java) {
    super(base, installed, java);
  }

  @Override
  void prepare() throws IOException {
    server = Files.createDirectories(base.resolve("servers/zoetrope"));
    Files.createDirectories(server.resolve("apps"));
    write("");
  }

  private void write(String application) throws IOException {
    Path written =
        Files.writeString(
            base.resolve("server.xml.part"),
            """
            <server>
              <featureManager><feature>webProfile-10.0</feature></featureManager>
              <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="%d" httpsPort="%d"/>
              <config updateTrigger="polled" monitorInterval="500ms"/>
              <logging consoleLogLevel="INFO"/>
              %s
            </server>
            """
                .formatted(port, FreePort.find(), application));
    Files.move(
        written,
        server.resolve("server.xml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = super.builder(command);
    builder.environment().put("WLP_USER_DIR", base.toString());
    return builder;
  }

  @Override
  List<String> command() {
    return List.of(installed.resolve("bin/server").toString(), "run", "zoetrope");
  }

  @Override
  public void deploy(Path war, Context context) throws IOException {
    String name = context.fileName() + ".war";
    Files.deleteIfExists(server.resolve("apps").resolve(name));
    put(war, server.resolve("apps"), context.fileName());
    write("<webApplication location=\"%s\" contextRoot=\"%s\"/>".formatted(name, context.root()));
  }

  @Override
  public void undeploy(Context context) throws IOException, InterruptedException {
    write("");
    awaitGone(context);
  }
}
