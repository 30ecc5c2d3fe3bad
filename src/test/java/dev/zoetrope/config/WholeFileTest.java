package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WholeFileTest {
  private static final int STEPS = 8;

  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyStepThatFailsLeavesTheOldOrTheNewFile(FaultyDisk.Fault fault) throws IOException {
    String newText = "new ".repeat(1000);
    Path file = folder.resolve("gate.yaml");
    for (int step = 0; step < STEPS; step++) {
      Files.writeString(file, "old");
      FaultyDisk disk = new FaultyDisk(step, fault);

      boolean isDone = write(disk, file, newText);

      assertThat(Files.readString(file)).as("step %s", step).isIn("old", newText);
      assertThat(Files.readString(file).equals(newText)).isEqualTo(isDone || step == 5);
      if (fault == FaultyDisk.Fault.FULL) {
        assertThat(names()).containsExactly("gate.yaml");
      }
      assertThat(names()).allMatch(name -> name.equals("gate.yaml") || name.startsWith("."));
    }
    assertThat(write(Disk.REAL, file, "after all that")).isTrue();
    assertThat(Files.readString(file)).isEqualTo("after all that");
    assertThat(names()).containsExactly("gate.yaml");
  }

  private static boolean write(Disk disk, Path file, String text) {
    try {
      new WholeFile(disk, file).write(text.getBytes(UTF_8), Optional.empty());
      return true;
    } catch (IOException | FaultyDisk.Killed e) {
      return false;
    }
  }

  @Test
  void fileKeepsItsModeAndALinkStaysOne() throws IOException {
    Path real = Files.writeString(folder.resolve("real.yaml"), "old");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), real);

    assertThat(write(Disk.REAL, link, "new")).isTrue();

    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(real)).isEqualTo("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void processKilledWhileItWritesLeavesAWholeFile() throws Exception {
    Path file = Files.writeString(folder.resolve("gate.yaml"), Scribe.text(0));
    for (int i = 0; i < 5; i++) {
      Process scribe =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Scribe.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      try {
        for (int files = 0; files <= 7 * i; files++) {
          assertThat(scribe.getInputStream().read()).isEqualTo('.');
        }
      } finally {
        scribe.destroyForcibly().waitFor();
      }

      String text = Files.readString(file);

      assertThat(text).isEqualTo(Scribe.text(Integer.parseInt(text.substring(0, 9).strip())));
    }
  }

  /** Writes one whole file after the other until it is killed. */
  static final class Scribe {
    private Scribe() {}

    static String text(int number) {
      return String.format("%9d", number).repeat(5000);
    }

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      for (int number = 1; ; number++) {
        new WholeFile(Disk.REAL, file).write(text(number).getBytes(UTF_8), Optional.empty());
        System.out.print('.');
        System.out.flush();
      }
    }
  }
}
