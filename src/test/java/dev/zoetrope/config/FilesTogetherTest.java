package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.config.FilesTogether.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilesTogetherTest {
  private static final int MOST_STEPS = 60;

  @TempDir private Path folder;

  private Home home;

  @BeforeEach
  void prepare() throws IOException {
    home = new Home(folder.toRealPath().resolve("home"));
    Files.createDirectories(home.sources());
    old();
  }

  private void old() throws IOException {
    Files.writeString(source("gate"), "old gate");
    Files.writeString(source("going"), "old going");
    Files.deleteIfExists(source("coming"));
    Files.writeString(home.secretsFile(), "old secrets");
    Files.setPosixFilePermissions(home.secretsFile(), PosixFilePermissions.fromString("rw-------"));
  }

  private Path source(String id) {
    return home.sources().resolve(id + ".yaml");
  }

  private List<Change> changes() {
    return List.of(
        change(home.secretsFile(), Optional.of("new secrets ".repeat(1000))),
        change(source("gate"), Optional.of("new gate")),
        change(source("going"), Optional.empty()),
        change(source("coming"), Optional.of("new coming")));
  }

  private static Change change(Path file, Optional<String> text) {
    return new Change(file, text.map(known -> known.getBytes(UTF_8)), Optional.empty());
  }

  private Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (Path each : List.of(home.folder(), home.sources())) {
      try (Stream<Path> files = Files.list(each)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          texts.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return texts;
  }

  private boolean isDone(Disk disk) {
    try {
      new FilesTogether(home, disk).apply(changes());
      return true;
    } catch (IOException | FaultyDisk.Killed e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyStepThatFailsLeavesAllFilesOldOrAllNew(FaultyDisk.Fault fault) throws IOException {
    Map<String, String> before = texts();
    assertThat(isDone(Disk.REAL)).isTrue();
    Map<String, String> after = texts();
    assertThat(after.keySet()).containsExactly("coming.yaml", "gate.yaml", "secrets.yaml");
    boolean isReached = true;
    int olds = 0;
    int news = 0;

    for (int step = 0; isReached; step++) {
      old();
      assertThat(texts()).isEqualTo(before);
      FaultyDisk disk = new FaultyDisk(step, fault);
      boolean isDone = isDone(disk);
      isReached = disk.hasFailed();
      if (fault == FaultyDisk.Fault.KILL) {
        new FilesTogether(home, Disk.REAL).finish(); // as the next process does
      }

      assertThat(texts()).as("step %s", step).isIn(before, after);
      assertThat(isDone).isEqualTo(!isReached);
      if (fault == FaultyDisk.Fault.FULL) {
        assertThat(texts()).as("step %s", step).isEqualTo(isDone ? after : before);
      }
      olds += texts().equals(before) ? 1 : 0;
      news += texts().equals(after) ? 1 : 0;
      assertThat(step).isLessThan(MOST_STEPS);
    }
    assertThat(olds).isPositive();
    assertThat(news).isPositive();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.secretsFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void killWhileItIsFinishedIsFinishedTheNextTime() throws IOException {
    assertThat(isDone(Disk.REAL)).isTrue();
    Map<String, String> after = texts();
    for (int step = 0; step < 6; step++) {
      old();
      int planIsThere = 17;
      assertThat(isDone(new FaultyDisk(planIsThere, FaultyDisk.Fault.KILL))).isFalse();
      try {
        new FilesTogether(home, new FaultyDisk(step, FaultyDisk.Fault.KILL)).finish();
      } catch (FaultyDisk.Killed e) {
        assertThat(home.folder().resolve(".import-plan")).as("step %s", step).exists();
      }

      new FilesTogether(home, Disk.REAL).finish();

      assertThat(texts()).as("step %s", step).isEqualTo(after);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete ../outside",
        "delete sources/../../outside",
        "put sources/A.yaml",
        "delete media",
        "remove sources/gate.yaml",
        "delete "
      })
  void planThatLeadsElsewhereIsRefused(String line) throws IOException {
    Map<String, String> before = texts();
    Path outside = Files.writeString(home.folder().resolveSibling("outside"), "mine");
    Path plan = Files.writeString(home.folder().resolve(".import-plan"), line + "\n");

    assertThatThrownBy(() -> new FilesTogether(home, Disk.REAL).finish())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("an import that was interrupted cannot be ended");

    Files.delete(plan);
    assertThat(texts()).isEqualTo(before);
    assertThat(outside).exists();
    Files.delete(outside);
  }

  @Test
  void linkStaysOne() throws IOException {
    Path real = Files.writeString(home.folder().resolve("real"), "old");
    Files.delete(source("gate"));
    Files.createSymbolicLink(source("gate"), real);

    assertThat(isDone(Disk.REAL)).isTrue();

    assertThat(source("gate")).isSymbolicLink();
    assertThat(real).hasContent("new gate");
  }
}
