package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.access.TrustedProxies;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.DeniedHosts;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  private static final long HEAP = 4L << 30;

  @TempDir private Path temp;

  @Test
  void optionGoesBeforeEnvironmentAndThatBeforeTheUsersHome() {
    Map<String, String> environment = Map.of("ZOETROPE_HOME", "/srv/zoetrope");

    assertThat(Home.resolve(Optional.of("/opt/z"), environment, temp).folder())
        .isEqualTo(Path.of("/opt/z").toAbsolutePath());
    assertThat(Home.resolve(Optional.of(" "), environment, temp).folder())
        .isEqualTo(Path.of("/srv/zoetrope").toAbsolutePath());
    assertThat(Home.resolve(Optional.empty(), Map.of(), temp).folder())
        .isEqualTo(temp.resolve(".zoetrope"));
  }

  @Test
  void tildeIsTheUsersHome() {
    assertThat(Home.resolve(Optional.of("~/z"), Map.of(), temp).folder())
        .isEqualTo(temp.resolve("z"));
  }

  @Test
  void whatCannotBeAPathIsRefused() {
    assertThatThrownBy(() -> Home.resolve(Optional.of("a\0b"), Map.of(), temp))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--home: a b — expected the path of a folder");
  }

  @Test
  void firstStartWritesDemoWithTheDefaults() throws IOException {
    Home home = new Home(temp.resolve("a/b"));

    boolean first = home.prepare();

    assertThat(first).isTrue();
    Configuration configuration = Configuration.read(home, Map.of(), Map.of(), HEAP);
    assertThat(configuration.mistakes()).isEmpty();
    assertThat(configuration.server())
        .isEqualTo(
            new ServerSettings(
                Limits.defaultsFor(HEAP),
                4,
                1935,
                true,
                true,
                false,
                List.of(),
                DeniedHosts.usual(),
                Optional.empty(),
                Optional.empty(),
                TrustedProxies.NONE,
                false));
    assertThat(configuration.sources())
        .containsExactly(
            new SourceSettings(
                new SourceId("demo"),
                "Demonstration",
                new Source.TestPattern(640, 360, 25),
                false,
                SourceSettings.DEFAULT_LINGER,
                Stream.of(Format.values()).map(Rendition::defaultOf).toList(),
                CaptureSettings.DEFAULT));
    assertThat(home.media()).isDirectory();
  }

  @Test
  void commentsOfTheFirstFilesAreTrue() throws IOException {
    Home home = new Home(temp);
    home.prepare();
    String demo = uncommented(home.sources().resolve("demo.yaml"), "renditions|  [a-z0-9-]+");
    String server = uncommented(home.serverFile(), "limits|  [a-zA-Z]+");

    Files.writeString(home.sources().resolve("demo.yaml"), demo);
    Files.writeString(home.serverFile(), server);

    Configuration configuration = Configuration.read(home, Map.of(), Map.of(), HEAP);
    assertThat(configuration.mistakes()).isEmpty();
    assertThat(configuration.server().limits()).isEqualTo(Limits.defaultsFor(HEAP));
    List<Rendition> renditions = configuration.sources().get(0).renditions();
    assertThat(renditions.subList(0, 4))
        .containsExactly(
            Stream.of(Format.values()).map(Rendition::defaultOf).toArray(Rendition[]::new));
    assertThat(renditions.get(4).name()).isEqualTo("mjpeg-small");
    assertThat(server).contains("logBytes: 1g");
  }

  @Test
  void commentsOfTheDemoStandInOneColumn() throws IOException {
    Home home = new Home(temp);
    home.prepare();

    List<String> lines = Files.readAllLines(home.sources().resolve("demo.yaml"));

    assertThat(columns(lines, "(?:# )?\\w+: .*")).hasSize(1);
    assertThat(columns(lines, "#   \\S+: .*")).hasSize(1);
  }

  /** Where comments begin behind keys. */
  private static Set<Integer> columns(List<String> lines, String withKey) {
    return lines.stream()
        .filter(line -> line.matches(withKey))
        .map(line -> line.indexOf(" #"))
        .filter(column -> column > 0)
        .collect(Collectors.toSet());
  }

  @Test
  void laterStartsWriteNothing() throws IOException {
    Home home = new Home(temp);
    Files.createDirectory(home.sources());

    boolean first = home.prepare();

    assertThat(first).isFalse();
    assertThat(home.sources()).isEmptyDirectory();
    assertThat(home.serverFile()).doesNotExist();
  }

  @Test
  void filesThatExistAreLeftAsTheyAre() throws IOException {
    Home home = new Home(temp);
    Files.writeString(home.serverFile(), "limits: {viewers: 7}\n");

    home.prepare();

    assertThat(home.serverFile()).hasContent("limits: {viewers: 7}\n");
    assertThat(home.sources().resolve("demo.yaml")).exists();
  }

  @Test
  void folderThatCannotBeMadeIsSaidWithTheWayOut() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> new Home(file).prepare())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot make " + file + ": is there already and is no folder")
        .hasMessageContaining("choose another folder by --home or ZOETROPE_HOME");
  }

  private static String uncommented(Path file, String keys) throws IOException {
    return Pattern.compile("(?m)^# ((" + keys + "):.*)$")
        .matcher(Files.readString(file))
        .replaceAll("$1");
  }
}
