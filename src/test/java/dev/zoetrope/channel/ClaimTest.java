package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Webcam.Pixels;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {
  @TempDir private Path folder;

  private static Source.Webcam webcam(Path device) {
    return new Source.Webcam(device, 640, 480, 30, Pixels.AUTO);
  }

  private static Source.Url url(String address) {
    return new Source.Url(URI.create(address));
  }

  @Test
  void deviceIsTheSameByEachOfItsNames() throws IOException {
    Path device = Files.createFile(folder.toRealPath().resolve("video0"));
    Path link = Files.createSymbolicLink(folder.toRealPath().resolve("by-id"), device);

    assertThat(Claim.of(webcam(link))).isPresent().isEqualTo(Claim.of(webcam(device)));
    assertThat(Claim.of(webcam(folder.resolve("video1")))).isNotEqualTo(Claim.of(webcam(device)));
  }

  @Test
  void portIsTheSameHoweverItIsListenedOn() {
    Optional<Claim> claim = Claim.of(new Source.SrtPublish(9000, Optional.empty()));

    assertThat(claim).hasValue(new Claim("UDP port 9000"));
    assertThat(Claim.of(url("udp://0.0.0.0:9000"))).isEqualTo(claim);
    assertThat(Claim.of(url("srt://0.0.0.0:9000?mode=listener"))).isEqualTo(claim);
    assertThat(Claim.of(url("srt://camera:9000"))).isEmpty();
  }

  @Test
  void whatCanBeReadTwiceClaimsNothing() {
    assertThat(Claim.of(new Source.TestPattern(320, 180, 25))).isEmpty();
    assertThat(Claim.of(url("rtsp://camera/stream"))).isEmpty();
    assertThat(Claim.of(new Source.Screen(":0", 0, 0, 640, 360, 15))).isEmpty();
  }
}
