package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Pictures made by ffmpeg. */
final class TestPictures {
  private static final int LIMIT_SECONDS = 20;

  private TestPictures() {}

  /**
   * One picture.
   *
   * @param form how its file's name ends: jpg, png, gif, webp
   * @param pattern a source of lavfi
   */
  static Bytes make(Path folder, String form, String pattern, String... options)
      throws IOException {
    Path file = Files.createTempFile(folder, "made", "." + form);
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin", "-y"));
    command.addAll(List.of("-f", "lavfi", "-i", pattern, "-frames:v", "1"));
    command.addAll(List.of(options));
    command.add(file.toString());
    Process ffmpeg = new ProcessBuilder(command).inheritIO().start();
    try {
      assertThat(ffmpeg.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      return Bytes.owning(Files.readAllBytes(file));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      ffmpeg.destroyForcibly();
      Files.delete(file);
    }
  }
}
