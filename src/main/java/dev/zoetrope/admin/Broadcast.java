package dev.zoetrope.admin;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.monitor.Incidents.Numbered;
import dev.zoetrope.monitor.Monitor;
import dev.zoetrope.monitor.Sample;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Tells readers what changes, once a second: the same bytes for all of them, made once.
 * Thread-safe; nothing here waits for a reader.
 *
 * @see "HTML Living Standard, 9.2 (Server-sent events)"
 */
public final class Broadcast implements Closeable {
  /** So many readers at a time. */
  static final int MOST_STREAMS = 100;

  private static final int KEEP_ALIVE_TICKS = 15;
  private static final String KEEP_ALIVE = ":\n\n";

  private final Monitor monitor;
  private final Supplier<Map<SourceId, Settings>> settings;

  // Guarded by this.
  private final Set<EventStream> streams = new HashSet<>();
  private Map<SourceId, Sample> told = Map.of(); // how the sources were, as readers know
  private long toldIncident;
  private Map<SourceId, Settings> known = Map.of(); // as above
  private long ticks;
  private boolean closed;

  /** What an operator sets, and what is wrong with it. */
  record Settings(Optional<SourceSettings> inUse, List<Mistake> mistakes) {}

  /** Of these sources, with these files. */
  public Broadcast(Monitor monitor, Channels channels, SourceKeeper keeper) {
    this(monitor, () -> settings(channels, keeper));
  }

  Broadcast(Monitor monitor, Supplier<Map<SourceId, Settings>> settings) {
    this.monitor = monitor;
    this.settings = settings;
  }

  private static Map<SourceId, Settings> settings(Channels channels, SourceKeeper keeper) {
    Map<SourceId, Settings> all = new HashMap<>();
    for (SourceId id : keeper.ids()) {
      all.put(id, new Settings(channels.channel(id).map(Channel::settings), keeper.mistakes(id)));
    }
    return all;
  }

  /**
   * One more reader, who is told how all is now, then what changes.
   *
   * @param lastIncident the number of the last it knows; empty if it knows none
   * @return false if there are as many as may be, or the server stops
   */
  boolean join(EventStream stream, OptionalLong lastIncident) {
    Map<SourceId, Settings> newest = settings.get(); // looks at files: not with the lock
    synchronized (this) {
      if (closed || streams.size() >= MOST_STREAMS) {
        return false;
      }
      if (streams.isEmpty()) {
        catchUp(newest);
      }
      StringBuilder text = new StringBuilder();
      event(
          text, "hello", Json.createObjectBuilder().add("now", System.currentTimeMillis()).build());
      event(text, "sources", describe(told.values(), Set.of()));
      if (lastIncident.isPresent()) {
        monitor.incidents().after(lastIncident.getAsLong()).stream()
            .filter(one -> one.number() <= toldIncident)
            .forEach(one -> incident(text, one));
      }
      var unused = stream.offer(bytes(text)); // the first always fits
      streams.add(stream);
    }
    stream.drain();
    return true;
  }

  /** Whether one more may come. */
  synchronized boolean hasRoom() {
    return !closed && streams.size() < MOST_STREAMS;
  }

  /** A reader has gone. Idempotent. */
  synchronized void leave(EventStream stream) {
    streams.remove(stream);
  }

  /** To be called about once a second, after the monitor's. */
  public void tick() {
    List<EventStream> inTime = new ArrayList<>();
    List<EventStream> late = new ArrayList<>();
    boolean isRead = hasReaders();
    Map<SourceId, Settings> newest = isRead ? settings.get() : Map.of(); // not with the lock
    synchronized (this) {
      ticks++;
      if (streams.isEmpty() || !isRead) {
        return; // whoever came first is told with the next tick
      }
      StringBuilder text = news(newest);
      if (text.length() == 0) {
        return;
      }
      byte[] bytes = bytes(text);
      for (EventStream stream : streams) {
        (stream.offer(bytes) ? inTime : late).add(stream);
      }
      streams.removeAll(late);
    }
    late.forEach(EventStream::drop);
    inTime.forEach(EventStream::drain);
  }

  private synchronized boolean hasReaders() {
    return !streams.isEmpty();
  }

  private StringBuilder news(Map<SourceId, Settings> newest) {
    StringBuilder text = new StringBuilder();
    if (ticks % KEEP_ALIVE_TICKS == 0) {
      text.append(KEEP_ALIVE);
    }
    List<Numbered> incidents = monitor.incidents().after(toldIncident);
    Map<SourceId, Sample> samples = samples();
    List<Sample> changed =
        samples.values().stream().filter(sample -> !sample.equals(told.get(sample.id()))).toList();
    Set<SourceId> gone = new TreeSet<>(told.keySet());
    gone.removeAll(samples.keySet());
    if (!changed.isEmpty() || !gone.isEmpty()) {
      event(text, "sources", describe(changed, gone));
    }
    incidents.forEach(one -> incident(text, one));
    Set<SourceId> edited = edited(newest);
    if (!edited.isEmpty()) {
      JsonArrayBuilder ids = Json.createArrayBuilder();
      edited.forEach(id -> ids.add(id.value()));
      event(text, "edited", Json.createObjectBuilder().add("ids", ids).build());
    }
    told = samples;
    toldIncident =
        incidents.isEmpty() ? toldIncident : incidents.get(incidents.size() - 1).number();
    known = newest;
    return text;
  }

  /** While nobody reads, nothing is told. */
  private void catchUp(Map<SourceId, Settings> newest) {
    told = samples();
    toldIncident = monitor.incidents().last();
    known = newest;
  }

  private Map<SourceId, Sample> samples() {
    Map<SourceId, Sample> all = new LinkedHashMap<>();
    monitor.samples().forEach(sample -> all.put(sample.id(), sample));
    return all;
  }

  private Set<SourceId> edited(Map<SourceId, Settings> newest) {
    Set<SourceId> edited = new TreeSet<>(known.keySet());
    edited.addAll(newest.keySet());
    edited.removeIf(id -> Objects.equals(known.get(id), newest.get(id)));
    return edited;
  }

  private static JsonStructure describe(Collection<Sample> samples, Set<SourceId> gone) {
    JsonArrayBuilder sources = Json.createArrayBuilder();
    samples.forEach(sample -> sources.add(describe(sample)));
    gone.forEach(
        id ->
            sources.add(Json.createObjectBuilder().add("id", id.value()).add("state", "removed")));
    return sources.build();
  }

  private static JsonObjectBuilder describe(Sample sample) {
    JsonObjectBuilder source =
        Json.createObjectBuilder().add("id", sample.id().value()).add("state", sample.state());
    sample.cause().ifPresent(cause -> source.add("cause", cause));
    sample.words().ifPresent(words -> source.add("words", words));
    source.add("since", sample.since().toString()).add("viewers", sample.viewers());
    JsonObjectBuilder ways = Json.createObjectBuilder();
    for (Format format : Format.values()) {
      Optional.ofNullable(sample.ways().get(format))
          .ifPresent(viewers -> ways.add(format.word(), viewers));
    }
    source.add("ways", ways);
    addKnown(source, "bytesIn", sample.bytesIn());
    addKnown(source, "bytesOut", sample.bytesOut());
    addKnown(source, "fps", sample.fps());
    addKnown(source, "cpu", sample.cpu());
    return source;
  }

  private static void addKnown(JsonObjectBuilder source, String key, double value) {
    if (!Double.isNaN(value)) {
      source.add(key, JsonNumber.of(value));
    }
  }

  private static void incident(StringBuilder text, Numbered one) {
    text.append("id: ").append(one.number()).append('\n');
    event(
        text,
        "incident",
        Json.createObjectBuilder()
            .add("source", one.source().value())
            .add("at", one.incident().at().toString())
            .add("kind", one.incident().kind().name())
            .add("text", one.incident().text())
            .build());
  }

  /** JSON has no line ends but those that are written as \n. */
  private static void event(StringBuilder text, String name, JsonStructure data) {
    text.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
  }

  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Ends all readers. Idempotent. */
  @Override
  public void close() {
    List<EventStream> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(streams);
      streams.clear();
    }
    all.forEach(EventStream::close);
  }
}
