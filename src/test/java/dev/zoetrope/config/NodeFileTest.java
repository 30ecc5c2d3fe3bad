package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.NodeIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By what a node is known again. */
class NodeFileTest {
  private static final long HEAP = 4L << 30;
  private static final String FORM = "n-[0-9a-f]{16}";

  @TempDir private Path temp;

  private Configuration read(Map<String, String> environment) {
    return Configuration.read(new Home(temp), environment, Map.of(), HEAP);
  }

  @Test
  void firstStartDrawsAnIdThatLaterStartsKeep() throws IOException {
    new Home(temp).prepare();
    NodeIdentity first = read(Map.of()).identity();

    new Home(temp).prepare();

    assertThat(first.id()).matches(FORM);
    assertThat(temp.resolve("node-id")).hasContent(first.id() + "\n");
    assertThat(read(Map.of()).identity()).isEqualTo(first);
    assertThat(read(Map.of()).mistakes()).isEmpty();
  }

  @Test
  void idOfOnesOwnIsKept() throws IOException {
    Files.writeString(temp.resolve("node-id"), "ingress-1");

    new Home(temp).prepare();

    assertThat(read(Map.of()).identity().id()).isEqualTo("ingress-1");
    assertThat(temp.resolve("node-id")).hasContent("ingress-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ingress", "a b", "a\nb", "\u00fc", "\u0000"})
  void idThatIsNoneIsToldAndAnotherTakenForThisRun(String text) throws IOException {
    new Home(temp).prepare();
    Files.write(temp.resolve("node-id"), text.getBytes(StandardCharsets.ISO_8859_1));

    Configuration configuration = read(Map.of());

    assertThat(configuration.identity().id()).matches(FORM);
    assertThat(configuration.mistakes()).singleElement().asString().startsWith("node-id");
    assertThat(temp.resolve("node-id"))
        .hasBinaryContent(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void fileThatCannotBeMadeOrReadLeavesTheNodeGoingOn() throws IOException {
    Files.createDirectory(temp.resolve("node-id"));

    new Home(temp).prepare();
    Configuration configuration = read(Map.of());

    assertThat(configuration.identity().id()).matches(FORM);
    assertThat(configuration.mistakes())
        .singleElement()
        .asString()
        .isEqualTo("node-id — expected a file; remove or rename what is there");
  }

  @Test
  void nameIsTheOneThatIsSetElseTheMachinesElseTheId() throws IOException {
    new Home(temp).prepare();
    Files.writeString(temp.resolve("zoetrope.yaml"), "node: Ingress one\n");
    Map<String, String> machine = Map.of("HOSTNAME", "gate.example");
    NodeFile file = new NodeFile(temp.resolve("node-id"));
    MistakeList mistakes = new MistakeList(Path.of("node-id"));

    assertThat(read(machine).identity().name()).isEqualTo("Ingress one");
    assertThat(file.identity(Optional.empty(), machine, mistakes).name()).isEqualTo("gate.example");
    assertThat(file.identity(Optional.empty(), Map.of("HOSTNAME", "x".repeat(65)), mistakes).name())
        .hasSizeBetween(1, 64)
        .doesNotContain("xx");
  }

  @Test
  void nameThatCannotBeShownIsRefused() throws IOException {
    new Home(temp).prepare();
    Files.writeString(temp.resolve("zoetrope.yaml"), "node: \"a\\tb\"\n");

    Configuration configuration = read(Map.of("ZOETROPE_NODE", "x".repeat(65)));

    assertThat(configuration.mistakes())
        .hasSize(2)
        .allMatch(
            mistake ->
                mistake.remedy().equals("expected the name of this node, 1 to 64 characters"));
  }
}
