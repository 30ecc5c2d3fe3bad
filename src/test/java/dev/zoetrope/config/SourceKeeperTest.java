package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Node;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceKeeperTest {
  private static final long HEAP = 4L << 30;
  private static final String PATTERN = "kind: test-pattern\n";
  private static final SourceId GATE = new SourceId("gate");

  @TempDir private Path folder;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private Home home;
  private Ffmpeg ffmpeg;
  private Channels channels;
  private SourceKeeper keeper;

  @BeforeEach
  void prepare() throws IOException {
    home = new Home(folder);
    Files.createDirectories(home.sources());
    Files.createDirectories(home.media());
    Secrets.prepare(home.secretsFile());
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
  }

  @AfterEach
  void close() {
    channels.close();
    timer.shutdownNow();
    ffmpeg.close();
  }

  private void start() {
    Configuration configuration = Configuration.read(home, Map.of(), Map.of(), HEAP);
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, () -> System.currentTimeMillis() * 1000),
            List.of(timer),
            timer,
            configuration.server().limits(),
            (source, incident, why) -> {},
            Optional.empty());
    channels = new Channels(configuration.sources(), node);
    keeper = new SourceKeeper(home, configuration, channels);
  }

  private void write(String id, String content) throws IOException {
    Files.writeString(home.sources().resolve(id + ".yaml"), content);
  }

  /** The first sees that something changed, the second that it is finished. */
  private void lookTwice() {
    keeper.look();
    keeper.look();
  }

  private List<String> ids() {
    return channels.all().stream().map(channel -> channel.id().value()).toList();
  }

  private String title(String id) {
    return channels.channel(new SourceId(id)).orElseThrow().settings().title();
  }

  @Test
  void filesThatComeChangeAndGoAreFollowed() throws IOException {
    write("kept", PATTERN);
    write("gone", PATTERN);
    start();
    Channel kept = channels.all().get(1);

    write("come", PATTERN);
    Files.delete(home.sources().resolve("gone.yaml"));
    write("kept", PATTERN + "title: New\n");
    lookTwice();

    assertThat(ids()).containsExactly("come", "kept");
    assertThat(channels.all().get(1)).isSameAs(kept);
    assertThat(title("kept")).isEqualTo("New");
  }

  @Test
  void fileIsNotReadWhileItIsBeingWritten() throws IOException {
    start();
    write("gate", "kind: test-pattern\ntitle: Ha");
    keeper.look();
    write("gate", "kind: test-pattern\ntitle: Half no more\n");
    keeper.look();

    assertThat(ids()).isEmpty();
    keeper.look();
    assertThat(title("gate")).isEqualTo("Half no more");
  }

  @Test
  void mistakeLeavesTheLastGoodSettingsAndIsToldUntilItIsMended() throws IOException {
    write("gate", PATTERN + "title: Good\n");
    start();

    write("gate", PATTERN + "titel: Bad\n");
    lookTwice();

    assertThat(title("gate")).isEqualTo("Good");
    assertThat(keeper.mistakes(GATE))
        .extracting(Mistake::toString)
        .containsExactly("sources/gate.yaml:2: titel: Bad — unknown key; did you mean title?");

    write("gate", PATTERN + "title: Better\n");
    lookTwice();

    assertThat(title("gate")).isEqualTo("Better");
    assertThat(keeper.mistakes(GATE)).isEmpty();
  }

  @Test
  void changeInTheSameMomentAndOfTheSameSizeIsSeen() throws IOException {
    write("gate", PATTERN + "title: One\n");
    start();
    Path file = home.sources().resolve("gate.yaml");
    var time = Files.getLastModifiedTime(file);

    write("gate", PATTERN + "title: Two\n");
    Files.setLastModifiedTime(file, time);
    lookTwice();

    assertThat(title("gate")).isEqualTo("Two");
  }

  @Test
  void folderThatIsGoneForAMomentTakesNoSourceWithIt() throws IOException {
    write("gate", PATTERN);
    start();
    Path away = folder.resolve("away");

    Files.move(home.sources(), away);
    lookTwice();
    assertThat(ids()).containsExactly("gate");

    Files.move(away, home.sources());
    lookTwice();
    assertThat(ids()).containsExactly("gate");
  }

  @Test
  void sourcePastTheLimitWaitsForRoom() throws IOException {
    Files.writeString(home.serverFile(), "limits: {sources: 1}\n");
    write("first", PATTERN);
    start();

    write("another", PATTERN);
    lookTwice();
    assertThat(ids()).containsExactly("first");
    assertThat(keeper.mistakes(new SourceId("another")))
        .extracting(Mistake::key)
        .containsExactly("limits.sources");

    Files.delete(home.sources().resolve("first.yaml"));
    lookTwice();
    assertThat(ids()).containsExactly("another");
    assertThat(keeper.mistakes(new SourceId("another"))).isEmpty();
  }

  @Test
  void newSecretIsThereForTheSourcesThatWaitForIt() throws IOException {
    write("gate", "kind: http-publish\nkey: gate-key\n");
    start();
    assertThat(ids()).isEmpty();
    assertThat(keeper.ids()).containsExactly(GATE);

    String before = Files.readString(home.secretsFile());
    Files.writeString(home.secretsFile(), before + "gate-key: \"long and random\"\n");
    lookTwice();
    assertThat(ids()).containsExactly("gate");

    Files.writeString(home.secretsFile(), "not: [yaml");
    lookTwice();
    assertThat(ids()).containsExactly("gate");
    assertThat(keeper.mistakes(GATE)).isEmpty();
  }

  @Test
  void otherFilesAmongThemAreLeftAlone() throws IOException {
    start();

    write(".gate", PATTERN);
    Files.writeString(home.sources().resolve("gate.yaml~"), PATTERN);
    Files.writeString(home.sources().resolve("gate.yml"), PATTERN);
    lookTwice();

    assertThat(ids()).isEmpty();
  }
}
