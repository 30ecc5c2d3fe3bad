package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlEditTest {
  private static final String FILE =
      """
      # The gate, by the road.
      title: Front gate     # shown to people
      kind: url

      url: "rtsp://192.168.1.20/stream1"   # not stream2
      # its renditions:
      renditions:
        gif: {width: 320, fps: 10}  # small
        # large
        mjpeg:
          width: 640    # pixels
          quality: 5

      # the end
      linger: 10s
      # really
      """;

  private static Map<String, Object> tree(String text) {
    return YamlTree.of(text.getBytes(UTF_8)).orElseThrow();
  }

  private static YamlEdit.Edited edit(String before, Map<String, Object> wanted) {
    return YamlEdit.edit(Optional.of(before.getBytes(UTF_8)), wanted);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> tree, String key) {
    return (Map<String, Object>) tree.get(key);
  }

  @Test
  void nothingChangesWhereNothingIsWanted() {
    assertThat(edit(FILE, tree(FILE))).isEqualTo(new YamlEdit.Edited(FILE, false));
  }

  @Test
  void onlyTheLinesOfKeysThatChangeAreTouched() {
    Map<String, Object> wanted = tree(FILE);
    wanted.put("title", "Back gate: \"north\"");
    wanted.remove("linger");
    wanted.put("keepRunning", true);
    inner(inner(wanted, "renditions"), "mjpeg").put("width", 320L);
    inner(wanted, "renditions").put("fmp4", "off");

    YamlEdit.Edited edited = edit(FILE, wanted);

    assertThat(edited.isWrittenAnew()).isFalse();
    assertThat(edited.text())
        .isEqualTo(
            """
            # The gate, by the road.
            title: "Back gate: \\"north\\""     # shown to people
            kind: url

            url: "rtsp://192.168.1.20/stream1"   # not stream2
            # its renditions:
            renditions:
              gif: {width: 320, fps: 10}  # small
              # large
              mjpeg:
                width: 320    # pixels
                quality: 5
              fmp4: off

            # the end
            keepRunning: true
            # really
            """);
  }

  @Test
  void lineEndsOfWindowsAndAMissingLastOneAreKept() {
    String before = "kind: test-pattern\r\ntitle: One # comment";

    YamlEdit.Edited edited =
        edit(before, Map.of("kind", "test-pattern", "title", "Two", "fps", 10L));

    assertThat(edited.text())
        .isEqualTo("kind: test-pattern\r\ntitle: Two # comment\r\nfps: 10\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: test-pattern, title: One}",
        "kind: test-pattern\ntitle: >\n  One\n  and more\n",
        "? kind\n: test-pattern\n? title\n: &a One\n",
        "title: [unfinished",
      })
  void fileThatIsTooOddIsWrittenAnew(String before) {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("kind", "test-pattern");
    wanted.put("title", "Two");

    YamlEdit.Edited edited = edit(before, wanted);

    assertThat(edited).isEqualTo(new YamlEdit.Edited("kind: test-pattern\ntitle: Two\n", true));
  }

  @Test
  void keyWithoutAValueGetsOneAndLosesIt() {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("title", "One");
    wanted.put("renditions", null);

    String edited = edit("title:   # none\nrenditions: {gif: off}\n", wanted).text();

    assertThat(edited).isEqualTo("title: One   # none\nrenditions:\n");
  }

  @Test
  void anythingWantedIsReadBackFromAnyFile() {
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      String before = i % 3 == 0 ? FILE : YamlTree.written(section(random, 3));
      Map<String, Object> wanted = i % 2 == 0 ? section(random, 3) : tree(before);
      if (!wanted.isEmpty() && random.nextBoolean()) {
        List<String> keys = new ArrayList<>(wanted.keySet());
        wanted.put(keys.get(random.nextInt(keys.size())), value(random, 2));
        wanted.remove(keys.get(random.nextInt(keys.size())));
      }

      String edited = edit(before, wanted).text();

      assertThat(YamlTree.isSame(tree(edited), wanted)).as(edited).isTrue();
    }
  }

  private static Map<String, Object> section(Random random, int depth) {
    Map<String, Object> section = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      section.put("k" + random.nextInt(8), value(random, depth - 1));
    }
    return section;
  }

  private static Object value(Random random, int depth) {
    List<String> texts =
        List.of(
            "",
            "a",
            "a b",
            "null",
            "~",
            "true",
            "on",
            "10s",
            "1.5",
            "- x",
            "#x",
            "é\u0000\n",
            "a: b",
            "'",
            "\"",
            "\\",
            "{",
            "x ",
            "𝄞",
            "\u2028",
            "0x10",
            "007",
            "%",
            "@",
            "*a",
            "!b");
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> null;
      case 1 -> (long) random.nextInt(100_000) - 500;
      case 2 -> random.nextBoolean();
      case 3 -> texts.get(random.nextInt(texts.size()));
      case 4 -> List.of(value(random, 0) instanceof String text ? text : "b", 5L);
      default -> section(random, depth);
    };
  }
}
