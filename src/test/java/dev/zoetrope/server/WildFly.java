package dev.zoetrope.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** WildFly: a base of its own; applications are files in {@code deployments}. */
final class WildFly extends FolderServer {
  WildFly(Path base, Path installed, Path java) {
    super(base, installed, java);
  }

  @Override
  void prepare() throws IOException {
    copy(installed.resolve("standalone/configuration"), base.resolve("standalone/configuration"));
    Files.createDirectories(base.resolve("standalone/deployments"));
  }

  @Override
  List<String> command() {
    return List.of(
        installed.resolve("bin/standalone.sh").toString(),
        "-Djboss.server.base.dir=" + base.resolve("standalone"),
        "-Djboss.http.port=" + port,
        "-Djboss.https.port=" + FreePort.find(),
        "-Djboss.management.http.port=" + FreePort.find(),
        "-Djboss.ajp.port=" + FreePort.find());
  }

  @Override
  ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = super.builder(command);
    builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true"); // its script passes signals on
    return builder;
  }

  @Override
  Path applications() {
    return base.resolve("standalone/deployments");
  }
}
