package dev.zoetrope.channel;

import dev.zoetrope.access.KeyGuesses;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.Guesses;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source.Published;
import dev.zoetrope.media.Source.RtmpPublish;
import dev.zoetrope.media.SourceId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** All sources of this node, which may come and go. Thread-safe. */
public final class Channels implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Channels.class.getName());

  /** Of which nobody has the key. */
  private static final Published NOWHERE =
      new RtmpPublish(new Secret(UUID.randomUUID().toString()), false);

  private final Map<SourceId, Channel> channels = new ConcurrentSkipListMap<>();
  private final Node node;
  private final NodeLoad load;
  private final KeyGuesses guesses;
  private volatile Runnable listener = () -> {};
  private boolean closed; // guarded by this
  private final Map<Channel, CompletableFuture<Void>> removing = new ConcurrentHashMap<>();

  private final Set<Runnable> farewells = ConcurrentHashMap.newKeySet();

  /** Starts those that run also without viewers. */
  public Channels(List<SourceSettings> sources, Node node) {
    this.node = node;
    load = new NodeLoad(node);
    guesses = new KeyGuesses(node.workshop().nanoTime());
    for (SourceSettings source : sources) {
      channels.put(source.id(), new Channel(source, node, load, guesses));
    }
    channels.values().forEach(Channel::start);
  }

  /** The channel of that name. */
  public Optional<Channel> channel(SourceId id) {
    return Optional.ofNullable(channels.get(id));
  }

  /**
   * A publish point for a source that is not there, so that nobody learns that it is not: nobody
   * has its key, and guessing costs what it does elsewhere.
   *
   * @param name as a publisher has it
   */
  public PublishPoint nowhere(String name) {
    String who = SourceId.isValid(name) ? name : ""; // what can be no source needs no parting
    return new PublishPoint(
        NOWHERE,
        () -> {},
        new Guesses() {
          @Override
          public Duration patience(String address) {
            return guesses.patience(who, address);
          }

          @Override
          public void wrong(String address) {
            guesses.wrong(who, address);
          }

          @Override
          public void refused() {
            // there is no source that could tell it
          }
        });
  }

  /** All channels, ordered by id. */
  public List<Channel> all() {
    return List.copyOf(channels.values());
  }

  /**
   * One more source, started if it runs also without viewers.
   *
   * @throws RefusedException if there are as many as the limit allows, or the server stops
   * @throws IllegalArgumentException if there is one of this id
   */
  public synchronized Channel add(SourceSettings source) throws RefusedException {
    if (closed) {
      throw new RefusedException("the server is stopping");
    }
    if (channels.containsKey(source.id())) {
      throw new IllegalArgumentException("source " + source.id() + " is there already");
    }
    if (channels.size() >= node.limits().sources()) {
      throw new RefusedException(
          "there are as many sources as limits.sources allows: " + node.limits().sources());
    }
    Channel channel = new Channel(source, node, load, guesses);
    channels.put(source.id(), channel);
    channel.start();
    listener.run();
    return channel;
  }

  /**
   * Captures and serves a source with other settings; its viewers stay.
   *
   * @return empty when it is done, else why it goes on as before
   * @throws IllegalArgumentException if there is none of this id
   */
  public CompletableFuture<Optional<Diagnosis>> replace(SourceSettings source) {
    return channel(source.id())
        .orElseThrow(() -> new IllegalArgumentException("no source " + source.id()))
        .replace(source)
        .thenApply(
            whyNot -> {
              listener.run();
              return whyNot;
            });
  }

  /**
   * Has {@code listener} run whenever a source has come, before who brought it goes on, or has got
   * other settings. There is one; it must not wait.
   */
  public void onChange(Runnable listener) {
    this.listener = listener;
  }

  /**
   * Takes a source away; its viewers are ended. Without effect if there is none of this id.
   *
   * @return completed when its processes are gone
   */
  public synchronized CompletableFuture<Void> remove(SourceId id) {
    Channel channel = channels.remove(id);
    if (channel == null) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> gone = closing(channel);
    removing.put(channel, gone);
    var unused = gone.whenComplete((nothing, failure) -> removing.remove(channel));
    return gone;
  }

  private static CompletableFuture<Void> closing(Channel channel) {
    return CompletableFuture.runAsync(
        channel::close, task -> new Thread(task, "stop " + channel.id()).start());
  }

  /** Has {@code farewell} run when the server stops, or now if it does; it must not wait. */
  public void onStop(Runnable farewell) {
    farewells.add(farewell); // before looking: one of us runs it, or both
    if (load.isStopping()) {
      farewell.run();
    }
  }

  /** Has it not run any more. */
  public void removeOnStop(Runnable farewell) {
    farewells.remove(farewell);
  }

  /**
   * Has {@code act} done after so long, or when the server stops, if that is sooner; perhaps by
   * both: it is idempotent, and must not wait.
   *
   * @return takes it back
   */
  public Runnable atTheLatest(Duration in, Runnable act) {
    ScheduledFuture<?> due =
        timer()
            .schedule(
                () -> {
                  removeOnStop(act);
                  act.run();
                },
                in.toMillis(),
                TimeUnit.MILLISECONDS);
    onStop(act);
    return () -> {
      due.cancel(false);
      removeOnStop(act);
    };
  }

  /** How many viewers were refused for a limit so far. */
  public long refused() {
    return load.refused();
  }

  /** Viewers connected now. */
  public int viewers() {
    return load.viewers();
  }

  /** How much is taken on. */
  public Limits limits() {
    return node.limits();
  }

  /** For what doors wait for; its tasks may block for a few seconds. */
  public ScheduledExecutorService timer() {
    return node.timer();
  }

  /** For what publishers bring. */
  public Ffmpeg ffmpeg() {
    return node.workshop().ffmpeg();
  }

  /** The time, in microseconds since 1970, UTC. */
  public LongSupplier wallMicros() {
    return node.workshop().wallMicros();
  }

  private static void say(Runnable farewell) {
    try {
      farewell.run();
    } catch (RuntimeException e) { // of a container, perhaps: the others are told all the same
      LOG.log(Level.WARNING, "a farewell failed", e);
    }
  }

  /** Stops all at the same time; returns when their processes are gone. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    load.stop();
    farewells.forEach(Channels::say);
    List<CompletableFuture<Void>> closing = new ArrayList<>(removing.values());
    channels.values().forEach(channel -> closing.add(closing(channel)));
    closing.forEach(CompletableFuture::join);
  }
}
