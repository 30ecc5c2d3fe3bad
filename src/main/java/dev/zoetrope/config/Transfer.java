package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.config.EditRefusedException.Reason;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that the operator set, out of a home as one piece and into one. What comes in is checked as a
 * whole before anything is changed. Thread-safe.
 */
public final class Transfer {
  private static final String ACCESS = "access.yaml";

  /** So many mistakes are told. */
  private static final int MOST_MISTAKES = 200;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString(Secrets.OWNER_ONLY);

  private final Home home;
  private final SourceKeeper keeper;
  private final Disk disk;

  Transfer(Home home, SourceKeeper keeper, Disk disk) {
    this.home = home;
    this.keeper = keeper;
    this.disk = disk;
  }

  /** The files beside those of sources. */
  static List<Path> serverFiles(Home home) {
    return List.of(home.serverFile(), home.secretsFile(), accessFile(home));
  }

  private static Path accessFile(Home home) {
    return home.folder().resolve(ACCESS);
  }

  /**
   * What an import does.
   *
   * @param created ids of sources, as the next two
   * @param files others that change, by name
   * @param isRestartNeeded whether some of it counts from the next start on only
   */
  public record Effect(
      List<String> created,
      List<String> changed,
      List<String> removed,
      List<String> files,
      boolean isRestartNeeded) {
    public Effect {
      created = List.copyOf(created);
      changed = List.copyOf(changed);
      removed = List.copyOf(removed);
      files = List.copyOf(files);
    }
  }

  private record Plan(Effect effect, List<FilesTogether.Change> changes, Secrets secrets) {}

  /**
   * All that is there.
   *
   * @throws IOException if a file cannot be read as text; the message says which
   */
  public HomeCopy copy() throws IOException {
    synchronized (keeper) { // its lock: nothing is written in between
      Map<String, String> sources = new TreeMap<>();
      for (SourceId id : keeper.ids()) {
        text(home.sourceFile(id)).ifPresent(text -> sources.put(id.value(), text));
      }
      return new HomeCopy(
          Optional.of(sources),
          text(home.serverFile()),
          text(home.secretsFile()),
          text(accessFile(home)));
    }
  }

  private Optional<String> text(Path file) throws IOException {
    Optional<byte[]> content = content(file);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(content.get())).toString());
    } catch (CharacterCodingException e) {
      throw new IOException(home.relative(file) + " is not text in UTF-8; save it as such", e);
    }
  }

  private static Optional<byte[]> content(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What {@link #apply} would do. */
  public Effect look(HomeCopy wanted) throws EditRefusedException {
    synchronized (keeper) {
      return plan(wanted).effect();
    }
  }

  /** Has the home be as wanted, and the sources at work follow: all of it, or nothing. */
  public Effect apply(HomeCopy wanted) throws EditRefusedException {
    synchronized (keeper) { // its lock: nobody edits in between
      Plan plan = plan(wanted);
      try {
        keeper.exchange(new FilesTogether(home, disk), plan.changes(), plan.secrets());
      } catch (IOException e) {
        throw new EditRefusedException(
            Reason.NOT_WRITTEN, "the files cannot be written: " + Unreadable.why(e));
      }
      return plan.effect();
    }
  }

  private Plan plan(HomeCopy wanted) throws EditRefusedException {
    List<Mistake> mistakes = new ArrayList<>();
    Secrets secrets =
        wanted.secrets().map(text -> secrets(text, mistakes)).orElse(keeper.secrets());
    int most = keeper.most();
    if (wanted.server().isPresent()) {
      most = Math.max(most, mostSources(wanted.server().get(), secrets, mistakes));
    }
    wanted.access().ifPresent(text -> checkAccess(text, mistakes));
    if (wanted.sources().isPresent()) {
      check(wanted.sources().get(), secrets, most, mistakes);
    } else if (wanted.secrets().isPresent()) { // those that are there must go on with them
      check(sourcesThatAreThere(), secrets, most, mistakes);
    }
    if (!mistakes.isEmpty()) {
      throw new EditRefusedException(
          Reason.MISTAKES, "nothing is changed: there are mistakes", told(mistakes));
    }
    try {
      return plan(wanted, secrets);
    } catch (IOException e) {
      throw new EditRefusedException(
          Reason.NOT_WRITTEN, "the files that are there cannot be read: " + Unreadable.why(e));
    }
  }

  private Secrets secrets(String text, List<Mistake> mistakes) {
    MistakeList own = new MistakeList(home.relative(home.secretsFile()));
    Secrets secrets = Secrets.parse(text.getBytes(UTF_8), own);
    mistakes.addAll(own.all());
    return secrets;
  }

  private void checkAccess(String text, List<Mistake> mistakes) {
    MistakeList own = new MistakeList(home.relative(accessFile(home)));
    var unused =
        YamlFile.parse(text.getBytes(UTF_8), own).map(section -> new AccessSection(section).kept());
    mistakes.addAll(own.all());
  }

  private int mostSources(String text, Secrets secrets, List<Mistake> mistakes) {
    MistakeList own = new MistakeList(home.relative(home.serverFile()));
    long heapBytes = Runtime.getRuntime().maxMemory();
    ServerSettings server = ServerFile.parse(text.getBytes(UTF_8), heapBytes, secrets, own);
    mistakes.addAll(own.all());
    return server.limits().sources();
  }

  /** Those with mistakes of their own are left out: they have them already. */
  private Map<String, String> sourcesThatAreThere() throws EditRefusedException {
    Map<String, String> sources = new TreeMap<>();
    try {
      for (SourceId id : keeper.ids()) {
        if (keeper.mistakes(id).isEmpty()) {
          text(home.sourceFile(id)).ifPresent(text -> sources.put(id.value(), text));
        }
      }
    } catch (IOException e) {
      throw new EditRefusedException(Reason.NOT_WRITTEN, String.valueOf(e.getMessage()));
    }
    return sources;
  }

  private void check(
      Map<String, String> sources, Secrets secrets, int most, List<Mistake> mistakes) {
    if (sources.size() > Math.min(most, Limits.MAX_SOURCES)) {
      mistakes.add(Configuration.tooMany(home.relative(home.sources()), most));
      return;
    }
    SourceKind.Place place = new SourceKind.Place(home, secrets);
    List<SourceSettings> whole = new ArrayList<>();
    sources.forEach(
        (id, text) -> {
          if (!SourceId.isValid(id)) {
            String remedy =
                "expected the id of a source: 1 to 64 of a-z, 0-9 and -, beginning with a letter or"
                    + " digit";
            Path file = home.relative(home.sources());
            mistakes.add(new Mistake(file, 0, "sources", Shown.text(id), remedy));
            return;
          }
          SourceId known = new SourceId(id);
          MistakeList own = new MistakeList(home.relative(home.sourceFile(known)));
          SourceFile.parse(text.getBytes(UTF_8), known, place, own).ifPresent(whole::add);
          mistakes.addAll(own.all());
        });
    mistakes.addAll(Configuration.portsTwice(home, whole));
  }

  private List<Mistake> told(List<Mistake> mistakes) {
    if (mistakes.size() <= MOST_MISTAKES) {
      return mistakes;
    }
    List<Mistake> told = new ArrayList<>(mistakes.subList(0, MOST_MISTAKES));
    String more = "and " + (mistakes.size() - MOST_MISTAKES) + " more";
    told.add(new Mistake(home.relative(home.sources()), 0, "", "", more));
    return told;
  }

  private Plan plan(HomeCopy wanted, Secrets secrets) throws IOException {
    List<FilesTogether.Change> changes = new ArrayList<>();
    List<String> files = new ArrayList<>();
    put(home.secretsFile(), wanted.secrets(), Optional.of(OWNER_ONLY), changes, files);
    put(home.serverFile(), wanted.server(), Optional.empty(), changes, files);
    put(accessFile(home), wanted.access(), Optional.of(OWNER_ONLY), changes, files);
    List<String> created = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (Map.Entry<String, String> source : wanted.sources().orElse(Map.of()).entrySet()) {
      Path file = home.sourceFile(new SourceId(source.getKey()));
      boolean isThere = Files.exists(file);
      List<String> names = new ArrayList<>();
      put(file, Optional.of(source.getValue()), Optional.empty(), changes, names);
      if (!names.isEmpty()) {
        (isThere ? changed : created).add(source.getKey());
      }
    }
    if (wanted.sources().isPresent()) {
      for (SourceId id : keeper.ids()) {
        Path file = home.sourceFile(id);
        if (!wanted.sources().get().containsKey(id.value()) && Files.exists(file)) {
          changes.add(new FilesTogether.Change(file, Optional.empty(), Optional.empty()));
          removed.add(id.value());
        }
      }
    }
    boolean isRestartNeeded = files.contains(home.serverFile().getFileName().toString());
    return new Plan(
        new Effect(created, changed, removed, files, isRestartNeeded), changes, secrets);
  }

  /** Notes the change, where it is one. */
  private static void put(
      Path file,
      Optional<String> wanted,
      Optional<Set<PosixFilePermission>> mode,
      List<FilesTogether.Change> changes,
      List<String> names)
      throws IOException {
    if (wanted.isEmpty()) {
      return;
    }
    byte[] bytes = wanted.get().getBytes(UTF_8);
    boolean isSame = content(file).map(there -> Arrays.equals(there, bytes)).orElse(false);
    if (!isSame) {
      changes.add(new FilesTogether.Change(file, Optional.of(bytes), mode));
      names.add(file.getFileName().toString());
    }
  }
}
