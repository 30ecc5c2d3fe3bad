package dev.zoetrope.app;

import dev.zoetrope.access.Access;
import dev.zoetrope.access.Gate;
import dev.zoetrope.admin.Broadcast;
import dev.zoetrope.admin.Installation;
import dev.zoetrope.admin.Metrics;
import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.Probes;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.StartGate;
import dev.zoetrope.capture.Workshop;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Node;
import dev.zoetrope.config.AccessFile;
import dev.zoetrope.config.Configuration;
import dev.zoetrope.config.Home;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.door.FastDoor;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.monitor.Incidents;
import dev.zoetrope.monitor.Monitor;
import dev.zoetrope.monitor.Pulse;
import dev.zoetrope.publish.RtmpServer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ingest: owns the channels, starts and stops with the application, and gives the doors what
 * they need.
 */
@ApplicationScoped
public class Ingest {
  private static final Logger LOG = System.getLogger(Ingest.class.getName());

  private static final int TIMER_THREADS = 4;

  /** An edit by hand is seen by the second look after it, so within 2 s. */
  private static final long LOOK_MILLIS = 700;

  /** What is revoked or has expired is cut within a second. */
  private static final long TICK_MILLIS = 500;

  /** The environment variable with the password of the account {@code admin}. */
  private static final String ADMIN_PASSWORD = "ZOETROPE_ADMIN_PASSWORD";

  /** The system property by which the launcher tells where a browser finds us. */
  private static final String ADDRESS = "zoetrope.address";

  /** The monitor's figures are those of a second. */
  private static final long FIGURES_MILLIS = 1000;

  /** So many events wait for observers that are busy. */
  private static final int MOST_EVENTS = 1000;

  /** What viewers have to end in, once their feeds are closed; the whole stop may take 4 s. */
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(1);

  // Guarded by this.
  private Ffmpeg ffmpeg;
  private Channels channels;
  private SourceKeeper keeper;
  private Probes probes;
  private FastDoor fastDoor;
  private RtmpServer rtmp; // null where no source is published by RTMP
  private int rtmpPort; // 0: none, or it cannot be had
  private Webhooks webhooks;
  private Access access;
  private Monitor monitor;
  private Broadcast broadcast;
  private Metrics metrics;
  private Installation installation;
  private ScheduledThreadPoolExecutor timer;
  private ThreadPoolExecutor observers; // delivers events to them; null: the container does
  private final List<ExecutorService> workers = new ArrayList<>();

  @Inject private Event<Object> events;

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
    for (Mistake mistake : configuration.mistakes()) {
      LOG.log(Level.WARNING, mistake.toString());
    }
    ffmpeg =
        new Ffmpeg(
            program(configuration),
            Optional.of(home.run()),
            configuration.server().hardware() ? Ffmpeg.Hardware.TRIED : Ffmpeg.Hardware.OFF,
            configuration.server().denyHosts());
    timer = new ScheduledThreadPoolExecutor(TIMER_THREADS, threads("timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // when stopping
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      workers.add(Executors.newSingleThreadExecutor(threads("fan-out " + i)));
    }
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
            timer,
            () -> ThreadLocalRandom.current().nextDouble());
    Incidents incidents = new Incidents(System.currentTimeMillis());
    Announcer announcer = new Announcer(webhooks, events, delivery());
    Node node =
        new Node(
            new Workshop(
                ffmpeg,
                new StartGate(configuration.server().startsAtATime()),
                Ingest::wallMicros,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble()),
            workers,
            timer,
            configuration.server().limits(),
            (source, incident, why) -> {
              incidents.add(source.id(), incident);
              announcer.happened(source, incident, why);
            },
            Optional.of(home.timelines()));
    channels = new Channels(configuration.sources(), node);
    served.set(channels);
    keeper = new SourceKeeper(home, configuration, channels);
    kept.set(keeper);
    probes = new Probes(ffmpeg, Ingest::wallMicros);
    rtmpPort = configuration.server().rtmpPort();
    fastDoor = new FastDoor(configuration.server().fastDoor(), timer);
    startRtmp();
    startMonitor(home, configuration, incidents);
    var unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    unused =
        timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    LOG.log(
        Level.INFO,
        "home {0}, {1} sources, {2}",
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

  /** On the timer. */
  private void tick() {
    Access ticking;
    synchronized (this) {
      ticking = access;
    }
    if (ticking == null) {
      return;
    }
    try {
      ticking.tick();
    } catch (RuntimeException e) { // ours: nobody's permission is looked at by this alone
      LOG.log(Level.ERROR, "looking at sessions and links broke an invariant", e);
    }
  }

  private void startMonitor(Home home, Configuration configuration, Incidents incidents) {
    monitor = new Monitor(channels, incidents, workers);
    broadcast = new Broadcast(monitor, channels, keeper);
    metrics = new Metrics(monitor, channels, configuration.server().publicMetrics());
    installation =
        new Installation(home.folder(), Instant.now(), fastDoor.isOpen(), this::openRtmpPort);
    Monitor watched = monitor;
    Broadcast told = broadcast;
    Runnable tick =
        () -> {
          try {
            watched.tick();
            told.tick();
          } catch (RuntimeException e) { // ours: the sources go on
            LOG.log(Level.ERROR, "the monitor broke an invariant", e);
          }
        };
    var unused =
        timer.scheduleWithFixedDelay(tick, FIGURES_MILLIS, FIGURES_MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized int openRtmpPort() {
    return rtmp == null ? 0 : rtmpPort;
  }

  /** Where no source is published by RTMP, nobody has business at the port. */
  private synchronized void startRtmp() {
    if (channels == null || rtmp != null || rtmpPort == 0) {
      return;
    }
    boolean isWanted =
        channels.all().stream()
            .anyMatch(channel -> channel.settings().source() instanceof Source.RtmpPublish);
    if (!isWanted) {
      return;
    }
    int port = rtmpPort;
    Channels published = channels;
    try {
      rtmp =
          new RtmpServer(
              new InetSocketAddress(port), name -> rtmpPoint(published, name), Ingest::wallMicros);
      LOG.log(Level.INFO, "RTMP publishers come to port {0}", Integer.toString(port));
    } catch (IOException e) { // the other sources go on
      rtmpPort = 0; // told once
      LOG.log(Level.ERROR, e.getMessage());
    }
  }

  /** On the timer. */
  private void look() {
    SourceKeeper looking;
    synchronized (this) {
      looking = keeper;
    }
    if (looking == null) {
      return;
    }
    try {
      looking.look();
      startRtmp();
    } catch (RuntimeException e) { // ours: the sources go on
      LOG.log(Level.ERROR, "looking at the folder of sources broke an invariant", e);
    }
  }

  private static Optional<PublishPoint> rtmpPoint(Channels channels, String name) {
    return SourceId.isValid(name)
        ? channels
            .channel(new SourceId(name))
            .filter(channel -> channel.settings().source() instanceof Source.RtmpPublish)
            .flatMap(Channel::publishPoint)
        : Optional.empty();
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

  /**
   * By a thread of our own, where Weld is: its pool would wait a minute for an observer that is
   * busy when the server stops, and brings events to them in any order.
   */
  private NotificationOptions delivery() {
    if (!CdiBootstrap.isOurs()) {
      return NotificationOptions.builder().build();
    }
    observers =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_EVENTS),
            threads("events"),
            (event, executor) -> {
              if (!executor.isShutdown()) {
                LOG.log(Level.WARNING, "an event is dropped: an observer has been busy for long");
              }
            });
    observers.prestartCoreThread(); // while the context class loader is the application's
    return NotificationOptions.ofExecutor(observers);
  }

  private static long wallMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + (count.getAndIncrement() == 0 ? "" : " " + count));
      thread.setDaemon(true);
      return thread;
    };
  }

  /** For the doors. */
  @Produces
  @Dependent
  public synchronized Channels channels() {
    return channels;
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized SourceKeeper keeper() {
    return keeper;
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized Probes probes() {
    return probes;
  }

  /** For viewers. */
  @Produces
  @Dependent
  public synchronized FastDoor fastDoor() {
    return fastDoor;
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized Webhooks webhooks() {
    return webhooks;
  }

  /** For all doors. */
  @Produces
  @Dependent
  @Typed({Access.class, Gate.class})
  public synchronized Access access() {
    return access;
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized Monitor monitor() {
    return monitor;
  }

  /** For who asks whether the server is well. */
  @Produces
  @Dependent
  public synchronized Pulse pulse() {
    return monitor.pulse();
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized Broadcast broadcast() {
    return broadcast;
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized Metrics metrics() {
    return metrics;
  }

  /** For the operators' door. */
  @Produces
  @Dependent
  public synchronized Installation installation() {
    return installation;
  }

  synchronized void stopBefore(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  /** Ends viewers, captures, processes and threads. Idempotent. */
  @PreDestroy
  public synchronized void stop() {
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
      rtmp = null;
    }
    keeper = null;
    if (channels != null) {
      channels.close();
      channels = null;
    }
    if (probes != null) {
      probes.close();
      probes = null;
    }
    if (webhooks != null) {
      webhooks.close();
      webhooks = null;
    }
    if (observers != null) {
      observers.shutdownNow();
      observers = null;
    }
    endWorkers(); // they tell the viewers
    if (fastDoor != null) {
      fastDoor.close();
      fastDoor = null;
    }
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
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

  private void endWorkers() {
    workers.forEach(ExecutorService::shutdown);
    long end = System.nanoTime() + STOP_NANOS;
    try {
      for (ExecutorService worker : workers) {
        if (!worker.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          LOG.log(Level.WARNING, "not all viewers could be told of the end");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.clear();
  }
}
