package dev.zoetrope.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.launch.LauncherOptions.Tls;
import dev.zoetrope.launch.LauncherOptions.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherOptionsTest {
  @TempDir private Path folder;

  @Test
  void nothingGivenServesHttpEverywhere() throws UsageException {
    LauncherOptions options = parse();

    assertThat(options)
        .isEqualTo(
            new LauncherOptions(
                Wish.SERVE,
                8080,
                Optional.empty(),
                Path.of(System.getProperty("user.home"), ".zoetrope"),
                Optional.empty(),
                new Tls.Plain()));
  }

  @Test
  void httpsHasAPortOfItsOwnUnlessOneIsGiven() throws UsageException {
    assertThat(parse("--https").port()).isEqualTo(8443);
    assertThat(parse("--https", "--port", "443").port()).isEqualTo(443);
    assertThat(parse("--https").tls()).isEqualTo(new Tls.SelfSigned());
  }

  @Test
  void valuesMayFollowAnEqualsSignAndTheLastCounts() throws UsageException {
    LauncherOptions options = parse("--port=1", "--host=::1", "--port", "65535");

    assertThat(options.port()).isEqualTo(65535);
    assertThat(options.host()).contains("::1");
  }

  @Test
  void certificateAndKeyMeanHttps() throws Exception {
    Path certificate = Files.createFile(folder.resolve("cert.pem"));
    Path key = Files.createFile(folder.resolve("key.pem"));

    LauncherOptions options =
        parse("--https-cert", certificate.toString(), "--https-key", key.toString());

    assertThat(options.tls()).isEqualTo(new Tls.Pem(certificate, key));
    assertThat(options.port()).isEqualTo(8443);
  }

  @Test
  void everyMistakeIsToldInALineOfItsOwn() {
    assertThatThrownBy(
            () ->
                parse(
                    "--prot",
                    "--port",
                    "65536",
                    "--ffmpeg",
                    "/none",
                    "--https-cert",
                    "/none",
                    "--https=2",
                    "--hots=x",
                    "--home"))
        .isInstanceOf(UsageException.class)
        .message()
        .satisfies(
            message ->
                assertThat(message.lines())
                    .containsExactlyInAnyOrder(
                        "unknown option --prot: did you mean --port?",
                        "--https takes no value",
                        "unknown option --hots: did you mean --host?",
                        "--home needs a value",
                        "--port 65536: expected a number from 0 to 65535",
                        "--ffmpeg /none: expected a program that may be run",
                        "--https-cert and --https-key belong together: give both"));
  }

  @Test
  void portMustBeANumberInRange() {
    for (String port : List.of("-1", "65536", "x", "80a", "99999999999")) {
      assertThatThrownBy(() -> parse("--port", port))
          .hasMessage("--port " + port + ": expected a number from 0 to 65535");
    }
  }

  @Test
  void ffmpegMustBeAProgram() throws IOException {
    Path text = Files.createFile(folder.resolve("ffmpeg"));

    assertThatThrownBy(() -> parse("--ffmpeg", text.toString()))
        .hasMessage("--ffmpeg " + text + ": expected a program that may be run");
  }

  @Test
  void helpAnswersWhateverElseIsWrong() throws UsageException {
    assertThat(parse("--prot", "9", "--help").wish()).isEqualTo(Wish.HELP);
    assertThat(parse("--version").wish()).isEqualTo(Wish.VERSION);
  }

  private static LauncherOptions parse(String... arguments) throws UsageException {
    return LauncherOptions.parse(List.of(arguments));
  }
}
