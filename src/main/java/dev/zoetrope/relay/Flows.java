package dev.zoetrope.relay;

import dev.zoetrope.media.SourceId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What is wanted of an origin, over all connections to it: says what is to be sent, and who gets
 * what comes. Guarded by its link.
 *
 * @see "docs/PROTOCOL.md, 5.2 and 5.3"
 */
final class Flows {
  /** What was refused is asked for again after so long. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int MOST_ENTRIES = 64;
  private static final int ENTRY_BYTES = 8;

  /** One rendition of one source. */
  private record Wish(SourceId source, String rendition) {}

  /** One that is wanted. */
  static final class Flow {
    final Receiver receiver;

    /** Confined to the link's thread. */
    final Parts parts = new Parts();

    private final int number;
    private final Wish wish;
    private int received; // binary messages of this subscription
    private int acknowledged;
    private boolean isBegun; // before, what comes is of a subscription that was given up
    private long againNanos; // 0 unless it was refused: then when it is asked for again
    private boolean isWithdrawn;

    private Flow(int number, Wish wish, Receiver receiver) {
      this.number = number;
      this.wish = wish;
      this.receiver = receiver;
    }
  }

  private final LongSupplier nanoTime;
  private final Map<Wish, Flow> flows = new HashMap<>();
  private final Map<Integer, Flow> byNumber = new HashMap<>(); // that the origin was asked for
  private int numbers;
  private boolean isUp;

  Flows(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  boolean isEmpty() {
    return flows.isEmpty();
  }

  /** Of how many sources anything is wanted. */
  int sources() {
    return (int) flows.keySet().stream().map(Wish::source).distinct().count();
  }

  /** The origin is there: what it is asked for. */
  List<String> up() {
    isUp = true;
    return flows.values().stream().map(this::ask).toList();
  }

  /** It is gone. */
  void down() {
    isUp = false;
    byNumber.clear();
  }

  /** Wants one more, if it is not wanted yet; what is to be said for it. */
  Optional<String> want(SourceId source, String rendition, Receiver receiver) {
    Wish wish = new Wish(source, rendition);
    if (flows.containsKey(wish)) {
      return Optional.empty();
    }
    Flow flow = new Flow(++numbers, wish, receiver);
    flows.put(wish, flow);
    return isUp ? Optional.of(ask(flow)) : Optional.empty();
  }

  private String ask(Flow flow) {
    flow.isBegun = false;
    flow.received = 0;
    flow.acknowledged = 0;
    flow.againNanos = 0;
    byNumber.put(flow.number, flow);
    return OriginMessages.subscribe(flow.number, flow.wish.source(), flow.wish.rendition());
  }

  /** Ends {@link #want}; what is to be said for it. */
  Optional<String> withdraw(SourceId source, String rendition) {
    Flow flow = flows.remove(new Wish(source, rendition));
    if (flow == null) {
      return Optional.empty();
    }
    flow.isWithdrawn = true;
    return byNumber.containsKey(flow.number)
        ? Optional.of(OriginMessages.unsubscribe(flow.number))
        : Optional.empty();
  }

  /** What comes from now on is of that one. */
  void subscribed(int number) {
    Flow flow = byNumber.get(number);
    if (flow != null) {
      flow.isBegun = true;
    }
  }

  /** The origin has ended one; who is to know, if that is still wanted. It is asked for later. */
  Optional<Receiver> ended(int number) {
    Flow over = byNumber.remove(number);
    if (over == null || over.isWithdrawn) {
      return Optional.empty();
    }
    over.isBegun = false;
    over.againNanos = nanoTime.getAsLong() + AGAIN_NANOS;
    return Optional.of(over.receiver);
  }

  /** Asks again for what was refused a while ago. */
  List<String> again() {
    long now = nanoTime.getAsLong();
    return flows.values().stream()
        .filter(flow -> isUp && flow.againNanos != 0 && now - flow.againNanos >= 0)
        .map(this::ask)
        .toList();
  }

  /** A binary message has come; for whom, if it is still wanted. */
  Optional<Flow> received(RelayMessage header) {
    Wish wish = new Wish(new SourceId(header.source()), header.rendition());
    Flow flow = flows.get(wish);
    if (flow == null || !flow.isBegun) {
      return Optional.empty();
    }
    flow.received++;
    return Optional.of(flow);
  }

  /** Messages that say what has come since the last ones. */
  List<byte[]> acknowledgements() {
    List<Flow> news = new ArrayList<>();
    for (Flow flow : byNumber.values()) {
      if (flow.received != flow.acknowledged) {
        news.add(flow);
      }
    }
    List<byte[]> messages = new ArrayList<>();
    for (int from = 0; from < news.size(); from += MOST_ENTRIES) {
      List<Flow> some = news.subList(from, Math.min(news.size(), from + MOST_ENTRIES));
      ByteBuffer entries = ByteBuffer.allocate(some.size() * ENTRY_BYTES);
      for (Flow flow : some) {
        entries.putShort((short) flow.number).putShort((short) 0).putInt(flow.received);
        flow.acknowledged = flow.received;
      }
      messages.add(entries.array());
    }
    return messages;
  }
}
