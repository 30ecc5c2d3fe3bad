package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.DeniedHosts;
import dev.zoetrope.channel.Audience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may watch, and where sources may not connect to. */
class AudienceKeysTest {
  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void prepare() throws IOException {
    home = new Home(folder.toRealPath());
    Files.createDirectories(home.sources());
  }

  private Configuration source(String... lines) throws IOException {
    Path file = home.sources().resolve("gate.yaml");
    Files.writeString(file, "kind: test-pattern\n" + String.join("\n", lines) + "\n");
    return Configuration.read(home, Map.of(), Map.of(), 4L << 30);
  }

  private Configuration server(String... lines) throws IOException {
    Files.write(home.serverFile(), List.of(lines));
    return Configuration.read(home, Map.of(), Map.of(), 4L << 30);
  }

  private static List<String> mistakes(Configuration configuration) {
    return configuration.mistakes().stream().map(Mistake::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({"public, PUBLIC", "signed-in, SIGNED_IN", "link, LINK"})
  void accessIsOneOfThreeWords(String word, Protection protection) throws IOException {
    Configuration configuration = source("access: " + word);

    assertThat(mistakes(configuration)).isEmpty();
    assertThat(configuration.sources().get(0).audience())
        .isEqualTo(new Audience(protection, Set.of()));
  }

  @Test
  void withoutTheKeysItIsForEverybody() throws IOException {
    assertThat(source().sources().get(0).audience()).isEqualTo(Audience.EVERYBODY);
  }

  @Test
  void originsAreKeptAsBrowsersWriteThem() throws IOException {
    Configuration configuration =
        source("origins: [HTTPS://Page.Example:443, \"http://[::1]:8080\", http://a.example:80]");

    assertThat(mistakes(configuration)).isEmpty();
    assertThat(configuration.sources().get(0).audience().origins())
        .containsExactlyInAnyOrder("https://page.example", "http://[::1]:8080", "http://a.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page.example",
        "https://page.example/",
        "https://page.example/path",
        "https://page.example?a=b",
        "https://user@page.example",
        "https://page.example:0",
        "https://page.example:70000",
        "ftp://page.example",
        "null",
        "https://"
      })
  void whatIsNoOriginIsRefused(String text) throws IOException {
    Configuration configuration = source("origins: [\"" + text + "\"]");

    assertThat(mistakes(configuration))
        .singleElement()
        .asString()
        .startsWith("sources/gate.yaml:2: origins")
        .contains("expected the scheme and host of a page, such as https://page.example");
    assertThat(configuration.sources()).isEmpty();
  }

  @Test
  void wrongAccessKeepsTheSourceFromBeingServed() throws IOException {
    Configuration configuration = source("access: signedin");

    assertThat(mistakes(configuration))
        .containsExactly(
            "sources/gate.yaml:2: access: signedin — expected public, signed-in, link; did you"
                + " mean signed-in?");
    assertThat(configuration.sources()).isEmpty();
  }

  @Test
  void moreOriginsThanTheMostAreRefused() throws IOException {
    String many =
        IntStream.rangeClosed(0, Audience.MOST_ORIGINS)
            .mapToObj(i -> "https://p" + i + ".example")
            .collect(Collectors.joining(", ", "origins: [", "]"));

    assertThat(mistakes(source(many))).singleElement().asString().endsWith("expected at most 32");
    assertThat(mistakes(source("origins: https://page.example")))
        .singleElement()
        .asString()
        .endsWith("expected a list such as [https://page.example]");
  }

  @Test
  void deniedHostsAreAListOrOff() throws IOException {
    assertThat(server("rtmpPort: 0").server().denyHosts()).isEqualTo(DeniedHosts.usual());
    assertThat(server("denyHosts: off").server().denyHosts()).isEqualTo(DeniedHosts.of(List.of()));
    assertThat(server("denyHosts: [10.0.0.0/8, intern.example]").server().denyHosts())
        .isEqualTo(DeniedHosts.of(List.of("10.0.0.0/8", "intern.example")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[10.0.0.0/33]", "[\"a b\"]", "[]", "10.0.0.1", "[[a]]", "{a: b}"})
  void wrongListOfDeniedHostsLeavesTheUsualOnes(String value) throws IOException {
    Configuration configuration = server("denyHosts: " + value);

    assertThat(mistakes(configuration))
        .singleElement()
        .asString()
        .startsWith("zoetrope.yaml:1: denyHosts")
        .contains("169.254.0.0/16");
    assertThat(configuration.server().denyHosts()).isEqualTo(DeniedHosts.usual());
  }
}
