package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Relay.Form;
import dev.zoetrope.media.SourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One source of other nodes: which of its origins it is taken from at present, and what is taken.
 *
 * <p>The links to all origins stand; from those that are not chosen nothing comes but what they
 * have. When another is chosen, both send until the new one has brought something. Thread-safe.
 */
public final class Following {
  /** A hop more is about so much later. */
  private static final long HOP_MICROS = 5_000;

  /** An origin further down in the configuration has to be better by so much. */
  private static final long RANK_MICROS = 100_000;

  /** One that has the source, but no picture of it, is worse than any that has. */
  private static final long LOST_MICROS = TimeUnit.SECONDS.toMicros(1000);

  /** Nobody minds a way by which pictures are so old; what is beyond counts. */
  private static final long YOUNG_MICROS = TimeUnit.SECONDS.toMicros(1);

  /** What was left because its pictures were old is thought to be so for as long as this. */
  private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What comes is not left for what is hardly better, ... */
  private static final long BETTER_MICROS = 50_000;

  /** ... nor for what has been better for less than this. */
  private static final long BETTER_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** So long both send, at most. */
  private static final long HANDOVER_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final SourceId source; // as the origins call it
  private final Form form;
  private final List<Upstream> links; // the preferred one first
  private final LongSupplier nanoTime;
  private final Upstream.Listener onChange = this::choose;
  private final Set<Runnable> watches = new HashSet<>(); // guarded by itself

  // Guarded by this.
  private Upstream chosen; // null: none is fit
  private Upstream leaving; // null: none; it sends until what is chosen does
  private long leavingNanos; // since when
  private Upstream better; // null: none
  private long betterNanos; // since when it is better
  private final Map<String, Inflow> inflows = new HashMap<>(); // by rendition
  private final Map<String, Receiver> receivers = new HashMap<>(); // the same, and who listens
  private final Set<String> awaited =
      new HashSet<>(); // renditions that the chosen has yet to bring
  private final Map<Upstream, Aged> left = new HashMap<>(); // how old pictures were by each
  private long unfitNanos; // since when none is fit
  private String refusal = ""; // of the chosen one, for people
  private Optional<Offer> newest = Optional.empty(); // of the chosen, that was told of
  private boolean closed;

  /** How old pictures were by an origin, and when. */
  private record Aged(long micros, long nanos) {}

  /**
   * @param links the preferred one first; they are somebody else's to close
   */
  Following(SourceId source, Form form, List<Upstream> links, LongSupplier nanoTime) {
    this.source = source;
    this.form = form;
    this.links = List.copyOf(links);
    this.nanoTime = nanoTime;
    unfitNanos = nanoTime.getAsLong();
    links.forEach(link -> link.watch(onChange));
    choose();
  }

  /** Has {@code action} called when the origin, or what it offers, is another; any thread. */
  public void watch(Runnable action) {
    synchronized (watches) {
      watches.add(action);
    }
  }

  /** Ends {@link #watch}. */
  public void unwatch(Runnable action) {
    synchronized (watches) {
      watches.remove(action);
    }
  }

  // Choosing.

  /** To be called about each 100 ms, too. */
  void choose() {
    boolean isNews;
    synchronized (this) {
      if (closed) {
        return;
      }
      Upstream before = chosen;
      Optional<Upstream> best = best();
      if (best.isEmpty()) {
        go(null);
      } else if (chosen == null || !isFit(chosen)) {
        go(best.get());
      } else {
        consider(best.get());
      }
      endHandover();
      Optional<Offer> told = chosen == null ? Optional.empty() : chosen.offer(source);
      isNews = before != chosen || !told.equals(newest);
      newest = told;
    }
    if (isNews) {
      tell();
    }
  }

  private void tell() {
    List<Runnable> told;
    synchronized (watches) {
      told = List.copyOf(watches);
    }
    told.forEach(Runnable::run);
  }

  private Optional<Upstream> best() {
    Upstream best = null;
    for (Upstream link : links) {
      if (isFit(link) && (best == null || cost(link) < cost(best))) {
        best = link;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isFit(Upstream link) {
    return link.isUp() && !link.isDraining() && link.offer(source).filter(this::suits).isPresent();
  }

  private boolean suits(Offer offer) {
    return form == Form.RENDITIONS || offer.hasPackets();
  }

  private long cost(Upstream link) {
    Offer offer = link.offer(source).orElse(null);
    if (offer == null) {
      return Long.MAX_VALUE;
    }
    return links.indexOf(link) * RANK_MICROS
        + Math.max(0, link.roundTripMicros()) / 2
        + offer.path().size() * HOP_MICROS
        + Math.max(0, ageMicros(link) - YOUNG_MICROS)
        + (offer.isLost() ? LOST_MICROS : 0);
  }

  /** By that origin, now or when it was left not long ago; -1 where nobody knows. */
  private long ageMicros(Upstream link) {
    long now = link.ageMicros();
    Aged before = left.get(link);
    boolean isRemembered =
        before != null && nanoTime.getAsLong() - before.nanos() < REMEMBERED_NANOS;
    return now < 0 && isRemembered ? before.micros() : now;
  }

  /** Goes over to what has been better for a while. */
  private void consider(Upstream best) {
    long gain = cost(chosen) - cost(best);
    if (best.equals(chosen) || gain < BETTER_MICROS) {
      better = null;
      return;
    }
    long now = nanoTime.getAsLong();
    if (!best.equals(better)) {
      better = best;
      betterNanos = now;
    }
    boolean isAtOnce = gain >= LOST_MICROS / 2; // the chosen one has nothing to show
    if (isAtOnce || now - betterNanos >= BETTER_NANOS) {
      go(best);
    }
  }

  private void go(Upstream to) {
    if (to == chosen) {
      return;
    }
    if (leaving != null && leaving != to) { // to one that still sends there is nothing to say
      withdraw(leaving);
    }
    if (chosen != null) {
      left.put(chosen, new Aged(chosen.ageMicros(), nanoTime.getAsLong()));
    }
    leaving = chosen;
    leavingNanos = nanoTime.getAsLong();
    chosen = to;
    better = null;
    refusal = "";
    unfitNanos = to == null ? leavingNanos : unfitNanos;
    awaited.clear();
    inflows.values().forEach(inflow -> inflow.prefer(to));
    if (to != null) {
      awaited.addAll(inflows.keySet());
      receivers.forEach((rendition, receiver) -> to.want(source, rendition, receiver));
    }
  }

  private void withdraw(Upstream link) {
    for (Map.Entry<String, Inflow> each : inflows.entrySet()) {
      link.withdraw(source, each.getKey());
      each.getValue().forget(link);
    }
  }

  private void endHandover() {
    if (leaving == null) {
      return;
    }
    boolean isLate = nanoTime.getAsLong() - leavingNanos > HANDOVER_NANOS;
    boolean isDone = chosen != null && awaited.isEmpty();
    if (isDone || isLate || !leaving.isUp()) {
      withdraw(leaving);
      leaving = null;
    }
  }

  private synchronized void brought(Upstream by, String rendition) {
    if (by.equals(chosen)) {
      refusal = "";
      awaited.remove(rendition);
    }
  }

  private synchronized void refused(Upstream by, String words) {
    if (by.equals(chosen)) {
      refusal = words;
    }
  }

  // What is taken.

  /**
   * Takes a rendition until {@link #end}, whichever origin has it.
   *
   * @param feed written by the inflow alone
   * @param written how many fragments it has had
   */
  Inflow begin(String rendition, Sink<Fragment> feed, long written) {
    Inflow begun = new Inflow(feed, written, nanoTime);
    Receiver receiver = new Counted(rendition, begun);
    synchronized (this) {
      inflows.put(rendition, begun);
      receivers.put(rendition, receiver);
      begun.prefer(chosen);
      if (chosen != null) {
        awaited.add(rendition);
        chosen.want(source, rendition, receiver);
      }
    }
    return begun;
  }

  /** Ends {@link #begin}. */
  void end(String rendition, Inflow begun) {
    begun.close();
    synchronized (this) {
      if (inflows.remove(rendition, begun)) {
        receivers.remove(rendition);
        awaited.remove(rendition);
        links.forEach(link -> link.withdraw(source, rendition));
      }
    }
  }

  /** Tells when an origin has brought something. */
  private final class Counted implements Receiver {
    private final String rendition;
    private final Inflow inflow;

    Counted(String rendition, Inflow inflow) {
      this.rendition = rendition;
      this.inflow = inflow;
    }

    @Override
    public void received(Upstream from, RelayMessage header, long captureMicros, Bytes payload)
        throws MalformedMediaException {
      inflow.received(from, header, captureMicros, payload);
      if (!header.is(RelayMessage.INIT)) {
        brought(from, rendition);
      }
    }

    @Override
    public void refused(Upstream from, String words) {
      inflow.refused(from, words);
      Following.this.refused(from, words);
    }
  }

  // What is known.

  /** What is taken of it. */
  public Form form() {
    return form;
  }

  /** What the chosen origin says of it, or the first that says anything. */
  public Optional<Offer> offer() {
    List<Upstream> asked = new ArrayList<>();
    synchronized (this) {
      if (chosen != null) {
        asked.add(chosen);
      }
    }
    asked.addAll(links);
    return asked.stream().flatMap(link -> link.offer(source).stream()).findFirst();
  }

  /** For how long there has been no origin that could be chosen; 0 while there is one. */
  synchronized long unfitNanos() {
    return chosen == null ? nanoTime.getAsLong() - unfitNanos : 0;
  }

  /** Whether the chosen origin has no picture of it, and knows it. */
  boolean isLostThere() {
    Upstream asked;
    synchronized (this) {
      asked = chosen;
    }
    return asked != null && asked.offer(source).map(Offer::isLost).orElse(false);
  }

  /** Whether the chosen origin has it, and it is sound alone. */
  boolean isSoundThere() {
    Upstream asked;
    synchronized (this) {
      asked = chosen;
    }
    return asked != null && asked.offer(source).map(Offer::isSound).orElse(false);
  }

  /** Whether there is an origin that has, or may have, a picture of it. */
  public boolean isThere() {
    return unfitNanos() == 0 && !isLostThere();
  }

  /** Why it is not there, for people. */
  String cause() {
    Upstream asked;
    String words;
    synchronized (this) {
      asked = chosen;
      words = refusal;
    }
    if (asked != null) {
      return words.isEmpty()
          ? "the origin has no picture of it either"
          : "the origin says: " + words;
    }
    List<String> causes = new ArrayList<>();
    for (Upstream link : links) {
      String why = link.isDraining() ? "it is about to stop" : link.cause();
      causes.add(link.address().getAuthority() + ": " + (why.isEmpty() ? lack(link) : why));
    }
    return String.join("; ", causes);
  }

  /** What it does not have, though it is there. */
  private String lack(Upstream link) {
    return link.offer(source).isEmpty()
        ? "it has no source " + source
        : "it has no packets of source "
            + source
            + ", only renditions: it has them so from another node, or is an older version; form:"
            + " renditions takes these";
  }

  /** Nothing is taken any more. Idempotent. */
  void close() {
    links.forEach(link -> link.unwatch(onChange));
    synchronized (this) {
      closed = true;
      for (String rendition : List.copyOf(inflows.keySet())) {
        inflows.get(rendition).close();
        links.forEach(link -> link.withdraw(source, rendition));
      }
      inflows.clear();
      receivers.clear();
    }
  }
}
