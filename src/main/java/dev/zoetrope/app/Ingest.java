package dev.zoetrope.app;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Gate;
import dev.zoetrope.access.NodeGate;
import dev.zoetrope.access.TrustedProxies;
import dev.zoetrope.admin.Broadcast;
import dev.zoetrope.admin.Installation;
import dev.zoetrope.admin.Metrics;
import dev.zoetrope.admin.NodeJson;
import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.Probes;
import dev.zoetrope.capture.StartGate;
import dev.zoetrope.capture.Workshop;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Node;
import dev.zoetrope.config.AccessFile;
import dev.zoetrope.config.Configuration;
import dev.zoetrope.config.Home;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.door.FastDoor;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.monitor.Incidents;
import dev.zoetrope.monitor.Monitor;
import dev.zoetrope.monitor.NodeTree;
import dev.zoetrope.monitor.Pulse;
import dev.zoetrope.relay.Relays;
import dev.zoetrope.web.Beans;
import dev.zoetrope.web.Bundles;
import dev.zoetrope.web.Followers;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ingest: owns the channels, starts and stops with the application, and gives the doors what
 * they need.
 */
@ApplicationScoped
public class Ingest {
  private static final Logger LOG = System.getLogger(Ingest.class.getName());

  /** An edit by hand is seen by the second look after it, so within 2 s. */
  private static final long LOOK_MILLIS = 700;

  /** What is revoked or has expired is cut within a second. */
  private static final long TICK_MILLIS = 400;

  /** The environment variable with the password of the account {@code admin}. */
  private static final String ADMIN_PASSWORD = "ZOETROPE_ADMIN_PASSWORD";

  /** The system property by which the launcher tells where a browser finds us. */
  private static final String ADDRESS = "zoetrope.address";

  /** How long nodes that have sources of this one have to go elsewhere before it stops. */
  private static final Duration DRAIN = Duration.ofSeconds(3);

  /** The system property by which the launcher learns that it has to wait so much longer. */
  private static final String DRAIN_MILLIS = "zoetrope.drainMillis";

  /** The system property by which the launcher learns how to log. */
  private static final String LOGS = "zoetrope.logs";

  /** What origins are told of who is below this node. */
  private static final long BELOW_MILLIS = 2000;

  /** What is revoked is so at nodes below within 2 s, however many are in between. */
  private static final long URGENT_MILLIS = Threads.BEAT_MILLIS;

  /** The monitor's figures are those of a second. */
  private static final long FIGURES_MILLIS = 1000;

  // Guarded by this.
  private Ffmpeg ffmpeg;
  private Threads threads;
  private RtmpEntrance rtmp;
  private Relays relays;
  private Future<?> looking; // after the folder of sources

  // What the doors and operators need. Written with the lock of this; the container reads it, for
  // those who want it: not before the start is over, as there is no door before.
  @Produces @Dependent volatile NodeIdentity identity;
  @Produces @Dependent volatile NodeTree nodes;
  @Produces @Dependent volatile Channels channels;
  @Produces @Dependent volatile SourceKeeper keeper;
  @Produces @Dependent volatile Probes probes;
  @Produces @Dependent volatile FastDoor fastDoor;
  @Produces @Dependent volatile Bundles bundles;
  @Produces @Dependent volatile Followers followers;
  @Produces @Dependent volatile Webhooks webhooks;

  @Produces
  @Dependent
  @Typed({Access.class, Gate.class, NodeGate.class})
  volatile Access access;

  @Produces @Dependent volatile TrustedProxies trustedProxies;
  @Produces @Dependent volatile Monitor monitor;
  @Produces @Dependent volatile Pulse pulse;
  @Produces @Dependent volatile Broadcast broadcast;
  @Produces @Dependent volatile Metrics metrics;
  @Produces @Dependent volatile Installation installation;

  @Inject private Event<Object> events;

  @Inject private BeanManager beans;

  /** Once, however many containers tell. */
  synchronized void start(@Observes @Initialized(ApplicationScoped.class) Object event)
      throws IOException {
    if (channels != null) {
      return;
    }
    Home home =
        Home.resolve(
            Optional.ofNullable(System.getProperty("zoetrope.home")),
            System.getenv(),
            Path.of(System.getProperty("user.home")));
    if (home.prepare()) {
      LOG.log(Level.INFO, "made {0} with a demo source", home.folder());
    }
    Configuration configuration = Configuration.read(home);
    if (System.getProperty(ADDRESS) != null) { // else the log is somebody else's
      System.setProperty(LOGS, configuration.server().jsonLogs() ? "json" : "text");
    }
    for (Mistake mistake : configuration.mistakes()) {
      LOG.log(Level.WARNING, mistake.toString());
    }
    identity = configuration.identity();
    trustedProxies = configuration.server().trustedProxies();
    ffmpeg =
        new Ffmpeg(
            program(configuration),
            Optional.of(home.run()),
            configuration.server().hardware() ? Ffmpeg.Hardware.TRIED : Ffmpeg.Hardware.OFF,
            configuration.server().denyHosts());
    threads = new Threads();
    Beans.use(beans.createInstance()); // that of this bean would be of it, and it is not yet whole
    AtomicReference<Channels> served = new AtomicReference<>(); // not before they are there
    AtomicReference<SourceKeeper> kept = new AtomicReference<>(); // the same
    access =
        new Access(
            new AccessFile(home),
            () -> adminToken(configuration, kept.get()),
            id -> origins(served.get(), id),
            Clock.systemUTC(),
            System::nanoTime);
    access
        .begin(Optional.ofNullable(System.getenv(ADMIN_PASSWORD)).filter(text -> !text.isBlank()))
        .ifPresent(Ingest::tellOfSetup);
    webhooks =
        new Webhooks(
            configuration.server().webhooks(),
            threads.timer(),
            threads.messengers(),
            () -> ThreadLocalRandom.current().nextDouble());
    relays =
        new Relays(
            identity,
            threads.timer(),
            Ingest::wallMicros,
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextDouble());
    Relays followed = relays;
    Followers following = new Followers();
    followers = following;
    Neighbours neighbours = new Neighbours();
    nodes =
        new NodeTree(
            identity,
            () -> Neighbours.origins(followed.figures()),
            () -> neighbours.followers(following.stats()));
    Incidents incidents = new Incidents(System.currentTimeMillis());
    Announcer announcer = new Announcer(webhooks, events, threads.delivery(events));
    Node node =
        new Node(
            new Workshop(
                ffmpeg,
                new StartGate(configuration.server().startsAtATime()),
                Ingest::wallMicros,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble(),
                relays),
            threads.workers(),
            threads.timer(),
            configuration.server().limits(),
            (source, incident, why) -> {
              incidents.add(source.id(), incident);
              announcer.happened(source, incident, why);
            },
            Optional.of(home.timelines()),
            Optional.of(relays));
    channels = new Channels(configuration.sources(), node);
    served.set(channels);
    keeper = new SourceKeeper(home, configuration, channels);
    kept.set(keeper);
    probes = new Probes(ffmpeg, Ingest::wallMicros);
    fastDoor = new FastDoor(configuration.server().fastDoor(), threads.timer());
    bundles = new Bundles();
    rtmp = new RtmpEntrance(channels, configuration.server().rtmpPort());
    channels.onChange(rtmp::look);
    rtmp.look();
    startMonitor(home, configuration, incidents);
    looking = threads.every(LOOK_MILLIS, "looking at the folder of sources", keeper::look);
    Mirrors mirrors = new Mirrors(channels, followed);
    var unused = threads.every(FIGURES_MILLIS, "mirroring sources of other nodes", mirrors::look);
    threads.quicklyEvery(TICK_MILLIS, "looking at sessions and links", access::tick);
    ShareLinks shareLinks = new ShareLinks(channels, followed, access.links());
    threads.quicklyEvery(URGENT_MILLIS, "taking over share links", shareLinks::look);
    threads.quicklyEvery(URGENT_MILLIS, "telling followers of share links", bundles::tellUrgent);
    threads.quicklyEvery(BELOW_MILLIS, "telling origins", () -> tellOrigins(followed));
    threads.quicklyEvery(FIGURES_MILLIS, "telling subscribers of sources", bundles::tick);
    threads.startBeat();
    LOG.log(
        Level.INFO,
        "node {0}, home {1}, sources: {2}, {3}",
        identity.name(),
        home.folder(),
        configuration.sources().size(),
        ffmpeg.program());
  }

  /** Of pages that may watch the source as who is signed in. */
  private static List<String> origins(Channels served, SourceId id) {
    return Optional.ofNullable(served)
        .flatMap(channels -> channels.channel(id))
        .map(channel -> List.copyOf(channel.settings().audience().origins()))
        .orElse(List.of());
  }

  /** As the file has it now. */
  private static Optional<Secret> adminToken(Configuration read, SourceKeeper kept) {
    return kept == null ? read.secrets().adminToken() : kept.adminToken();
  }

  /** The launcher says where a browser finds us; elsewhere, the container's operator knows. */
  private static void tellOfSetup(String token) {
    String address = System.getProperty(ADDRESS, "/");
    LOG.log(
        Level.INFO,
        "there is no account yet: open {0}admin/#setup={1} to make the first one",
        address,
        token);
  }

  private void tellOrigins(Relays followed) {
    Channels watched = channels;
    NodeTree tree = nodes;
    if (watched != null && !followed.isEmpty()) {
      int people = watched.viewers() - Neighbours.renditions(followers.stats());
      followed.say(
          NodeJson.below(Math.max(0, people), tree.followers()), NodeJson.below(0, List.of()));
    }
  }

  private void startMonitor(Home home, Configuration configuration, Incidents incidents) {
    Monitor watched = new Monitor(channels, incidents, threads.workers());
    Broadcast told = new Broadcast(watched, channels, keeper);
    monitor = watched;
    pulse = watched.pulse();
    broadcast = told;
    metrics = new Metrics(watched, channels, configuration.server().publicMetrics());
    installation =
        new Installation(home.folder(), Instant.now(), fastDoor.isOpen(), rtmp::openPort);
    threads.quicklyEvery(
        FIGURES_MILLIS,
        "the monitor",
        () -> {
          watched.tick();
          told.tick();
        });
  }

  private static Path program(Configuration configuration) throws CannotStartException {
    return configuration
        .server()
        .ffmpeg()
        .or(() -> Ffmpeg.find(System.getenv().getOrDefault("PATH", "")))
        .orElseThrow(
            () ->
                new CannotStartException(
                    "no ffmpeg found: install it, or say where it is with --ffmpeg PATH or"
                        + " ZOETROPE_FFMPEG"));
  }

  static long wallMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  synchronized void stopBefore(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  /** Ends viewers, captures, processes and threads. Idempotent. */
  @PreDestroy
  public synchronized void stop() {
    if (followers != null) { // while all goes on: they may have another origin
      if (followers.size() > 0) {
        System.setProperty(DRAIN_MILLIS, Long.toString(DRAIN.toMillis()));
      }
      followers.drain(DRAIN);
      followers = null;
    }
    if (ffmpeg != null) {
      ffmpeg.hurry();
    }
    if (monitor != null) {
      monitor.stop();
      broadcast.close();
      metrics.close();
    }
    if (probes != null) {
      probes.cancel(); // while others end
    }
    if (rtmp != null) {
      rtmp.close();
    }
    if (looking != null) {
      looking.cancel(false);
    }
    keeper = null;
    if (bundles != null) { // before the channels: also to sockets without any viewer
      bundles.close();
      bundles = null;
    }
    if (channels != null) {
      channels.close();
      channels = null;
    }
    if (relays != null) { // after what is followed
      relays.close();
      relays = null;
    }
    if (probes != null) {
      probes.close();
      probes = null;
    }
    if (webhooks != null) {
      webhooks.close();
      webhooks = null;
    }
    if (threads != null) {
      threads.endObservers();
      threads.endWorkers();
    }
    if (fastDoor != null) {
      fastDoor.close();
      fastDoor = null;
    }
    if (threads != null) {
      threads.endTimer();
    }
    if (access != null) {
      access.close();
      access = null;
    }
    if (ffmpeg != null) {
      ffmpeg.close();
      ffmpeg = null;
    }
  }
}
