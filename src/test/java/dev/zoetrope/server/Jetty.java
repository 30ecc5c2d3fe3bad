package dev.zoetrope.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Eclipse Jetty: a base of its own with the modules of one Jakarta EE; applications are files. */
final class Jetty extends FolderServer {
  private final String edition;

  /**
   * @param edition of Jakarta EE, as its modules are called: {@code ee10}
   */
  Jetty(Path base, Path installed, Path java, String edition) {
    super(base, installed, java);
    this.edition = edition;
  }

  @Override
  void prepare() throws IOException, InterruptedException {
    String modules =
        "http,%1$s-deploy,%1$s-annotations,%1$s-cdi-decorate,%1$s-jsp,%1$s-websocket-jakarta"
            .formatted(edition);
    run(jetty("--add-modules=" + modules));
    Files.createDirectories(base.resolve("webapps"));
  }

  private List<String> jetty(String... options) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program("java"), "-jar", installed.resolve("start.jar").toString()));
    command.add("jetty.base=" + base);
    command.addAll(List.of(options));
    return command;
  }

  @Override
  List<String> command() {
    return jetty(
        "jetty.http.host=127.0.0.1", "jetty.http.port=" + port, "jetty.deploy.scanInterval=1");
  }

  @Override
  Path applications() {
    return base.resolve("webapps");
  }
}
