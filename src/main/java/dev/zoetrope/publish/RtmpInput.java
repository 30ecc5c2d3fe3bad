package dev.zoetrope.publish;

import dev.zoetrope.capture.Input;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a publisher sends once it was let in. Its messages become packets as they are here, without
 * a process: H.264 and HEVC with lengths, AAC raw.
 *
 * <p>{@link #read} may be called once, on any thread; with wrong bytes it ends.
 *
 * @see "Adobe RTMP 1.0, 7.1.2 to 7.1.6"
 */
final class RtmpInput implements Input {
  /** TCP notices a dead line after hours only; the capture watches for shorter gaps. */
  private static final Duration MOST_SILENCE = Duration.ofSeconds(60);

  private static final int AGGREGATE_HEADER_BYTES = 11;

  private final RtmpConnection connection;
  private final Conversation conversation;
  private final PublishRequest request;
  private final LongSupplier wallMicros;
  private final Runnable left;
  private final MessageClock clock = new MessageClock(); // confined to the reading thread
  private volatile boolean closed;

  /**
   * @param left called when the connection has been closed
   */
  RtmpInput(
      RtmpConnection connection,
      Conversation conversation,
      PublishRequest request,
      LongSupplier wallMicros,
      Runnable left) {
    this.connection = connection;
    this.conversation = conversation;
    this.request = request;
    this.wallMicros = wallMicros;
    this.left = left;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException {
    Splicer splicer = new Splicer(request.name(), sink);
    try {
      connection.acceptMedia(MOST_SILENCE);
      boolean goesOn = true;
      while (goesOn) {
        goesOn = take(connection.read(), splicer);
      }
      end("status", "NetStream.Unpublish.Success", "the publisher ended the stream");
    } catch (EOFException | SocketException e) {
      if (!closed) {
        throw new IOException("the publisher left without a word", e);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("the publisher was " + e.getMessage(), e);
    } catch (MalformedMediaException e) {
      end("error", "NetStream.Publish.Denied", "the publisher sent broken data: " + e.getMessage());
    } catch (UnknownCodecException e) {
      end("error", "NetStream.Publish.Denied", e.getMessage());
    }
  }

  /** Tells the publisher why it is over, and whoever reads. */
  private void end(String level, String code, String why) throws IOException {
    if (closed) {
      return;
    }
    try {
      conversation.sayOver(request.streamId(), level, code, why);
      connection.closeGently();
    } catch (IOException e) {
      // It has gone without waiting for an answer.
    }
    throw new IOException(why);
  }

  /** Returns whether the publisher goes on. */
  private boolean take(Message message, Splicer splicer) throws IOException {
    switch (message.type()) {
      case Message.VIDEO, Message.AUDIO ->
          takeMedia(message.type(), clock.read(message.timestamp()), message.payload(), splicer);
      case Message.AGGREGATE -> takeAggregate(message, splicer);
      case Message.DATA_AMF0 -> takeData(message.payload(), splicer);
      case Message.DATA_AMF3 -> {
        if (!message.payload().isEmpty()) { // a byte in front, then AMF 0
          takeData(message.payload().slice(1, message.payload().size()), splicer);
        }
      }
      default -> {
        Optional<Command> command = Command.of(message);
        return command.isEmpty() || takeCommand(command.get());
      }
    }
    return true;
  }

  private void takeMedia(int type, long dtsMillis, Bytes payload, Splicer splicer)
      throws IOException {
    if (type == Message.VIDEO) {
      splicer.video(FlvTag.video(payload), dtsMillis, wallMicros.getAsLong());
    } else if (type == Message.AUDIO) {
      splicer.audio(FlvTag.audio(payload), dtsMillis, wallMicros.getAsLong());
    }
  }

  /** 7.1.6: FLV tags one after the other; their times count from the first one's. */
  private void takeAggregate(Message message, Splicer splicer) throws IOException {
    Fields in = new Fields("RTMP aggregate message", message.payload());
    boolean isFirst = true;
    int offset = 0;
    while (in.left() >= AGGREGATE_HEADER_BYTES) {
      int type = in.u8();
      int size = in.u24();
      int timestamp = in.u24();
      timestamp |= in.u8() << 24;
      in.u24(); // StreamID
      Bytes payload = in.bytes(size);
      in.u32(); // back pointer
      if (isFirst) {
        isFirst = false;
        offset = message.timestamp() - timestamp;
      }
      takeMedia(type, clock.read(timestamp + offset), payload, splicer);
    }
  }

  private void takeData(Bytes payload, Splicer splicer) throws MalformedMediaException {
    List<Amf> values = AmfReader.readAll("RTMP data message", payload);
    int at = 0;
    if (isText(values, at, "@setDataFrame")) {
      at++;
    }
    if (isText(values, at, "onMetaData")
        && at + 1 < values.size()
        && values.get(at + 1) instanceof Amf.Table metadata) {
      splicer.announce(Announced.of(metadata));
    }
  }

  private static boolean isText(List<Amf> values, int at, String expected) {
    return at < values.size()
        && values.get(at) instanceof Amf.Text text
        && text.value().equals(expected);
  }

  /** FCUnpublish announces the end, deleteStream or closeStream is it. */
  private boolean takeCommand(Command command) throws IOException {
    return switch (command.name()) {
      case "deleteStream", "closeStream" -> false;
      default -> {
        conversation.acknowledge(command);
        yield true;
      }
    };
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      conversation.sayOver(
          request.streamId(),
          "error",
          "NetStream.Publish.Denied",
          "publishing was ended by the server: another publisher took over, or the source stopped");
    } catch (IOException e) {
      // It has gone already; there is nobody to tell.
    }
    connection.close();
    left.run();
  }
}
