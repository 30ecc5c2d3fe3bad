package dev.zoetrope.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers that the WAR is proven on. Each is unpacked below the folder of the system property
 * {@code servers}; its version is that of the property {@code server.<id>}.
 */
public enum AppServers {
  TOMCAT_10("tomcat-10", "Apache Tomcat", 17),
  TOMCAT_11("tomcat-11", "Apache Tomcat", 17),
  PAYARA_MICRO("payara-micro", "Payara Micro", 17),
  PAYARA("payara", "Payara Server", 17),
  GLASSFISH_7("glassfish-7", "Eclipse GlassFish", 17),
  GLASSFISH_8("glassfish-8", "Eclipse GlassFish", 21),
  WILDFLY("wildfly", "WildFly", 17),
  LIBERTY("liberty", "Open Liberty", 17),
  JETTY_12_0("jetty-12.0", "Eclipse Jetty (ee10)", 17),
  JETTY_12_1("jetty-12.1", "Eclipse Jetty (ee11)", 17);

  private static final Path FOLDER = Path.of(System.getProperty("servers", "target/servers"));

  private final String id;
  private final String title;
  private final int needed; // version of Java

  AppServers(String id, String title, int needed) {
    this.id = id;
    this.title = title;
    this.needed = needed;
  }

  /**
   * How many applications that are gone it may still hold: WildFly's idle threads hold their last
   * task until they get another one, and Liberty's loggers, which applications share by their
   * names, the class that asked for them first. It is no more after more redeploys.
   */
  public int keeps() {
    return this == WILDFLY || this == LIBERTY ? 1 : 0;
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  public String version() {
    return System.getProperty("server." + id, "?");
  }

  /** Home of the JDK that it runs on: that of the tests, if it is new enough. */
  public Optional<Path> java() throws IOException {
    List<Path> candidates = new ArrayList<>();
    candidates.add(Path.of(System.getProperty("java.home")));
    Optional.ofNullable(System.getenv("JAVA_HOME_21_PLUS"))
        .map(Path::of)
        .ifPresent(candidates::add);
    Path usual = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(usual)) {
      try (Stream<Path> all = Files.list(usual)) {
        all.sorted().forEach(candidates::add);
      }
    }
    for (Path candidate : candidates) {
      if (version(candidate) >= needed) {
        return Optional.of(candidate.toRealPath());
      }
    }
    return Optional.empty();
  }

  /** Of the JDK at that place; 0 where there is none. */
  public static int version(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.exists(release) || !Files.exists(home.resolve("bin/jcmd"))) {
      return 0;
    }
    return Files.readAllLines(release).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D+(\\d+).*", "$1")))
        .findFirst()
        .orElse(0);
  }

  /**
   * A server that keeps what it writes below {@code base}.
   *
   * @param java home of the JDK that runs it
   */
  public AppServer at(Path base, Path java) throws IOException {
    Path installed = installed();
    return switch (this) {
      case TOMCAT_10, TOMCAT_11 -> new Tomcat(base, installed, java);
      case PAYARA_MICRO -> new PayaraMicro(base, installed, java);
      case PAYARA, GLASSFISH_7, GLASSFISH_8 -> new GlassFish(base, installed, java);
      case WILDFLY -> new WildFly(base, installed, java);
      case LIBERTY -> new Liberty(base, installed, java);
      case JETTY_12_0 -> new Jetty(base, installed, java, "ee10");
      case JETTY_12_1 -> new Jetty(base, installed, java, "ee11");
    };
  }

  /** The only thing in its folder. */
  private Path installed() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER.resolve(id))) {
      return all.filter(each -> !each.getFileName().toString().startsWith("."))
          .findFirst()
          .orElseThrow()
          .toAbsolutePath();
    }
  }
}
