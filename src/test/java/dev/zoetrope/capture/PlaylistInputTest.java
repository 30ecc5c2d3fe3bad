package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlaylistInputTest {
  @Test
  void fileThatIsPassedOverIsToldWithoutItsFolder() {
    Path file = Path.of("/srv/media/clips/tour.mp4");

    String words =
        PlaylistInput.passedOver(
            file, new IOException("file:/srv/media/clips/tour.mp4: Invalid data found"));

    assertThat(words).isEqualTo("tour.mp4 is passed over: Invalid data found");
  }

  @Test
  void folderIsLeftOutWhereverItStands() {
    Path file = Path.of("/srv/media/clips/tour.mp4");

    String words =
        PlaylistInput.passedOver(file, new IOException("cannot read /srv/media/clips/tour.mp4"));

    assertThat(words).isEqualTo("tour.mp4 is passed over: cannot read tour.mp4");
  }
}
