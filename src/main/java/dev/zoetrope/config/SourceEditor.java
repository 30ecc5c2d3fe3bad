package dev.zoetrope.config;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.config.EditRefusedException.Reason;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Edits the files of sources for programs, and has them take effect: what is wanted is checked,
 * then tried where something live would be given up for it, then written. Thread-safe; one edit of
 * a source at a time, on the caller's thread, which may wait for the source to start.
 */
public final class SourceEditor {
  /** What a start may take beside the first picture: its turn among others, and four attempts. */
  private static final Duration STARTS = Duration.ofSeconds(20);

  private static final int TAG_BYTES = 12;

  /** A source that is not there. */
  private static final SourceId TRIED = new SourceId("tried");

  /** Of one key with its value; a file may hold 1 MiB. */
  private static final int MOST_CHARACTERS = 1 << 16;

  private final Home home;
  private final Channels channels;
  private final SourceKeeper keeper;
  private final Disk disk;

  SourceEditor(Home home, Channels channels, SourceKeeper keeper, Disk disk) {
    this.home = home;
    this.channels = channels;
    this.keeper = keeper;
    this.disk = disk;
  }

  /**
   * What a source's file says.
   *
   * @param tag changes whenever the file does: an entity tag, with its quotes
   * @param settings by the keys of files, without secrets; empty if the file is no YAML
   */
  public record Stored(String tag, Optional<Map<String, Object>> settings) {}

  /**
   * What an edit did.
   *
   * @param isNew whether the source was not there before
   * @param tag of the file as it is now
   * @param isWrittenAnew whether the file's comments and layout could not be kept
   */
  public record Edited(boolean isNew, String tag, boolean isWrittenAnew) {}

  /** What the file of that source says; empty if there is none, or it cannot be read. */
  public Optional<Stored> stored(SourceId id) {
    SecretsApart apart = new SecretsApart(keeper.secrets());
    try {
      return content(id).map(bytes -> new Stored(tag(bytes), YamlTree.of(bytes).map(apart::shown)));
    } catch (IOException e) {
      return Optional.empty(); // which is among its mistakes
    }
  }

  private Optional<byte[]> content(SourceId id) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(home.sourceFile(id)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Creates a source, or changes it.
   *
   * @param change from what {@link #stored} shows, or an empty map, to what is wanted
   */
  public Edited edit(
      SourceId id, Precondition precondition, UnaryOperator<Map<String, Object>> change)
      throws EditRefusedException {
    begin(id);
    try {
      Optional<byte[]> before = read(id);
      precondition.check(before.map(SourceEditor::tag));
      return edit(id, before, change);
    } finally {
      keeper.endEdit(id);
    }
  }

  /**
   * What settings mean, without anything being kept or written: secrets in them are used as they
   * are.
   *
   * @param known whose hidden values may stand in {@code wanted} as {@link #stored} shows them;
   *     empty where there is no such source
   * @throws EditRefusedException if they have mistakes, or that source's file cannot be read
   */
  public SourceSettings tried(Optional<SourceId> known, Map<String, Object> wanted)
      throws EditRefusedException {
    SourceId id = known.orElse(TRIED);
    Optional<byte[]> before = known.isPresent() ? read(id) : Optional.empty();
    Map<String, Object> file = before.flatMap(YamlTree::of).orElse(Map.of());
    Secrets secrets = keeper.secrets();
    SecretsApart apart = new SecretsApart(secrets);
    MistakeList mistakes = new MistakeList(home.relative(home.sourceFile(id)));
    Map<String, Object> resolved = apart.resolve(id, wanted, file, mistakes);
    YamlEdit.Edited text = YamlEdit.edit(Optional.empty(), resolved);
    return checked("these settings", id, text.bytes(), secrets.with(apart.added()), mistakes);
  }

  /** Removes a source with its file; its viewers are ended. */
  public void delete(SourceId id, Precondition precondition) throws EditRefusedException {
    begin(id);
    try {
      Optional<byte[]> before = read(id);
      if (before.isEmpty() && channels.channel(id).isEmpty()) {
        throw new EditRefusedException(Reason.NOT_THERE, "there is no source " + id);
      }
      precondition.check(before.map(SourceEditor::tag));
      new WholeFile(disk, home.sourceFile(id)).delete();
      keeper.deleted(id);
      var unused = channels.remove(id);
    } catch (IOException e) {
      throw notWritten(id, e);
    } finally {
      keeper.endEdit(id);
    }
  }

  /**
   * Gives a source another secret: what was written down under the old name changes its value where
   * nothing else uses it, and gets a name of its own where something does. Publishers with the old
   * one are cut.
   *
   * @param key of the source's file: {@code key} or {@code passphrase}
   */
  void renewSecret(SourceId id, String key, Secret secret) throws EditRefusedException {
    begin(id);
    try {
      Optional<byte[]> before = read(id);
      Map<String, Object> file = before.flatMap(YamlTree::of).orElse(Map.of());
      String name = String.valueOf(file.get(key));
      if (before.isPresent() && isAlone(id, key, name, file)) {
        renewSecret(id, before.get(), name, secret);
      } else {
        Map<String, Object> value = Map.of("value", secret.reveal());
        var unused =
            edit(
                id,
                before,
                shown -> {
                  Map<String, Object> wanted = new LinkedHashMap<>(shown);
                  wanted.put(key, value);
                  return wanted;
                });
      }
    } catch (IOException e) {
      throw notWritten(id, e);
    } finally {
      keeper.endEdit(id);
    }
  }

  /** Whether the secret of that name is used for this key of this source only. */
  private boolean isAlone(SourceId id, String key, String name, Map<String, Object> file)
      throws IOException {
    boolean isSecret =
        keeper.secrets().named(name).isPresent() && !name.equals(Secrets.ADMIN_TOKEN);
    boolean isUsedTwice =
        file.entrySet().stream()
            .anyMatch(entry -> !entry.getKey().equals(key) && name.equals(entry.getValue()));
    if (!isSecret || isUsedTwice || mentions(home.serverFile(), name)) {
      return false;
    }
    for (SourceId other : keeper.ids()) {
      if (!other.equals(id) && mentions(home.sourceFile(other), name)) {
        return false;
      }
    }
    return true;
  }

  /** Anywhere in its text: a file that cannot be read as YAML may be mended later. */
  private static boolean mentions(Path file, String name) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(name);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void renewSecret(SourceId id, byte[] file, String name, Secret secret)
      throws EditRefusedException {
    MistakeList mistakes = new MistakeList(home.relative(home.sourceFile(id)));
    Secrets secrets = keeper.secrets().with(Map.of(name, secret));
    SourceSettings settings = checked("the settings of source " + id, id, file, secrets, mistakes);
    Optional<SourceSettings> old = apply(settings);
    try {
      keeper.replaceSecret(disk, name, secret);
    } catch (IOException e) {
      takeBack(id, old);
      throw notWritten(id, e);
    }
    keeper.wrote(settings);
  }

  private void begin(SourceId id) throws EditRefusedException {
    if (!keeper.beginEdit(id)) {
      throw new EditRefusedException(
          Reason.BUSY, "somebody else is changing source " + id + " at this moment; try again");
    }
  }

  private Optional<byte[]> read(SourceId id) throws EditRefusedException {
    try {
      return content(id);
    } catch (IOException e) {
      throw notWritten(id, e);
    }
  }

  private static EditRefusedException notWritten(SourceId id, IOException e) {
    return new EditRefusedException(
        Reason.NOT_WRITTEN,
        "the file of source " + id + " cannot be written: " + Unreadable.why(e));
  }

  private Edited edit(
      SourceId id, Optional<byte[]> before, UnaryOperator<Map<String, Object>> change)
      throws EditRefusedException {
    Map<String, Object> file = before.flatMap(YamlTree::of).orElse(Map.of());
    Secrets secrets = keeper.secrets();
    SecretsApart apart = new SecretsApart(secrets);
    Map<String, Object> wanted = change.apply(new LinkedHashMap<>(apart.shown(file)));
    MistakeList mistakes = new MistakeList(home.relative(home.sourceFile(id)));
    refuseLong(id, wanted, mistakes);
    Map<String, Object> resolved = apart.resolve(id, wanted, file, mistakes);
    if (!apart.added().isEmpty()) {
      secrets = secrets.with(apart.added());
    }
    YamlEdit.Edited text = YamlEdit.edit(before, resolved);
    String what = "the settings of source " + id;
    SourceSettings settings = checked(what, id, text.bytes(), secrets, mistakes);
    Optional<SourceSettings> old = apply(settings);
    try {
      if (!apart.added().isEmpty()) {
        keeper.addSecrets(disk, apart.added());
      }
      new WholeFile(disk, home.sourceFile(id)).write(text.bytes(), Optional.empty());
    } catch (IOException e) {
      takeBack(id, old);
      throw notWritten(id, e);
    }
    keeper.wrote(settings);
    return new Edited(before.isEmpty(), tag(text.bytes()), text.isWrittenAnew());
  }

  /** So that a file that would be too large tells which key makes it so. */
  private static void refuseLong(SourceId id, Map<String, Object> wanted, MistakeList mistakes)
      throws EditRefusedException {
    wanted.forEach(
        (key, value) -> {
          if (key.length() + YamlTree.flow(value).length() > MOST_CHARACTERS) {
            mistakes.add(0, key, "", "expected at most " + MOST_CHARACTERS + " characters");
          }
        });
    if (!mistakes.isEmpty()) {
      throw mistaken(id, mistakes);
    }
  }

  private static EditRefusedException mistaken(SourceId id, MistakeList mistakes) {
    return new EditRefusedException(
        Reason.MISTAKES, "the settings of source " + id + " have mistakes", mistakes.all());
  }

  private SourceSettings checked(
      String what, SourceId id, byte[] content, Secrets secrets, MistakeList mistakes)
      throws EditRefusedException {
    SourceKind.Place place = new SourceKind.Place(home, secrets);
    boolean isWhole = mistakes.isEmpty();
    Optional<SourceSettings> settings =
        isWhole ? SourceFile.parse(content, id, place, mistakes) : Optional.empty();
    if (settings.isEmpty()) {
      throw new EditRefusedException(Reason.MISTAKES, what + " have mistakes", mistakes.all());
    }
    return settings.get();
  }

  /** What was at work before; empty if nothing was. */
  private Optional<SourceSettings> apply(SourceSettings settings) throws EditRefusedException {
    SourceId id = settings.id();
    Optional<SourceSettings> old = channels.channel(id).map(channel -> channel.settings());
    if (old.isEmpty()) {
      try {
        channels.add(settings);
      } catch (RefusedException e) {
        throw new EditRefusedException(Reason.TOO_MANY, e.getMessage());
      }
      return old;
    }
    Optional<Diagnosis> whyNot = await(settings, old.get());
    if (whyNot.isPresent()) {
      String advice = whyNot.get().advice();
      throw new EditRefusedException(
          Reason.DOES_NOT_START,
          "source "
              + id
              + " does not start with these settings, and goes on as before: "
              + whyNot.get().words()
              + (advice.isEmpty() ? "" : ". " + advice));
    }
    return old;
  }

  private Optional<Diagnosis> await(SourceSettings settings, SourceSettings old)
      throws EditRefusedException {
    CompletableFuture<Optional<Diagnosis>> done = channels.replace(settings);
    Duration most = settings.capture().startTimeout().plus(STARTS);
    try {
      return done.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      var unused = channels.replace(old); // which ends the attempt
      throw new EditRefusedException(
          Reason.DOES_NOT_START, "source " + settings.id() + " has not started in time");
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EditRefusedException(Reason.BUSY, "the server is stopping");
    }
  }

  private void takeBack(SourceId id, Optional<SourceSettings> old) {
    if (old.isPresent()) {
      var unused = channels.replace(old.get());
    } else {
      var unused = channels.remove(id);
    }
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      byte[] start = Arrays.copyOf(digest, TAG_BYTES);
      return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
