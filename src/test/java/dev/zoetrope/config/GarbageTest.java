package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a file, it is read or told as a mistake. The repetition is the seed. */
class GarbageTest {
  private static final int ROUNDS = 500;
  private static final String SECRET = "hunter2";
  private static final List<String> WORDS =
      List.of(
          "kind",
          "url",
          "file",
          "folder",
          "test-pattern",
          "path",
          "title",
          "renditions",
          "gif",
          "mjpeg",
          "fmp4",
          "format",
          "width",
          "fps",
          "linger",
          "limits",
          "viewers",
          "off",
          "true",
          "null",
          "~",
          "1",
          "-1",
          "0x10",
          "1e9",
          ".inf",
          "10s",
          "800k",
          "..",
          "/",
          "\\",
          "\"",
          "'",
          ": ",
          ":",
          "- ",
          "? ",
          "| ",
          "> ",
          "|2-\n",
          "{",
          "}",
          "[",
          "]",
          ",",
          "&a ",
          "*a",
          "!!int ",
          "!x ",
          "%YAML 1.1\n",
          "%TAG ! a\n",
          "---\n",
          "...\n",
          "#",
          " #",
          "\n",
          "\n  ",
          "\n    ",
          "\t",
          "\r",
          "\r\n",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\0",
          "\\u12",
          "\"\\U00110000\"",
          "\"\\xZZ\"",
          "\uD83D\uDE00",
          "<<",
          "=",
          "@",
          "`",
          "%",
          "rtsp://u:hunter2@camera/a",
          "rtsp://u:hun@hunter2@camera",
          "rtsp://u:1/hunter2@c",
          "u:hunter2@camera");

  @TempDir private Path temp;
  private Home home;

  @BeforeEach
  void makeHome() throws IOException {
    home = new Home(temp.toRealPath());
    home.prepare();
  }

  @RepeatedTest(3)
  void wordsInAnyOrderNeverThrowNorShowThePassword(RepetitionInfo seed) throws IOException {
    Random random = new Random(seed.getCurrentRepetition());
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "kind: url\n" : "");
      int length = random.nextInt(30);
      for (int i = 0; i < length; i++) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
      readAsSourceAndAsServer(text.toString().getBytes(StandardCharsets.UTF_8), text.toString());
    }
  }

  @RepeatedTest(3)
  void damagedFilesNeverThrow(RepetitionInfo seed) throws IOException {
    Random random = new Random(seed.getCurrentRepetition());
    byte[] whole = Files.readAllBytes(home.sources().resolve("demo.yaml"));
    for (int round = 0; round < ROUNDS / 2; round++) {
      byte[] damaged = whole.clone();
      int hits = 1 + random.nextInt(5);
      for (int i = 0; i < hits; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(round % 2 == 0 ? 128 : 256);
      }
      readAsSourceAndAsServer(damaged, "round " + round);
    }
  }

  @RepeatedTest(3)
  void noiseNeverThrows(RepetitionInfo seed) throws IOException {
    Random random = new Random(seed.getCurrentRepetition());
    for (int round = 0; round < ROUNDS / 2; round++) {
      byte[] noise = new byte[random.nextInt(500)];
      random.nextBytes(noise);
      if (round % 2 == 0) {
        for (int i = 0; i < noise.length; i++) {
          noise[i] = (byte) (0x20 + (noise[i] & 0x3F));
        }
      }
      readAsSourceAndAsServer(noise, "round " + round);
    }
  }

  /** Pairs of surrogates at every place, as each place may be a border of the parser's buffers. */
  @Test
  void signsOfTwoCharactersMayStandAnywhere() throws IOException {
    for (int before = 0; before < 2; before++) {
      String comment = "#" + "x".repeat(before) + "\uD83D\uDE00".repeat(3_000) + "\n";
      Files.writeString(home.sources().resolve("demo.yaml"), comment + "kind: test-pattern\n");

      Configuration configuration = Configuration.read(home, Map.of(), Map.of(), 4L << 30);

      assertThat(configuration.mistakes()).isEmpty();
      assertThat(configuration.sources()).hasSize(1);
    }
  }

  @Test
  void largestFilesOfAnyOneWordAreReadInTime() throws IOException {
    for (String word : WORDS) {
      String text = word.repeat(YamlFile.MAX_BYTES / word.getBytes(StandardCharsets.UTF_8).length);
      assertTimeout(
          Duration.ofSeconds(10),
          () -> readAsSourceAndAsServer(text.getBytes(StandardCharsets.UTF_8), word));
    }
  }

  private void readAsSourceAndAsServer(byte[] content, String description) throws IOException {
    Files.write(home.sources().resolve("garbage.yaml"), content);
    Files.write(home.serverFile(), content);
    Files.write(home.secretsFile(), content);
    home.prepare(); // may add to it

    Configuration configuration = Configuration.read(home, Map.of(), Map.of(), 4L << 30);

    boolean garbageIsGood =
        configuration.sources().stream().anyMatch(source -> source.id().value().equals("garbage"));
    boolean garbageIsTold =
        configuration.mistakes().stream()
            .anyMatch(mistake -> mistake.file().endsWith("garbage.yaml"));
    byte[] secrets = Files.readAllBytes(home.secretsFile());
    assertThat(Arrays.copyOf(secrets, content.length)).as(description).isEqualTo(content);
    boolean tokenIsTold =
        configuration.mistakes().stream().anyMatch(mistake -> mistake.key().equals("admin-token"));
    assertThat(configuration.secrets().adminToken().isPresent())
        .as(description)
        .isNotEqualTo(tokenIsTold);
    assertThat(garbageIsGood).as(description).isNotEqualTo(garbageIsTold);
    assertThat(configuration.sources()).extracting(source -> source.id().value()).contains("demo");
    for (Mistake mistake : configuration.mistakes()) {
      assertThat(mistake.toString()).as(description).doesNotContain(SECRET).doesNotContain("\n");
    }
  }
}
