package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code secrets.yaml} says: passwords, keys and passphrases by name. Immutable. */
public final class Secrets {
  /** Lets into the operators' API. */
  static final String ADMIN_TOKEN = "admin-token";

  private static final Logger LOG = System.getLogger(Secrets.class.getName());

  static final int MOST_CHARACTERS = 1024;
  private static final int TOKEN_BYTES = 32;
  static final String OWNER_ONLY = "rw-------";

  private static final String HEAD =
      """
      # Passwords, keys and passphrases by name; sources and webhooks refer to the names:
      # gate-password: "what the camera wants"
      # Only this server's user may read this file (chmod 600).

      """;

  private final Map<String, Secret> secrets;

  private Secrets(Map<String, Secret> secrets) {
    this.secrets = Map.copyOf(secrets);
  }

  /** None at all. */
  static Secrets none() {
    return new Secrets(Map.of());
  }

  /** Reads the file; what is wrong in it is noted and left out. */
  static Secrets read(Path file, MistakeList mistakes) {
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      return none();
    }
    if (Files.exists(file)) {
      checkMode(file, mistakes);
    }
    MistakeList own = new MistakeList(file.getFileName());
    return hidden(readValues(YamlFile.read(file, own), own), own, mistakes);
  }

  /** The same of what a file holds. */
  static Secrets parse(byte[] content, MistakeList mistakes) {
    MistakeList own = new MistakeList(Path.of(""));
    return hidden(readValues(YamlFile.parse(content, own), own), own, mistakes);
  }

  private static Secrets hidden(Secrets secrets, MistakeList own, MistakeList mistakes) {
    for (Mistake mistake : own.all()) { // what is written there is shown to nobody
      boolean isName = mistake.key().isEmpty() || SourceId.isValid(mistake.key());
      boolean isYaml = mistake.remedy().startsWith("not YAML");
      mistakes.add(
          mistake.line(),
          isName ? mistake.key() : StreamUrl.HIDDEN, // perhaps a value, its colon forgotten
          mistake.value().isEmpty() ? "" : StreamUrl.HIDDEN,
          isYaml ? "not YAML; put values in quotes" : mistake.remedy());
    }
    return secrets;
  }

  private static Secrets readValues(Optional<Section> read, MistakeList mistakes) {
    if (read.isEmpty()) {
      String remedy = "missing, as nothing can be read here; mend that first";
      mistakes.add(0, ADMIN_TOKEN, "", remedy);
      return none();
    }
    Map<String, Secret> secrets = values(read.get());
    if (!read.get().has(ADMIN_TOKEN)) { // prepare() could not add it
      String line = "add the line " + ADMIN_TOKEN + ": \"…\", a long random text";
      String remedy = "missing, so that nobody gets into the operators' API; " + line;
      mistakes.add(0, ADMIN_TOKEN, "", remedy);
    }
    return new Secrets(secrets);
  }

  private static Map<String, Secret> values(Section section) {
    Map<String, Secret> secrets = new LinkedHashMap<>();
    for (String name : section.keys()) {
      if (!SourceId.isValid(name)) {
        section.refuseHidden(name, "expected a name of 1 to 64 of a-z, 0-9 and -");
      } else {
        section.hiddenValue(name, Secrets::secret).ifPresent(value -> secrets.put(name, value));
      }
    }
    return secrets;
  }

  private static Secret secret(String text) throws WrongValue {
    if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
      throw new WrongValue("expected 1 to " + MOST_CHARACTERS + " characters after the name");
    }
    return new Secret(text);
  }

  private static void checkMode(Path file, MistakeList mistakes) {
    if (!Disk.isPosix()) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!PosixFilePermissions.fromString(OWNER_ONLY).containsAll(permissions)) {
        mistakes.add(
            0,
            "",
            "",
            "others may read or write it ("
                + PosixFilePermissions.toString(permissions)
                + "); type chmod 600 "
                + file.getFileName());
      }
    } catch (IOException e) {
      mistakes.add(0, "", "", "its permissions cannot be read: " + Unreadable.why(e));
    }
  }

  /**
   * Makes the file if it is missing, with the mode 0600, and adds a token for operators if it has
   * none. What it holds is kept; the new file takes the old one's place at once. Where the token
   * cannot be added the file is left as it is, and {@link #read} tells that it is missing.
   *
   * @throws IOException if a file that is missing cannot be made
   */
  static void prepare(Path file) throws IOException {
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      write(file, (HEAD + tokenLine()).getBytes(UTF_8));
      return;
    }
    Optional<byte[]> withToken = withToken(file);
    if (withToken.isPresent()) {
      try {
        write(file.toRealPath(), withToken.get()); // a link stays one
      } catch (IOException e) {
        String why = Unreadable.why(e);
        LOG.log(Level.WARNING, "{0} cannot be added to {1}: {2}", ADMIN_TOKEN, file, why);
      }
    }
  }

  /** What the file is to hold; empty if it has a token, or would lose something by one. */
  private static Optional<byte[]> withToken(Path file) {
    MistakeList unheard = new MistakeList(file.getFileName()); // read() tells them
    Optional<byte[]> before = YamlFile.content(file, unheard);
    Optional<Section> read = before.flatMap(content -> YamlFile.parse(content, unheard));
    if (read.isEmpty() || read.get().has(ADMIN_TOKEN)) {
      return Optional.empty();
    }
    byte[] old = before.get();
    String gap = old.length == 0 || old[old.length - 1] == '\n' ? "" : "\n";
    byte[] added = (gap + tokenLine()).getBytes(UTF_8);
    byte[] content = Arrays.copyOf(old, old.length + added.length);
    System.arraycopy(added, 0, content, old.length, added.length);
    Map<String, Secret> kept = values(read.get());
    Optional<Section> longer = YamlFile.parse(content, unheard);
    if (longer.isEmpty() || !longer.get().has(ADMIN_TOKEN)) {
      return Optional.empty();
    }
    Map<String, Secret> values = values(longer.get());
    values.remove(ADMIN_TOKEN);
    return values.equals(kept) ? Optional.of(content) : Optional.empty();
  }

  private static String tokenLine() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return ADMIN_TOKEN + ": \"" + token + "\"\n";
  }

  private static void write(Path file, byte[] content) throws IOException {
    write(Disk.REAL, file, content);
  }

  private static void write(Disk disk, Path file, byte[] content) throws IOException {
    new WholeFile(disk, file)
        .write(content, Optional.of(PosixFilePermissions.fromString(OWNER_ONLY)));
  }

  /** The same with more of them. */
  Secrets with(Map<String, Secret> more) {
    Map<String, Secret> all = new LinkedHashMap<>(secrets);
    all.putAll(more);
    return new Secrets(all);
  }

  /**
   * Adds lines to the file; what it holds is kept.
   *
   * @param more by names that are not there yet
   * @throws IOException if it cannot be written, or would lose something by it
   */
  static void add(Disk disk, Path file, Map<String, Secret> more) throws IOException {
    MistakeList unheard = new MistakeList(file.getFileName());
    byte[] old = Files.exists(file) ? Files.readAllBytes(file) : HEAD.getBytes(UTF_8);
    StringBuilder lines = new StringBuilder();
    if (old.length > 0 && old[old.length - 1] != '\n') {
      lines.append('\n');
    }
    more.forEach(
        (name, secret) ->
            lines.append(name).append(": ").append(YamlTree.quoted(secret.reveal())).append('\n'));
    byte[] added = lines.toString().getBytes(UTF_8);
    byte[] content = Arrays.copyOf(old, old.length + added.length);
    System.arraycopy(added, 0, content, old.length, added.length);
    Map<String, Secret> wanted =
        new LinkedHashMap<>(YamlFile.parse(old, unheard).map(Secrets::values).orElse(Map.of()));
    wanted.putAll(more);
    Optional<Map<String, Secret>> longer = YamlFile.parse(content, unheard).map(Secrets::values);
    if (!longer.equals(Optional.of(wanted))) {
      throw new IOException(file.getFileName() + " cannot be added to; mend it first");
    }
    write(disk, file, content);
  }

  /**
   * Writes another value in the place of one; all else in the file is kept.
   *
   * @param name of one that is there
   * @throws IOException if it cannot be written, or would lose something by it
   */
  static void replace(Disk disk, Path file, String name, Secret secret) throws IOException {
    MistakeList unheard = new MistakeList(file.getFileName());
    byte[] old = Files.readAllBytes(file);
    Map<String, Object> tree = YamlTree.of(old).orElse(Map.of());
    Map<String, Object> wantedTree = new LinkedHashMap<>(tree);
    wantedTree.put(name, secret.reveal());
    Map<String, Secret> wanted =
        new LinkedHashMap<>(YamlFile.parse(old, unheard).map(Secrets::values).orElse(Map.of()));
    boolean isThere = wanted.put(name, secret) != null;
    YamlEdit.Edited edited = YamlEdit.edit(Optional.of(old), wantedTree);
    Optional<Map<String, Secret>> after =
        YamlFile.parse(edited.bytes(), unheard).map(Secrets::values);
    if (!isThere || edited.isWrittenAnew() || !after.equals(Optional.of(wanted))) {
      throw new IOException(
          file.getFileName() + " cannot be changed in the line " + name + "; mend it first");
    }
    write(disk, file, edited.bytes());
  }

  /** The one of that name. */
  public Optional<Secret> named(String name) {
    return Optional.ofNullable(secrets.get(name));
  }

  /** What lets into the operators' API; empty if the file could not be read. */
  public Optional<Secret> adminToken() {
    return named(ADMIN_TOKEN);
  }

  /** The name of a secret, as its value. */
  Form<Secret> form() {
    return text ->
        named(text)
            .orElseThrow(
                () ->
                    new WrongValue(
                        SourceId.isValid(text)
                            ? "expected the name of a secret; there is none of this name: add the"
                                + " line name: value to secrets.yaml"
                            : "expected the name of a secret, of a-z, 0-9 and -; the secret itself"
                                + " stands in secrets.yaml"));
  }
}
