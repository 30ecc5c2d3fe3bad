package dev.zoetrope.web;

import dev.zoetrope.access.DeniedException;
import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Grant;
import dev.zoetrope.capture.BodyFormat;
import dev.zoetrope.capture.BodyInput;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A publisher on a WebSocket: says who it is, then brings an endless stream, and is told how much
 * of it was taken.
 *
 * <p>What the client says comes on one of the container's threads at a time. While much is unread,
 * that thread waits, and with it the socket: Jakarta WebSocket knows no other way to stop a client,
 * and Tomcat and Tyrus give each socket that has something to read a thread of a pool, on which
 * others do not wait. At most one publisher of a source gets that far, and after {@value
 * #MOST_WAIT_SECONDS} s it is let go. Thread-safe.
 *
 * @see "docs/PROTOCOL.md, 4"
 */
final class SocketPublisher {
  /** Bytes of one message. */
  static final int MOST_BYTES = 1 << 20;

  private static final int DONE = 1000; // RFC 6455, 7.4.1: normal closure
  private static final int TOO_BIG = 1009; // the same: message too big
  private static final int FIRST_SECONDS = 10;
  private static final int SILENT_SECONDS = 15;

  /** A source that reads nothing is given up by its capture before. */
  private static final int MOST_WAIT_SECONDS = 10;

  /** So many answers may wait for a client that does not read them. */
  private static final int MOST_UNREAD = 100;

  private static final String EXPECTED =
      "expected {\"type\":\"publish\",\"key\":\"…\"} or \"link\" first";

  private final SessionTexts texts;
  private final String id;
  private final String address; // where the client comes from
  private final Channels channels;
  private final Gate gate;
  private final ScheduledFuture<?> ticking;
  private final long openedNanos = System.nanoTime();
  private final Runnable farewell = this::stopped;

  // Confined to who says what the client says.
  private final MessageRate rate = new MessageRate(MessageRate.USUAL, openedNanos);
  private int messageBytes; // of the binary message that comes

  // Written by who says what the client says.
  private volatile Channel channel; // null until it may publish
  private volatile StreamTaker taker; // the same
  private volatile long heardNanos; // when it was last given something of the stream
  private volatile boolean isWaiting; // for room: then the client's silence is ours
  private volatile Semaphore waitingFor = new Semaphore(0); // the newest such wait

  // Guarded by this.
  private Grant grant; // null where a key lets in, or nothing yet
  private boolean isOver;

  SocketPublisher(SessionTexts texts, String id, String address, Channels channels, Gate gate) {
    this.texts = texts;
    this.id = id;
    this.address = address;
    this.channels = channels;
    this.gate = gate;
    ticking = channels.timer().scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    channels.onStop(farewell);
  }

  // What the client says.

  void text(String text) {
    if (isOver()) {
      return;
    }
    try {
      if (!rate.admits(1, System.nanoTime()) || texts.waiting() > MOST_UNREAD) {
        throw new OutcomeException(Outcome.TOO_MANY, "expected at most 600 messages in 10 s");
      }
      take(PublisherMessage.of(text));
    } catch (OutcomeException e) {
      refuse(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped();
    }
  }

  private void take(PublisherMessage message) throws OutcomeException, InterruptedException {
    if (message instanceof PublisherMessage.Publish publish) {
      begin(publish);
    } else if (taker == null) {
      throw Fields.bad(EXPECTED);
    } else if (message instanceof PublisherMessage.End) {
      taker.end();
    } else if (message instanceof PublisherMessage.Clock clock) {
      texts.say(BundleMessages.clock(clock.id(), nowMicros()));
    }
  }

  private void begin(PublisherMessage.Publish publish) throws OutcomeException {
    if (taker != null) {
      throw Fields.bad("expected one message of type publish, and no second");
    }
    Channel wanted = StreamEntrance.ofThisKind(Doorkeeper.channel(channels, id));
    StreamEntrance entrance;
    if (publish.link().isPresent()) {
      hold(admit(publish.link().get(), wanted));
      entrance = StreamEntrance.byLink(channels, wanted);
    } else {
      entrance = StreamEntrance.byKey(channels, wanted, publish.key().orElse(""), address);
    }
    channel = wanted;
    heardNanos = System.nanoTime();
    taker = new StreamTaker(format -> admit(entrance, format));
    texts.say(PublisherWords.ready(nowMicros(), MOST_BYTES));
  }

  private Grant admit(String link, Channel wanted) throws OutcomeException {
    try {
      return gate.admitPublisher(link, wanted.id());
    } catch (DeniedException e) {
      throw new OutcomeException(Outcome.KEY_NEEDED, e.getMessage());
    }
  }

  private void hold(Grant given) {
    boolean isLate;
    synchronized (this) {
      isLate = isOver;
      grant = isLate ? null : given;
    }
    if (isLate) {
      given.close();
    } else {
      given.onEnd(
          () ->
              refuse(
                  new OutcomeException(
                      Outcome.NOT_FOR_YOU, "this link has expired, or was revoked")));
    }
  }

  private BodyInput admit(StreamEntrance entrance, BodyFormat format) throws OutcomeException {
    return entrance.admit(format, () -> end(DONE, ""), this::refuse);
  }

  /**
   * A part of a binary message.
   *
   * @param isLast of this message
   */
  void binary(byte[] part, boolean isLast) {
    if (isOver()) {
      return;
    }
    messageBytes += part.length;
    if (messageBytes > MOST_BYTES) {
      end(TOO_BIG, "expected messages of at most " + MOST_BYTES + " bytes");
      return;
    }
    messageBytes = isLast ? 0 : messageBytes;
    try {
      if (taker == null) {
        throw Fields.bad(EXPECTED);
      }
      awaitRoom();
      taker.take(part, part.length);
    } catch (OutcomeException e) {
      refuse(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped();
    } finally {
      heardNanos = System.nanoTime(); // before the other: its wait counts as heard
      isWaiting = false;
    }
  }

  /** The one place that holds up a thread of the container. */
  private void awaitRoom() throws InterruptedException {
    Semaphore room = new Semaphore(0);
    if (taker.isFull(room::release)) {
      heardNanos = System.nanoTime();
      isWaiting = true;
      waitingFor = room;
      if (!isOver()) { // else nobody would let it go
        room.acquire();
      }
    }
  }

  private void stopped() {
    refuse(new OutcomeException(Outcome.SERVER_STOPS, Outcome.SERVER_STOPS_WORDS));
  }

  // What it is told.

  /** On the timer, once a second until the socket is closed. */
  private void tick() {
    if (texts.isStuck()) {
      over("the publisher takes nothing");
      texts.cut(Outcome.TOO_SLOW.subscriptionCode(), "the client takes nothing");
    } else if (!isOver()) {
      look(taker);
    }
    if (texts.isClosed()) {
      ticking.cancel(false);
      channels.removeOnStop(farewell);
    }
  }

  /**
   * @param taking null until it may publish
   */
  private void look(StreamTaker taking) {
    if (taking == null) {
      checkHeard(openedNanos, FIRST_SECONDS, EXPECTED + ", within " + FIRST_SECONDS + " s");
    } else if (isWaiting) {
      checkHeard(
          heardNanos,
          MOST_WAIT_SECONDS,
          "the source has read nothing for " + MOST_WAIT_SECONDS + " s");
    } else {
      checkHeard(heardNanos, SILENT_SECONDS, "no stream came for " + SILENT_SECONDS + " s");
    }
    if (taking != null && texts.waiting() == 0) {
      texts.say(PublisherWords.taken(taking.takenBytes(), nowMicros(), SourceWords.of(channel)));
    }
  }

  private long nowMicros() {
    return channels.wallMicros().getAsLong();
  }

  private void checkHeard(long sinceNanos, int mostSeconds, String words) {
    if (System.nanoTime() - sinceNanos > TimeUnit.SECONDS.toNanos(mostSeconds)) {
      refuse(new OutcomeException(Outcome.TOO_SLOW, words));
    }
  }

  // The end.

  private void refuse(OutcomeException why) {
    end(why.outcome().subscriptionCode(), why.getMessage());
  }

  private void end(int code, String reason) {
    if (over(reason)) {
      texts.close(code, reason);
    }
  }

  /** The socket is closed, whoever closed it. Idempotent, any thread. */
  void left() {
    texts.gone();
    over("the publisher left");
  }

  private synchronized boolean isOver() {
    return isOver;
  }

  /**
   * @param why for people
   * @return whether it was not over before
   */
  private boolean over(String why) {
    Grant held;
    synchronized (this) {
      if (isOver) {
        return false;
      }
      isOver = true;
      held = grant;
      grant = null;
    }
    waitingFor.release();
    StreamTaker taking = taker;
    if (taking != null) {
      taking.abandon(why);
    }
    if (held != null) {
      held.close();
    }
    return true;
  }
}
