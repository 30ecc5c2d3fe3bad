package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPicturesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static Bytes one;
  private static Bytes other;

  @TempDir private Path folder;
  private KeptPictures pictures;
  private Path file;

  @BeforeAll
  static void makePictures(@TempDir Path made) throws IOException {
    one = TestPictures.make(made, "jpg", "testsrc2=size=64x48");
    other = TestPictures.make(made, "jpg", "color=color=white:size=64x48");
  }

  @BeforeEach
  void put() throws IOException {
    Path canonical = folder.toRealPath();
    pictures =
        new KeptPictures(new PictureFolder(canonical), () -> NOW.getEpochSecond() * 1_000_000);
    file = canonical.resolve("a.jpg");
    write(one, 60);
  }

  private void write(Bytes picture, int secondsAgo) throws IOException {
    Files.write(file, picture.toArray());
    Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(secondsAgo)));
  }

  @Test
  void aPictureThatDidNotChangeIsReadOnce() {
    Picture read = pictures.picture(file).orElseThrow();

    assertThat(read.jpeg()).isEqualTo(one);
    assertThat(pictures.picture(file)).containsSame(read);
  }

  @Test
  void aPictureThatChangedIsReadAgain() throws IOException {
    pictures.picture(file);
    write(other, 30);

    assertThat(pictures.picture(file).orElseThrow().jpeg()).isEqualTo(other);
  }

  @Test
  void aPictureWrittenJustNowIsReadAgain() throws IOException {
    write(one, 1);
    pictures.picture(file);
    Files.write(file, other.toArray());
    Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(1)));

    assertThat(pictures.picture(file).orElseThrow().jpeg()).isEqualTo(other);
  }

  @Test
  void aPictureThatIsGoneIsNoneAndForgotten() throws IOException {
    Picture read = pictures.picture(file).orElseThrow();
    Files.delete(file);
    assertThat(pictures.picture(file)).isEmpty();
    write(one, 60);

    assertThat(pictures.picture(file).orElseThrow()).isNotSameAs(read);
  }

  @Test
  void onlyTheNamedAreRetained() {
    Picture read = pictures.picture(file).orElseThrow();
    pictures.retain(List.of(file));
    assertThat(pictures.picture(file)).containsSame(read);

    pictures.retain(List.of());
    assertThat(pictures.picture(file).orElseThrow()).isNotSameAs(read);
  }
}
