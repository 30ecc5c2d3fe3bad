package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.access.Account;
import dev.zoetrope.access.ApiToken;
import dev.zoetrope.access.Kept;
import dev.zoetrope.access.Link;
import dev.zoetrope.access.NodeKey;
import dev.zoetrope.access.Role;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AccessFileTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final String HASH = "$2a$10$" + "a".repeat(53);
  private static final Secret KEY = new Secret("k".repeat(43));

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void begin() {
    path = folder.resolve("access.yaml");
  }

  private AccessFile file() {
    return new AccessFile(Disk.REAL, path);
  }

  private static Kept kept(String... names) {
    Map<String, Account> accounts = new LinkedHashMap<>();
    for (String name : names) {
      accounts.put(name, new Account(name, Role.ADMIN, Set.of(), HASH, NOW, Optional.empty()));
    }
    return new Kept(KEY, accounts, Map.of(), Map.of(), Map.of());
  }

  private static Kept full() {
    SourceId gate = new SourceId("gate");
    Account vera =
        new Account(
            "vera", Role.VIEWER, Set.of(gate, new SourceId("1")), HASH, NOW, Optional.of(NOW));
    Account root = new Account("null", Role.ADMIN, Set.of(), HASH, NOW, Optional.empty());
    String id = "0123456789012345";
    String title = "\"Tür\": {a, #b} \\ \uD83D\uDCF7 \u2028 true";
    ApiToken token =
        new ApiToken(
            id,
            title,
            Role.VIEWER,
            Set.of(gate),
            "ab".repeat(32),
            NOW,
            Optional.of(NOW.plusSeconds(5)),
            Optional.of(NOW));
    ApiToken bare =
        new ApiToken(
            "0123456789abcde0",
            "12",
            Role.OPERATOR,
            Set.of(),
            "12".repeat(32),
            NOW,
            Optional.empty(),
            Optional.empty());
    Link link =
        new Link(id, title, Set.of(gate), Set.of("gif", "fmp4"), NOW, NOW, OptionalInt.of(3));
    Link wide =
        new Link("00000000000000e5", "-", Set.of(gate), Set.of(), NOW, NOW, OptionalInt.empty());
    NodeKey scoped =
        new NodeKey(
            id,
            title,
            Set.of(gate),
            OptionalInt.of(900_000_000),
            "34".repeat(32),
            NOW,
            Optional.of(NOW));
    NodeKey unbound =
        new NodeKey(
            "00000000000000a1",
            "-",
            Set.of(),
            OptionalInt.empty(),
            "56".repeat(32),
            NOW,
            Optional.empty());
    return new Kept(
        KEY,
        Map.of("vera", vera, "null", root),
        Map.of(id, token, bare.id(), bare),
        Map.of(id, link, wide.id(), wide),
        Map.of(id, scoped, unbound.id(), unbound));
  }

  @Test
  void whatIsWrittenIsReadForItsOwnerAlone() throws IOException {
    AccessFile file = file();
    assertThat(file.read()).isEmpty();

    file.write(full());

    assertThat(file().read()).hasValue(full());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    file.write(kept());
    assertThat(file().read()).hasValue(kept());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key: x                                | access.yaml:1: key — expected 43",
        "accounts: {}                          | key — missing",
        "{                                     | not YAML",
        "a                                     | expected lines of the form",
        "accounts: {Root: {}}                  | accounts.Root — expected a name",
        "accounts: {root: {role: emperor}}     | accounts.root.role — expected viewer, operator",
        "accounts: {root: {role: admin}}       | accounts.root.password — missing",
        "accounts: {root: {password: hidden1}} | accounts.root.password — expected a hash",
        "accounts: {root: {pasword: hidden1}}  | accounts.root.pasword — unknown key",
        "accounts: {root: {createdAt: now}}    | accounts.root.createdAt — expected a time",
        "accounts: [root]                      | accounts — expected keys",
        "tokens: {x: {}}                       | tokens.x — expected 16 hexadecimal digits",
        "tokens: {0123456789abcdef: {}}        | tokens.0123456789abcdef.title — missing",
        "nodeKeys: {0123456789abcdef: {limit: 1k}}| nodeKeys.0123456789abcdef.limit — expected",
        "links: {0123456789abcdef: {ways: [x]}}| links.0123456789abcdef.ways — expected gif",
        "links: {0123456789abcdef: {sources: []}}| links.0123456789abcdef.sources — expected a list",
        "links: {0123456789abcdef: {}}         | links.0123456789abcdef.title — missing",
        "nodeKeys: {x: {}}                     | nodeKeys.x — expected 16 hexadecimal digits",
        "nodeKeys: {0123456789abcdef: {}}      | nodeKeys.0123456789abcdef.title — missing",
        "nodeKeys: {0123456789abcdef: {sources: []}}| nodeKeys.0123456789abcdef.sources — expected a",
        "nodeKeys: {0123456789abcdef: {sha256: hidden1}}| nodeKeys.0123456789abcdef.sha256 — expect",
        "nodeKeys: {0123456789abcdef: {role: admin}}| nodeKeys.0123456789abcdef.role — unknown key",
        "acounts: {}                           | acounts — unknown key",
      })
  void mistakeIsToldWithoutSecretsAndNeverOverwritten(String text, String told) throws IOException {
    Files.writeString(path, text);
    AccessFile file = file();

    assertThatThrownBy(file::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody gets in by them")
        .hasMessageContaining(told)
        .message()
        .doesNotContain("hidden1");
    assertThatThrownBy(() -> file.write(kept("eve")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mend it");
    assertThat(Files.readString(path)).isEqualTo(text);
  }

  @Test
  void halfAFileIsBroken() throws IOException {
    file().write(full());
    byte[] whole = Files.readAllBytes(path);
    for (int length = 0; length < whole.length - 2; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      Optional<Kept> read = Optional.empty();
      try {
        read = file().read();
      } catch (IOException e) {
        continue; // told
      }
      // Cut between two lines, it has fewer accounts, tokens, links and keys; never others.
      assertThat(full().accounts().entrySet())
          .containsAll(read.orElseThrow().accounts().entrySet());
      assertThat(full().tokens().entrySet()).containsAll(read.orElseThrow().tokens().entrySet());
      assertThat(full().links().entrySet()).containsAll(read.orElseThrow().links().entrySet());
      assertThat(full().nodeKeys().entrySet())
          .containsAll(read.orElseThrow().nodeKeys().entrySet());
    }
  }

  @Test
  void mendedFileIsSeenAndMayBeWrittenAgain() throws IOException {
    Files.writeString(path, "{");
    AccessFile file = file();
    assertThatThrownBy(file::read).isInstanceOf(IOException.class);
    assertThat(file.look()).isFalse();

    new AccessFile(Disk.REAL, path.resolveSibling("other.yaml")).write(kept("root"));
    Files.move(path.resolveSibling("other.yaml"), path, StandardCopyOption.REPLACE_EXISTING);

    assertThat(file.look()).as("not settled").isFalse();
    assertThat(file.look()).isTrue();
    assertThat(file.read()).hasValue(kept("root"));
    assertThat(file.look()).isFalse();
    file.write(kept("root", "second"));
    assertThat(file.look()).isFalse();
  }

  @Test
  void whatWasChangedByHandAtThisMomentIsNotLost() throws IOException {
    AccessFile file = file();
    file.write(kept("root"));
    String byHand = Files.readString(path).replace("\"root\"", "\"boss\"");
    Files.writeString(path, byHand);
    Files.setLastModifiedTime(path, FileTime.fromMillis(1));

    assertThatThrownBy(() -> file.write(kept("root", "second")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed by hand");

    assertThat(Files.readString(path)).isEqualTo(byHand);
    assertThat(file.read()).hasValue(kept("boss"));
    file.write(kept("boss", "second"));
    assertThat(file.read()).hasValue(kept("boss", "second"));
  }

  @Test
  void removedFileIsWrittenAnew() throws IOException {
    AccessFile file = file();
    file.write(kept("root"));
    Files.delete(path);

    assertThat(file.look()).isFalse();
    assertThat(file.look()).isFalse();
    file.write(kept("root", "second"));

    assertThat(file().read()).hasValue(kept("root", "second"));
  }

  @ParameterizedTest
  @EnumSource
  void anyStepThatFailsLeavesTheOldOrTheNewFile(FaultyDisk.Fault fault) throws IOException {
    for (int step = 0; step < 8; step++) {
      Files.deleteIfExists(path);
      file().write(kept("old"));
      AccessFile file = new AccessFile(new FaultyDisk(step, fault), path);
      file.read();

      boolean isDone;
      try {
        file.write(kept("new"));
        isDone = true;
      } catch (IOException | FaultyDisk.Killed e) {
        isDone = false;
      }

      Kept after = file().read().orElseThrow();
      assertThat(after).as("step %s", step).isIn(kept("old"), kept("new"));
      if (isDone) {
        assertThat(after).isEqualTo(kept("new"));
      }
    }
  }

  @Test
  void tooMuchIsRefused() throws IOException {
    AccessFile file = file();
    file.write(kept("root"));
    Map<String, Link> links = new LinkedHashMap<>();
    for (int i = 0; i < 10_000; i++) {
      String id = String.format("%016x", i);
      links.put(
          id,
          new Link(
              id,
              "x".repeat(100),
              Set.of(new SourceId("gate")),
              Set.of(),
              NOW,
              NOW,
              OptionalInt.empty()));
    }

    assertThatThrownBy(() -> file.write(new Kept(KEY, Map.of(), Map.of(), links, Map.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 MiB");
    assertThat(file().read()).hasValue(kept("root"));
  }
}
