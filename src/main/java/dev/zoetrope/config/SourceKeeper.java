package dev.zoetrope.config;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps the sources that are at work the same as the files say: what is edited, added or removed by
 * hand is seen by {@link #look}. A file with a mistake leaves its source as it was. Thread-safe.
 */
public final class SourceKeeper {
  private static final Logger LOG = System.getLogger(SourceKeeper.class.getName());

  private final Home home;
  private final Channels channels;
  private final int most; // sources
  private final int rtmpPort;

  // Guarded by this.
  private final SourceFolder folder;
  private final SecretsWatch secrets; // but for its newest
  private final Map<SourceId, SourceSettings> applied = new HashMap<>(); // or refused, as tried
  private final Map<SourceId, Mistake> refused = new HashMap<>(); // by the channels, not the file
  private List<Mistake> together = List.of(); // wrong beside others
  private Set<Mistake> told = Set.of();
  private boolean isUnreadable; // the folder, and told
  private final Set<SourceId> edited = new HashSet<>(); // at this moment: left to who does
  private boolean isDue; // a reconciliation

  /**
   * @param configuration what {@code channels} were made of
   */
  public SourceKeeper(Home home, Configuration configuration, Channels channels) {
    this.home = home;
    this.channels = channels;
    most = configuration.server().limits().sources();
    rtmpPort = configuration.server().rtmpPort();
    folder = new SourceFolder(home);
    secrets = new SecretsWatch(home.secretsFile(), configuration.secrets());
    configuration.sources().forEach(source -> applied.put(source.id(), source));
    told = Set.copyOf(configuration.mistakes());
    try {
      folder.read(configuration.secrets());
    } catch (IOException e) {
      isUnreadable = true; // told by the configuration
    }
    reconcile();
  }

  /** Sees what changed; to be called about every second. */
  public synchronized void look() {
    if (secrets.look()) {
      folder.forget();
    }
    try {
      boolean isChanged = folder.look(secrets.newest());
      if (isChanged || isUnreadable || isDue) {
        isUnreadable = false;
        isDue = false;
        reconcile();
      }
    } catch (IOException e) { // a folder that is gone for a moment takes no source with it
      if (!isUnreadable) {
        LOG.log(Level.WARNING, "{0} cannot be read: {1}", home.sources(), Unreadable.why(e));
      }
      isUnreadable = true;
    }
  }

  private void reconcile() {
    Set<SourceId> gone = new HashSet<>(applied.keySet());
    List<SourceSettings> whole = new ArrayList<>();
    for (SourceFolder.Page page : folder.pages()) {
      page.id().ifPresent(gone::remove);
      page.settings().ifPresent(whole::add);
    }
    Set<SourceId> present = new HashSet<>();
    folder.pages().forEach(page -> page.id().ifPresent(present::add));
    refused.keySet().retainAll(present);
    gone.forEach(this::remove); // first: it makes room for others
    whole.forEach(this::apply);
    together = Configuration.portsTwice(home, whole);
    tell();
  }

  private void remove(SourceId id) {
    if (edited.contains(id)) {
      return;
    }
    applied.remove(id);
    refused.remove(id);
    LOG.log(Level.INFO, "{0}: removed", id);
    var unused = channels.remove(id);
  }

  private void apply(SourceSettings source) {
    SourceId id = source.id();
    if (source.equals(applied.get(id)) || edited.contains(id)) {
      return;
    }
    if (channels.channel(id).isEmpty()) {
      try {
        channels.add(source);
        applied.put(id, source);
        refused.remove(id);
        LOG.log(Level.INFO, "{0}: added", id);
      } catch (RefusedException e) { // tried again when another is gone
        refused.put(id, Configuration.tooMany(file(id), most));
      }
      return;
    }
    applied.put(id, source);
    var unused = channels.replace(source).thenAccept(whyNot -> replaced(source, whyNot));
  }

  private synchronized void replaced(SourceSettings source, Optional<Diagnosis> whyNot) {
    SourceId id = source.id();
    if (!source.equals(applied.get(id)) || edited.contains(id)) {
      return; // changed once more since
    }
    if (whyNot.isEmpty()) {
      refused.remove(id);
      LOG.log(Level.INFO, "{0}: changed", id);
    } else {
      refused.put(id, notStarted(id, whyNot.get()));
      tell();
    }
  }

  /**
   * From now on the source is left to the caller, until {@link #endEdit}.
   *
   * @return whether nobody else is editing it
   */
  synchronized boolean beginEdit(SourceId id) {
    return edited.add(id);
  }

  /** The source's file is as it shall be. */
  synchronized void endEdit(SourceId id) {
    edited.remove(id);
    folder.readNow(home.sourceFile(id), secrets.newest());
    isDue = true;
  }

  /** The source is at work with these settings, as its file says. */
  synchronized void wrote(SourceSettings source) {
    applied.put(source.id(), source);
    refused.remove(source.id());
  }

  /** One at a time: each keeps what the file holds. */
  synchronized void addSecrets(Disk disk, Map<String, Secret> more) throws IOException {
    Secrets.add(disk, home.secretsFile(), more);
    secrets.take(secrets.newest().with(more));
  }

  /** The same of one that gets another value. */
  synchronized void replaceSecret(Disk disk, String name, Secret secret) throws IOException {
    Secrets.replace(disk, home.secretsFile(), name, secret);
    secrets.take(secrets.newest().with(Map.of(name, secret)));
  }

  /**
   * Has the files be others, and what is at work follow them.
   *
   * @param after the secrets from then on
   * @throws EditRefusedException if somebody is editing a source
   * @throws IOException if they cannot be written; all is as before then
   */
  synchronized void exchange(FilesTogether files, List<FilesTogether.Change> changes, Secrets after)
      throws EditRefusedException, IOException {
    if (!edited.isEmpty()) {
      throw new EditRefusedException(
          EditRefusedException.Reason.BUSY,
          "somebody is changing source " + edited.iterator().next() + " at this moment; try again");
    }
    files.apply(changes);
    secrets.take(after);
    folder.forget();
    try {
      folder.read(after);
      reconcile();
    } catch (IOException e) { // the files are written: the next look sees them
      isDue = true;
    }
  }

  /** So many sources are taken. */
  int most() {
    return most;
  }

  /** Neither the source nor its file is there any more. */
  synchronized void deleted(SourceId id) {
    applied.remove(id);
    refused.remove(id);
  }

  synchronized Secrets secrets() {
    return secrets.newest();
  }

  /** The newest token that lets into the operators' API. Waits for nothing. */
  public Optional<Secret> adminToken() {
    return secrets.newest().adminToken(); // without the lock, which is held while files are read
  }

  /** Where RTMP publishers come to; 0 for nowhere. */
  public int rtmpPort() {
    return rtmpPort;
  }

  /** Edits the files on behalf of programs. */
  public SourceEditor editor() {
    return new SourceEditor(home, channels, this, Disk.REAL);
  }

  /** Takes everything out of the home, and into it. */
  public Transfer transfer() {
    return new Transfer(home, this, Disk.REAL);
  }

  /** What publishers have to know. */
  public PublishKeys publishKeys() {
    return new PublishKeys(channels, editor(), rtmpPort);
  }

  private Mistake notStarted(SourceId id, Diagnosis why) {
    String remedy = "does not start with these settings: " + why.words() + "; it goes on as before";
    String advice = why.advice().isEmpty() ? "" : ". " + why.advice();
    return new Mistake(file(id), 0, "", "", remedy + advice);
  }

  private Path file(SourceId id) {
    return home.relative(home.sourceFile(id));
  }

  /** Each mistake once. */
  private void tell() {
    Set<Mistake> all = new HashSet<>(refused.values());
    all.addAll(together);
    folder.pages().forEach(page -> all.addAll(page.mistakes()));
    for (Mistake mistake : all) {
      if (!told.contains(mistake)) {
        LOG.log(Level.WARNING, mistake.toString());
      }
    }
    told = Set.copyOf(all);
  }

  /** What is wrong in a source's file at present. */
  public synchronized List<Mistake> mistakes(SourceId id) {
    List<Mistake> mistakes = new ArrayList<>();
    folder.pages().stream()
        .filter(page -> page.id().equals(Optional.of(id)))
        .forEach(page -> mistakes.addAll(page.mistakes()));
    together.stream().filter(mistake -> mistake.file().equals(file(id))).forEach(mistakes::add);
    Optional.ofNullable(refused.get(id)).ifPresent(mistakes::add);
    return mistakes;
  }

  /** Those that have a file, whether they are at work or not; in order. */
  public synchronized Set<SourceId> ids() {
    Set<SourceId> ids = new TreeSet<>(applied.keySet());
    folder.pages().forEach(page -> page.id().ifPresent(ids::add));
    return ids;
  }
}
