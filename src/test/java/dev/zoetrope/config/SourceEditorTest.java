package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.config.EditRefusedException.Reason;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourceEditorTest {
  private static final long HEAP = 4L << 30;
  private static final SourceId GATE = new SourceId("gate");
  private static final Precondition NONE =
      new Precondition(Optional.empty(), Optional.empty(), false);

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
    start();
  }

  @AfterEach
  void close() {
    channels.close();
    timer.shutdownNow();
    ffmpeg.close();
  }

  private Configuration read() {
    return Configuration.read(home, Map.of(), Map.of(), HEAP);
  }

  private void start() {
    Configuration configuration = read();
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

  private SourceEditor editor(Disk disk) {
    return new SourceEditor(home, channels, keeper, disk);
  }

  private SourceEditor.Edited put(Map<String, Object> wanted) throws EditRefusedException {
    return editor(Disk.REAL).edit(GATE, NONE, shown -> wanted);
  }

  private EditRefusedException refused(Map<String, Object> wanted) {
    return catchThrowableOfType(EditRefusedException.class, () -> put(wanted));
  }

  private List<SourceSettings> atWork() {
    return channels.all().stream().map(Channel::settings).toList();
  }

  private String file() throws IOException {
    return Files.readString(home.sourceFile(GATE));
  }

  private static UnaryOperator<Map<String, Object>> with(String key, Object value) {
    return shown -> {
      Map<String, Object> wanted = new LinkedHashMap<>(shown);
      wanted.put(key, value);
      return wanted;
    };
  }

  @Test
  void sourceIsCreatedChangedAndDeletedWithItsFile() throws Exception {
    SourceEditor.Edited created = put(Map.of("kind", "test-pattern"));
    assertThat(created.isNew()).isTrue();
    assertThat(file()).isEqualTo("kind: test-pattern\n");
    assertThat(atWork()).isEqualTo(read().sources());

    Files.writeString(home.sourceFile(GATE), "# mine\nkind: test-pattern # moving\n");
    SourceEditor.Edited changed = editor(Disk.REAL).edit(GATE, NONE, with("title", "Gate"));

    assertThat(file()).isEqualTo("# mine\nkind: test-pattern # moving\ntitle: Gate\n");
    assertThat(changed.tag()).isNotEqualTo(created.tag());
    assertThat(editor(Disk.REAL).stored(GATE).orElseThrow().tag()).isEqualTo(changed.tag());
    assertThat(atWork()).extracting(SourceSettings::title).containsExactly("Gate");

    editor(Disk.REAL).delete(GATE, NONE);

    assertThat(home.sourceFile(GATE)).doesNotExist();
    assertThat(atWork()).isEmpty();
    assertThat(keeper.ids()).isEmpty();
  }

  @Test
  void secretsGoToTheirFileAndAreNotShown() throws Exception {
    put(
        Map.of(
            "kind", "url", "url", "rtsp://127.0.0.1/x", "user", "me", "password", "p@ss: \"w\"\\"));

    assertThat(file()).doesNotContain("p@ss");
    assertThat(Files.readString(home.secretsFile())).contains("gate-password-", "admin-token");
    Source.Url url = (Source.Url) atWork().get(0).source();
    assertThat(url.uri().getUserInfo()).isEqualTo("me:p@ss: \"w\"\\");
    Map<String, Object> shown = editor(Disk.REAL).stored(GATE).orElseThrow().settings().get();
    assertThat(shown.toString()).doesNotContain("p@ss");

    put(shown); // as it was given

    assertThat(atWork()).isEqualTo(read().sources());
    assertThat(((Source.Url) atWork().get(0).source()).uri()).isEqualTo(url.uri());
  }

  private static String key(SourceSettings source) {
    return ((Source.HttpPublish) source.source()).key().reveal();
  }

  @Test
  void newKeyTakesTheOldOnesPlaceAmongComments() throws Exception {
    Files.writeString(
        home.secretsFile(),
        "# mine\nadmin-token: \"t\"\ngate-key: 'old one' # of the gate\nlast: \"l\"\n");
    Files.writeString(home.sourceFile(GATE), "kind: http-publish # pushed\nkey: gate-key\n");
    keeper.look();
    keeper.look();
    keeper.look();

    keeper.publishKeys().renew(GATE);

    String key = key(atWork().get(0));
    assertThat(key).hasSize(32).matches("[A-Za-z0-9_-]+");
    assertThat(Files.readString(home.secretsFile()))
        .isEqualTo(
            "# mine\nadmin-token: \"t\"\ngate-key: "
                + YamlTree.flow(key)
                + " # of the gate\nlast: \"l\"\n");
    assertThat(file()).isEqualTo("kind: http-publish # pushed\nkey: gate-key\n");
    assertThat(atWork()).isEqualTo(read().sources());
    assertThat(keeper.publishKeys().of(GATE).orElseThrow().key().orElseThrow().reveal())
        .isEqualTo(key);
    keeper.look();
    keeper.look();
    assertThat(key(atWork().get(0))).isEqualTo(key);
  }

  @Test
  void newKeyOfOneSourceLeavesThatOfAnotherWithTheSameSecret() throws Exception {
    SourceId yard = new SourceId("yard");
    Files.writeString(home.secretsFile(), "admin-token: t\nshared: old\n");
    String file = "kind: http-publish\nkey: shared # both\n";
    Files.writeString(home.sourceFile(GATE), file);
    Files.writeString(home.sourceFile(yard), file);
    keeper.look();
    keeper.look();
    keeper.look();

    keeper.publishKeys().renew(GATE);

    assertThat(key(atWork().get(0))).hasSize(32);
    assertThat(key(atWork().get(1))).isEqualTo("old");
    assertThat(file()).matches("kind: http-publish\nkey: gate-key-[0-9a-f]{6} # both\n");
    assertThat(home.sourceFile(yard)).hasContent(file);
    assertThat(atWork()).isEqualTo(read().sources());
  }

  @Test
  void sourceThatIsNotPublishedHasNoKey() throws Exception {
    put(Map.of("kind", "test-pattern"));

    assertThat(keeper.publishKeys().of(GATE)).isEmpty();
    EditRefusedException refused =
        catchThrowableOfType(EditRefusedException.class, () -> keeper.publishKeys().renew(GATE));
    assertThat(refused.reason()).isEqualTo(Reason.NOT_THERE);
  }

  @Test
  void valueTooLongForAFileIsToldByItsKey() {
    EditRefusedException refused =
        refused(Map.of("kind", "test-pattern", "title", "\u0000".repeat(1 << 18)));

    assertThat(refused.mistakes()).extracting(Mistake::key).containsExactly("title");
  }

  @Test
  void credentialsInAnAddressAreKeptAndHidden() throws Exception {
    String address = "rtsp://me:s3cret@127.0.0.1/x?token=t0ken";
    Files.writeString(home.sourceFile(GATE), "kind: url\nurl: " + address + "\n");
    keeper.look();
    keeper.look();

    editor(Disk.REAL).edit(GATE, NONE, with("title", "Gate"));
    assertThat(file()).isEqualTo("kind: url\nurl: " + address + "\ntitle: Gate\n");
    Map<String, Object> shown = editor(Disk.REAL).stored(GATE).orElseThrow().settings().get();
    assertThat(shown).containsEntry("url", "rtsp://…@127.0.0.1/x?…");
    EditRefusedException half = refused(Map.of("kind", "url", "url", "rtsp://…@127.0.0.1/y"));
    assertThat(half.mistakes()).extracting(Mistake::key).containsExactly("url");

    put(Map.of("kind", "url", "url", "rtsp://you:n3w@127.0.0.1/y"));

    assertThat(file()).contains("rtsp://127.0.0.1/y", "user: you").doesNotContain("n3w");
  }

  @Test
  void mistakesAreToldByKeyAndLeaveEverythingAsItWas() throws Exception {
    put(Map.of("kind", "test-pattern"));
    String before = file();
    List<SourceSettings> atWork = atWork();

    EditRefusedException refused =
        refused(Map.of("kind", "test-pattern", "width", 7L, "colour", "red"));

    assertThat(refused.reason()).isEqualTo(Reason.MISTAKES);
    assertThat(refused.mistakes()).extracting(Mistake::key).contains("width", "colour");
    assertThat(file()).isEqualTo(before);
    assertThat(atWork()).isEqualTo(atWork);
    assertThat(refused(Map.of("kind", "http-publish", "key", "admin-token")).mistakes())
        .extracting(Mistake::remedy)
        .containsExactly("this secret is the server's own; choose another");
  }

  @Test
  void conditionsAreHeld() throws Exception {
    Precondition fresh = new Precondition(Optional.empty(), Optional.of("*"), true);
    Precondition unknown = new Precondition(Optional.empty(), Optional.empty(), true);
    Map<String, Object> wanted = Map.of("kind", "test-pattern");
    SourceEditor editor = editor(Disk.REAL);
    String tag = editor.edit(GATE, fresh, shown -> wanted).tag();

    assertThat(reason(fresh)).isEqualTo(Reason.CHANGED_SINCE);
    assertThat(reason(unknown)).isEqualTo(Reason.CONDITION_MISSING);
    assertThat(reason(new Precondition(Optional.of("\"x\""), Optional.empty(), true)))
        .isEqualTo(Reason.CHANGED_SINCE);
    editor.edit(
        GATE, new Precondition(Optional.of("\"x\", " + tag), Optional.empty(), true), s -> wanted);
  }

  private Reason reason(Precondition precondition) {
    return catchThrowableOfType(
            EditRefusedException.class,
            () -> editor(Disk.REAL).edit(GATE, precondition, with("title", "Other")))
        .reason();
  }

  @ParameterizedTest
  @EnumSource
  void anyStepThatFailsLeavesTheStateBeforeOrAfter(FaultyDisk.Fault fault) throws Exception {
    List<UnaryOperator<Map<String, Object>>> edits =
        List.of(
            shown -> Map.of("kind", "http-publish", "key", "first secret"),
            with("title", "Gate"),
            with("key", Map.of("value", "second secret")),
            shown -> Map.of("kind", "test-pattern", "width", 320L));
    for (int edit = 0; edit <= edits.size(); edit++) {
      boolean isDelete = edit == edits.size();
      boolean isReached = true;
      for (int step = 0; isReached; step++) {
        List<SourceSettings> before = read().sources();
        FaultyDisk disk = new FaultyDisk(step, fault);
        boolean isDone = isDelete ? isDeleted(disk) : isEdited(disk, edits.get(edit));
        isReached = disk.hasFailed();

        Configuration after = read();

        assertThat(after.mistakes()).as("edit %s, step %s", edit, step).isEmpty();
        assertThat(isDone).isEqualTo(!isReached);
        if (isDone) {
          assertThat(atWork()).isEqualTo(after.sources());
        } else if (!after.sources().equals(before)) {
          break; // the last step of all: the new file is there, though not for sure on the disk
        }
        if (fault == FaultyDisk.Fault.KILL) {
          channels.close();
          start(); // as the next process does
        } else {
          keeper.look();
          keeper.look();
        }
        assertThat(atWork()).isEqualTo(after.sources());
      }
      keeper.look();
      keeper.look();
      assertThat(atWork()).isEqualTo(read().sources());
    }
    assertThat(atWork()).isEmpty();
  }

  @Test
  void triedSettingsAreCheckedAndNothingOfThemIsWritten() throws Exception {
    byte[] secretsBefore = Files.readAllBytes(home.secretsFile());
    Map<String, Object> wanted =
        Map.of("kind", "url", "url", "rtsp://camera/x", "user", "me", "password", "s3cret");

    SourceSettings settings = editor(Disk.REAL).tried(Optional.empty(), wanted);

    assertThat(((Source.Url) settings.source()).uri().getRawUserInfo()).isEqualTo("me:s3cret");
    assertThat(home.sources()).isEmptyDirectory();
    assertThat(home.secretsFile()).hasBinaryContent(secretsBefore);
    assertThat(atWork()).isEmpty();
  }

  @Test
  void mistakesOfTriedSettingsAreTold() {
    EditRefusedException refused =
        catchThrowableOfType(
            EditRefusedException.class,
            () ->
                editor(Disk.REAL)
                    .tried(Optional.empty(), Map.of("kind", "test-pattern", "widht", 320L)));

    assertThat(refused.reason()).isEqualTo(Reason.MISTAKES);
    assertThat(refused).hasMessage("these settings have mistakes");
    assertThat(refused.mistakes()).hasSize(1);
    assertThat(refused.mistakes().get(0).key()).isEqualTo("widht");
  }

  @Test
  void whatIsHiddenInTriedSettingsIsThatOfTheirSource() throws Exception {
    put(Map.of("kind", "url", "url", "rtsp://camera/x?token=t0ken"));
    Map<String, Object> shown =
        editor(Disk.REAL).stored(GATE).flatMap(SourceEditor.Stored::settings).orElseThrow();
    assertThat(shown.toString()).doesNotContain("t0ken");

    SourceSettings settings = editor(Disk.REAL).tried(Optional.of(GATE), shown);

    assertThat(((Source.Url) settings.source()).uri().getQuery()).isEqualTo("token=t0ken");
    assertThat(
            catchThrowableOfType(
                EditRefusedException.class, () -> editor(Disk.REAL).tried(Optional.empty(), shown)))
        .isNotNull();
  }

  private boolean isEdited(Disk disk, UnaryOperator<Map<String, Object>> change) {
    try {
      editor(disk).edit(GATE, NONE, change);
      return true;
    } catch (FaultyDisk.Killed e) {
      return false;
    } catch (EditRefusedException e) {
      assertThat(e.reason()).isEqualTo(Reason.NOT_WRITTEN);
      return false;
    }
  }

  private boolean isDeleted(Disk disk) {
    try {
      editor(disk).delete(GATE, NONE);
      return true;
    } catch (FaultyDisk.Killed e) {
      return false;
    } catch (EditRefusedException e) {
      assertThat(e.reason()).isEqualTo(Reason.NOT_WRITTEN);
      return false;
    }
  }
}
