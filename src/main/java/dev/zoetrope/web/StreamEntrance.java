package dev.zoetrope.web;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.BodyFormat;
import dev.zoetrope.capture.BodyInput;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.PublisherRefusedException;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Source;
import java.util.Optional;
import java.util.function.Consumer;

/** Where one publisher's endless stream goes in at a source of kind http-publish. Thread-safe. */
final class StreamEntrance {
  private static final String PICTURE = "/picture";

  private final Channels channels;
  private final Channel channel;
  private final PublishPoint point;
  private final Optional<String> key; // empty for who is let in by a link

  private StreamEntrance(Channels channels, Channel channel, Optional<String> key) {
    this.channels = channels;
    this.channel = channel;
    this.key = key;
    point = channel.publishPoint().orElseThrow(); // published sources have one
  }

  /**
   * For a publisher with a key.
   *
   * @param key as offered; empty if none was
   * @param address where it comes from
   * @throws OutcomeException if the source is of another kind, the key is wrong, somebody else is
   *     publishing, the source is switched off, or the server stops
   */
  static StreamEntrance byKey(Channels channels, Channel channel, String key, String address)
      throws OutcomeException {
    StreamEntrance entrance = new StreamEntrance(channels, ofThisKind(channel), Optional.of(key));
    try {
      entrance.point.check(key, address);
    } catch (PublisherRefusedException e) {
      throw PictureEntrance.refused(e);
    }
    return entrance.ifSwitchedOn();
  }

  /**
   * For a publisher whose link was checked.
   *
   * @throws OutcomeException as for {@link #byKey}, but for the key
   */
  static StreamEntrance byLink(Channels channels, Channel channel) throws OutcomeException {
    StreamEntrance entrance = new StreamEntrance(channels, ofThisKind(channel), Optional.empty());
    try {
      entrance.point.checkRoom();
    } catch (PublisherRefusedException e) {
      throw PictureEntrance.refused(e);
    }
    return entrance.ifSwitchedOn();
  }

  /** Else nobody would read the stream. */
  private StreamEntrance ifSwitchedOn() throws OutcomeException {
    if (!channel.settings().enabled()) {
      throw new OutcomeException(
          Outcome.REFUSED, "source " + channel.id() + " is switched off by its operator");
    }
    return this;
  }

  /** The same channel, if streams are published to it by HTTP. */
  static Channel ofThisKind(Channel channel) throws OutcomeException {
    if (!(channel.settings().source() instanceof Source.HttpPublish)) {
      throw new OutcomeException(Outcome.NO_SUCH_SOURCE, whereTo(channel));
    }
    return channel;
  }

  /** What a source is, for those who publish to it as if it were another. */
  static String whereTo(Channel channel) {
    if (channel.settings().audience().protection() != Protection.PUBLIC) {
      return "nobody publishes to source " + channel.id() + " here"; // what it is, not all may know
    }
    Source source = channel.settings().source();
    String is = "source " + channel.id() + " is of kind " + source.kind() + ": ";
    if (source instanceof Source.Pictures) {
      return is + "publish to /publish/" + channel.id() + PICTURE;
    }
    if (source instanceof Source.HttpPublish) {
      return is + "publish to /publish/" + channel.id();
    }
    if (source instanceof Source.RtmpPublish) {
      return is + "publish to it by RTMP";
    }
    return is
        + (source instanceof Source.SrtPublish ? "publish to it by SRT" : "nobody publishes to it");
  }

  /**
   * Lets the stream in.
   *
   * @param done called when it was taken to its end
   * @param refused called when it ends otherwise; either, on the thread that ends it
   */
  BodyInput admit(BodyFormat format, Runnable done, Consumer<OutcomeException> refused)
      throws OutcomeException {
    BodyInput input =
        new BodyInput(
            channels.ffmpeg(),
            format,
            channel.id().value(),
            channel.settings().capture().limits(),
            channels.wallMicros());
    try {
      admit(input);
    } catch (PublisherRefusedException e) {
      throw PictureEntrance.refused(e);
    }
    var unused =
        input
            .ending()
            .thenAccept(
                ending -> {
                  switch (ending.how()) {
                    case DONE -> done.run();
                    case UNREADABLE, LEFT ->
                        refused.accept(new OutcomeException(Outcome.BAD_REQUEST, ending.words()));
                    case CLOSED -> refused.accept(closed(input));
                  }
                });
    return input;
  }

  private OutcomeException closed(BodyInput input) {
    return channel.isServerStopping()
        ? new OutcomeException(Outcome.SERVER_STOPS, Outcome.SERVER_STOPS_WORDS)
        : PictureEntrance.closed(point, input);
  }

  private void admit(BodyInput input) throws PublisherRefusedException {
    if (key.isPresent()) {
      point.admit(key.get(), input);
    } else {
      point.admit(input);
    }
  }
}
