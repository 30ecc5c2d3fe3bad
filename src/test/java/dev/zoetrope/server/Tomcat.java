package dev.zoetrope.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Apache Tomcat: a base of its own; applications are files in {@code webapps}. */
final class Tomcat extends FolderServer {
  Tomcat(Path base, Path installed, Path java) {
    super(base, installed, java);
  }

  @Override
  void prepare() throws IOException {
    copy(installed.resolve("conf"), base.resolve("conf"));
    for (String folder : List.of("logs", "temp", "webapps", "work")) {
      Files.createDirectories(base.resolve(folder));
    }
    Path file = base.resolve("conf/server.xml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("port=\"8005\"", "port=\"-1\"")
            .replace("port=\"8080\"", "port=\"" + port + "\" address=\"127.0.0.1\"")
            .replace("<Engine ", "<Engine backgroundProcessorDelay=\"1\" "));
  }

  @Override
  List<String> command() {
    return List.of(
        program("java"),
        "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
        "-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"),
        "-Dcatalina.home=" + installed,
        "-Dcatalina.base=" + base,
        "-Djava.io.tmpdir=" + base.resolve("temp"),
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        "-cp",
        installed.resolve("bin/bootstrap.jar") + ":" + installed.resolve("bin/tomcat-juli.jar"),
        "org.apache.catalina.startup.Bootstrap",
        "start");
  }

  @Override
  Path applications() {
    return base.resolve("webapps");
  }
}
