package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.server.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Whether the proxies take the files of {@code docker/proxy}. */
@Tag("any-door")
class ProxyConfigIT {
  private static final Path FILES = Path.of("docker/proxy");

  /** What Apache has built in differs by distribution: these are Debian's modules. */
  private static final List<String> MODULES =
      List.of(
          "mpm_event",
          "authz_core",
          "alias",
          "env",
          "headers",
          "socache_shmcb",
          "ssl",
          "http2",
          "proxy",
          "proxy_http",
          "proxy_wstunnel");

  @TempDir private Path folder;

  @Test
  void nginxTakesItsFile() throws Exception {
    var unused = ReverseProxy.makeCertificate(folder);
    Path file = ReverseProxy.nginx(folder, FreePort.find(), FreePort.find());

    Program.Ended ended =
        run("nginx", "-t", "-p", folder.toString(), "-c", file.toString(), "-e", "stderr");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("test is successful").doesNotContain("[warn]");
  }

  @Test
  void apacheTakesItsFile() throws Exception {
    var unused = ReverseProxy.makeCertificate(folder);
    int port = FreePort.find();
    StringBuilder whole = new StringBuilder();
    MODULES.forEach(
        name ->
            whole.append(
                "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so%n".formatted(name, name)));
    whole.append("ServerRoot " + folder + "\nPidFile apache.pid\nErrorLog /dev/stderr\n");
    whole.append("ServerName cams.example\nListen 127.0.0.1:" + port + " https\n");
    String host = Files.readString(FILES.resolve("apache.conf"));
    host = ReverseProxy.replaced(host, "*:443", "127.0.0.1:" + port);
    whole.append(ReverseProxy.replaced(host, "/etc/ssl/cams/", folder + "/"));
    Path file = Files.writeString(folder.resolve("apache.conf"), whole);

    Program.Ended ended = run("apache2", "-t", "-f", file.toString());

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).isEqualToIgnoringWhitespace("Syntax OK");
  }

  @Test
  void caddyTakesItsFile() throws Exception {
    Program.Ended ended =
        run(
            "env",
            "HOME=" + folder,
            "XDG_DATA_HOME=" + folder,
            "XDG_CONFIG_HOME=" + folder,
            "caddy",
            "validate",
            "--adapter",
            "caddyfile",
            "--config",
            FILES.resolve("Caddyfile").toString());

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out() + ended.err()).contains("Valid configuration");
  }

  /** Debian has no Traefik: its file is held against the keys that its reference has. */
  @Test
  void traefiksFileHasKeysThatAreDocumentedAndNamesThatAreThere() throws Exception {
    Map<?, ?> whole = map(new Load(LoadSettings.builder().build()).loadFromString(traefik()));

    assertThat(whole.keySet()).isEqualTo(Set.of("http"));
    Map<?, ?> http = map(whole.get("http"));
    assertThat(http.keySet()).isEqualTo(Set.of("routers", "middlewares", "services"));
    Map<?, ?> middlewares = map(http.get("middlewares"));
    Map<?, ?> services = map(http.get("services"));
    Map<?, ?> router = map(map(http.get("routers")).get("zoetrope"));
    assertThat(router.keySet()).isEqualTo(Set.of("rule", "service", "middlewares", "tls"));
    assertThat(services.containsKey(router.get("service"))).isTrue();
    assertThat((List<?>) router.get("middlewares")).allMatch(middlewares::containsKey);
    assertThat(map(map(middlewares.get("zoetrope-slash")).get("redirectRegex")).keySet())
        .isEqualTo(Set.of("regex", "replacement", "permanent"));
    Map<?, ?> prefix = map(map(middlewares.get("zoetrope-prefix")).get("stripPrefix"));
    assertThat(prefix).isEqualTo(Map.of("prefixes", List.of("/cams")));
    Map<?, ?> balancer = map(map(services.get("zoetrope")).get("loadBalancer"));
    assertThat(balancer.keySet())
        .isEqualTo(Set.of("passHostHeader", "responseForwarding", "servers"));
    assertThat(map(balancer.get("responseForwarding"))).isEqualTo(Map.of("flushInterval", "-1ms"));
    assertThat((List<?>) balancer.get("servers"))
        .isEqualTo(List.of(Map.of("url", "http://127.0.0.1:8080")));
  }

  private static String traefik() throws Exception {
    return Files.readString(FILES.resolve("traefik.yml"));
  }

  private static Map<?, ?> map(Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<?, ?>) value;
  }

  private static Program.Ended run(String... command) throws Exception {
    try (Program program = Program.start(command)) {
      return program.await();
    }
  }
}
