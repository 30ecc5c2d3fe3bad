package dev.zoetrope.publish;

import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.util.Optional;

/**
 * What is said on a connection besides media: the commands up to {@code publish}, and the answers.
 *
 * <p>Commands we do not know are answered with an empty result, which no encoder minds. One thread
 * at a time until published; {@link #sayOver} then belongs to any.
 *
 * @see "Adobe RTMP 1.0, 7.2.1 (NetConnection), 7.2.2 (NetStream)"
 * @see "Enhanced RTMP v2, Enhancing NetConnection connect Command"
 */
final class Conversation {
  static final String APPLICATION = "live";

  private static final int MOST_COMMANDS = 64;
  private static final int MEDIA_STREAM = 1;
  private static final int CAN_DECODE = 1;
  private static final int CAN_FORWARD = 4;

  private final RtmpConnection connection;
  private Optional<String> keyOfApplication = Optional.empty();
  private String program = "";
  private boolean isConnected;

  Conversation(RtmpConnection connection) {
    this.connection = connection;
  }

  /**
   * Answers until the publisher asks to publish, which is not answered yet.
   *
   * @throws RefusedException it wants what is not here, and has been told so
   * @throws IOException the connection failed, or not a conversation as encoders have it
   */
  PublishRequest awaitPublish() throws IOException, RefusedException {
    for (int i = 0; i < MOST_COMMANDS; i++) {
      Message message = connection.read();
      Optional<Command> command = Command.of(message);
      if (command.isEmpty()) {
        continue; // metadata before its time
      }
      switch (command.get().name()) {
        case "connect" -> connect(command.get());
        case "createStream" -> answer(command.get(), Amf.NOTHING, Amf.of(MEDIA_STREAM));
        case "publish" -> {
          return publish(command.get(), message.streamId());
        }
        case "play", "play2" ->
            throw refuse(
                message.streamId(),
                "NetStream.Play.StreamNotFound",
                "this port takes publishers; viewers watch over HTTP");
        default -> acknowledge(command.get());
      }
    }
    throw new MalformedMediaException("RTMP: no publish among " + MOST_COMMANDS + " commands");
  }

  private void connect(Command command) throws IOException, RefusedException {
    Amf.Table wishes = command.object() instanceof Amf.Table table ? table : Amf.table();
    StreamName application = StreamName.parse(wishes.text("app").orElse(""));
    keyOfApplication = application.key();
    program = wishes.text("flashVer").orElse("");
    if (!application.name().equals(APPLICATION)) {
      String why =
          "no application here but \""
              + APPLICATION
              + "\": publish to rtmp://host/live with the stream key {source}?key={key}";
      connection
          .out()
          .command(
              0,
              Amf.of("_error"),
              Amf.of(command.transaction()),
              Amf.NOTHING,
              status("error", "NetConnection.Connect.Rejected", why));
      throw new RefusedException(why);
    }
    isConnected = true;
    ChunkWriter out = connection.out();
    out.windowAcknowledgementSize(RtmpConnection.WINDOW_BYTES);
    out.peerBandwidth(RtmpConnection.WINDOW_BYTES);
    out.enlargeChunks();
    answer(
        command,
        Amf.table("fmsVer", "FMS/3,0,1,123", "capabilities", 31),
        Amf.table(
            "level",
            "status",
            "code",
            "NetConnection.Connect.Success",
            "description",
            "connected",
            "objectEncoding",
            0, // AMF 0, whatever was asked for
            "videoFourCcInfoMap",
            canForward("avc1", "hvc1", "av01", "vp09"),
            "audioFourCcInfoMap",
            canForward("mp4a", "Opus", ".mp3")));
  }

  private static Amf canForward(String... fourccs) {
    Object[] entries = new Object[2 * fourccs.length];
    for (int i = 0; i < fourccs.length; i++) {
      entries[2 * i] = fourccs[i];
      entries[2 * i + 1] = CAN_DECODE | CAN_FORWARD;
    }
    return Amf.table(entries);
  }

  private PublishRequest publish(Command command, int streamId) throws MalformedMediaException {
    if (!isConnected) {
      throw new MalformedMediaException("RTMP: publish before connect");
    }
    StreamName stream = StreamName.parse(command.text(0).orElse(""));
    String key = stream.key().or(() -> keyOfApplication).orElse("");
    return new PublishRequest(stream.name(), key, streamId, program);
  }

  /** A result that says nothing, if a result is wanted. */
  void acknowledge(Command command) throws IOException {
    if (command.transaction() != 0) {
      answer(command, Amf.NOTHING, Amf.NOTHING);
    }
  }

  private void answer(Command command, Amf object, Amf result) throws IOException {
    connection.out().command(0, Amf.of("_result"), Amf.of(command.transaction()), object, result);
  }

  /** Lets it begin to send. */
  void letIn(PublishRequest request) throws IOException {
    connection
        .out()
        .command(
            request.streamId(),
            Amf.of("onStatus"),
            Amf.of(0),
            Amf.NOTHING,
            status("status", "NetStream.Publish.Start", "publishing " + request.name()));
  }

  /** Says on a stream why not; the caller closes. */
  RefusedException refuse(int streamId, String code, String why) throws IOException {
    connection
        .out()
        .command(streamId, Amf.of("onStatus"), Amf.of(0), Amf.NOTHING, status("error", code, why));
    return new RefusedException(why);
  }

  /** Says that it is over, unless that would have to wait. */
  void sayOver(int streamId, String level, String code, String why) throws IOException {
    connection
        .out()
        .tryCommand(streamId, Amf.of("onStatus"), Amf.of(0), Amf.NOTHING, status(level, code, why));
  }

  private static Amf status(String level, String code, String description) {
    return Amf.table("level", level, "code", code, "description", description);
  }
}
