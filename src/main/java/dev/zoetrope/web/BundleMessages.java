package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What the clients of {@code WS /live} are told: text messages, and the tags of binary ones.
 * Stateless.
 *
 * @see "docs/PROTOCOL.md, 2.1 to 2.3"
 */
final class BundleMessages {
  static final int VERSION = 1;

  // Kinds and flags of a tag.
  static final int FRAGMENT = 1;
  static final int INIT_SEGMENT = 2;
  static final int START = 1;
  static final int KEY = 2;
  static final int SOUND = 4;
  static final int CARD = 8;

  private static final int TAG_BYTES = 16;

  private BundleMessages() {}

  private static JsonObjectBuilder message(String type) {
    return Json.createObjectBuilder().add("type", type);
  }

  /**
   * @param nowMicros since 1970
   */
  static String hello(long nowMicros) {
    return message("hello")
        .add("version", VERSION)
        .add("now", millis(nowMicros))
        .add("most", Request.MOST)
        .build()
        .toString();
  }

  /** As times are told. */
  static BigDecimal millis(long micros) {
    return BigDecimal.valueOf(micros, 3);
  }

  static String clock(JsonNumber id, long nowMicros) {
    return message("clock").add("id", id).add("now", millis(nowMicros)).build().toString();
  }

  static String subscribed(int number, String source, String format, String rendition) {
    return message("subscribed")
        .add("n", number)
        .add("source", source)
        .add("format", format)
        .add("rendition", rendition)
        .build()
        .toString();
  }

  static String paused(int number) {
    return message("paused").add("n", number).build().toString();
  }

  /** A request came to nothing; what it was about goes on. */
  static String error(int code, String words) {
    return message("error").add("code", code).add("message", words).build().toString();
  }

  /** The same for a request about that subscription. */
  static String error(int code, int number, String words) {
    return message("error")
        .add("code", code)
        .add("n", number)
        .add("message", words)
        .build()
        .toString();
  }

  static String state(int number, SourceWords words) {
    return message("state")
        .add("n", number)
        .add("state", words.state())
        .add("since", words.sinceMillis())
        .add("cause", words.cause())
        .add("advice", words.advice())
        .add("viewers", words.viewers())
        .build()
        .toString();
  }

  /** The end, as the client wished. */
  static String end(int number) {
    return end(number, 1000, "", false);
  }

  static String end(int number, Outcome outcome, String why) {
    return end(number, outcome.subscriptionCode(), why, outcome.isWorthRetrying());
  }

  private static String end(int number, int code, String why, boolean isWorthRetrying) {
    return message("end")
        .add("n", number)
        .add("code", code)
        .add("message", why)
        .add("retry", isWorthRetrying)
        .build()
        .toString();
  }

  /**
   * A run begins.
   *
   * @param hasSegment whether an init segment follows
   */
  static String init(int number, Run run, Framing framing, Tracks tracks, boolean hasSegment) {
    JsonObjectBuilder init =
        message("init")
            .add("n", number)
            .add("run", run.number())
            .add("mime", hasAny(run, tracks) ? framing.contentType(run) : "");
    Optional<Track> video = run.video().filter(track -> tracks.take(track.codec().kind()));
    if (video.isPresent()) {
      init.add("width", video.get().width()).add("height", video.get().height());
    }
    return init.add("segment", hasSegment).build().toString();
  }

  private static boolean hasAny(Run run, Tracks tracks) {
    return run.tracks().stream().anyMatch(track -> tracks.take(track.codec().kind()));
  }

  /**
   * What stands before the payload of a binary message.
   *
   * @param captureMicros since 1970; 0 of an init segment
   */
  static Bytes tag(int kind, int flags, int number, int sequence, long captureMicros) {
    ByteBuffer tag = ByteBuffer.allocate(TAG_BYTES);
    tag.put((byte) kind).put((byte) flags).putShort((short) number);
    tag.putInt(sequence).putLong(captureMicros);
    return Bytes.owning(tag.array());
  }
}
