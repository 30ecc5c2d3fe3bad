package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * A publisher that says byte by byte what a test wants. It speaks in chunks of 128 bytes until told
 * otherwise, and reads with chunks of the size that the server sets. One thread.
 */
final class TestPublisher implements AutoCloseable {
  private static final int LIMIT_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private int chunkSize = 128;
  private int theirChunkSize = 128;

  /** One message of the server: control as numbers, commands as values. */
  record Heard(int type, int streamId, Bytes payload) {
    List<Amf> values() throws IOException {
      return AmfReader.readAll("answer", payload);
    }

    String name() throws IOException {
      return type == Message.COMMAND_AMF0 && values().get(0) instanceof Amf.Text name
          ? name.value()
          : "";
    }

    /** An entry of the last value, which tells how it went. */
    String status(String key) throws IOException {
      List<Amf> values = values();
      return values.get(values.size() - 1) instanceof Amf.Table table
          ? table.text(key).orElse("")
          : "";
    }
  }

  TestPublisher(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  /**
   * @param from an address of this machine
   */
  TestPublisher(int port, String from) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
    socket.setSoTimeout(LIMIT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** All that was said so far. */
  byte[] said() {
    return said.toByteArray();
  }

  TestPublisher send(byte[] bytes) throws IOException {
    said.writeBytes(bytes);
    out.write(bytes);
    out.flush();
    return this;
  }

  /** C0, C1 with these bytes behind its time and version, C2; checks the echo. */
  TestPublisher shakeHands(int... version) throws IOException {
    byte[] first = new byte[1 + 1536];
    first[0] = 3;
    for (int i = 9; i < first.length; i++) {
      first[i] = (byte) i;
    }
    for (int i = 0; i < version.length; i++) {
      first[5 + i] = (byte) version[i];
    }
    send(first);
    byte[] answer = new byte[1 + 1536 + 1536];
    in.readFully(answer);
    if (answer[0] != 3 || !Bytes.copyOf(answer, 1537, 1536).equals(Bytes.copyOf(first, 1, 1536))) {
      throw new AssertionError("S0 or S2 is wrong");
    }
    byte[] echo = new byte[1536];
    System.arraycopy(answer, 1, echo, 0, echo.length);
    return send(echo);
  }

  /** Connects to {@code live} and asks to publish; the answer is the next status heard. */
  TestPublisher askToPublish(String name) throws IOException {
    connect("live");
    command(0, Amf.of("releaseStream"), Amf.of(2), Amf.NOTHING, Amf.of(name));
    command(0, Amf.of("FCPublish"), Amf.of(3), Amf.NOTHING, Amf.of(name));
    command(0, Amf.of("createStream"), Amf.of(4), Amf.NOTHING);
    return command(1, Amf.of("publish"), Amf.of(5), Amf.NOTHING, Amf.of(name), Amf.of("live"));
  }

  TestPublisher connect(String application) throws IOException {
    Amf wishes =
        Amf.table(
            "app",
            application,
            "flashVer",
            "FMLE/3.0 (compatible; test)",
            "tcUrl",
            "rtmp://127.0.0.1/" + application,
            "fourCcList",
            new Amf.Row(List.of(Amf.of("hvc1"), Amf.of("av01"))));
    return command(0, Amf.of("connect"), Amf.of(1), wishes);
  }

  TestPublisher command(int streamId, Amf... values) throws IOException {
    return message(3, 0, Message.COMMAND_AMF0, streamId, AmfWriter.write(values));
  }

  TestPublisher metadata(Object... keysAndValues) throws IOException {
    Bytes values =
        AmfWriter.write(Amf.of("@setDataFrame"), Amf.of("onMetaData"), Amf.table(keysAndValues));
    return message(4, 0, Message.DATA_AMF0, 1, values);
  }

  TestPublisher chunkSize(int size) throws IOException {
    control(Message.SET_CHUNK_SIZE, size);
    chunkSize = size;
    return this;
  }

  TestPublisher control(int type, int value) throws IOException {
    return message(2, 0, type, 0, u32(value));
  }

  /** A whole message, its first chunk of type 0; with an extended timestamp in all its chunks. */
  TestPublisher message(int chunkStream, int timestamp, int type, int streamId, Bytes payload)
      throws IOException {
    boolean extended = Integer.compareUnsigned(timestamp, 0xffffff) >= 0;
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    basicHeader(chunks, 0, chunkStream);
    u24(chunks, extended ? 0xffffff : timestamp);
    u24(chunks, payload.size());
    chunks.write(type);
    u32(Integer.reverseBytes(streamId)).writeTo(chunks);
    Bytes extension = extended ? u32(timestamp) : Bytes.EMPTY;
    extension.writeTo(chunks);
    return send(inChunks(chunks, chunkStream, payload, extension));
  }

  /** As {@link #message}, with a header of type 1 (or 2, or 3, which leave out more). */
  TestPublisher next(int format, int chunkStream, int delta, int type, Bytes payload)
      throws IOException {
    boolean extended = Integer.compareUnsigned(delta, 0xffffff) >= 0;
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    basicHeader(chunks, format, chunkStream);
    if (format < 3) {
      u24(chunks, extended ? 0xffffff : delta);
    }
    if (format < 2) {
      u24(chunks, payload.size());
      chunks.write(type);
    }
    Bytes extension = extended ? u32(delta) : Bytes.EMPTY;
    extension.writeTo(chunks);
    return send(inChunks(chunks, chunkStream, payload, extension));
  }

  private byte[] inChunks(
      ByteArrayOutputStream chunks, int chunkStream, Bytes payload, Bytes extension)
      throws IOException {
    for (int at = 0; at < payload.size(); at += chunkSize) {
      if (at > 0) {
        basicHeader(chunks, 3, chunkStream);
        extension.writeTo(chunks);
      }
      payload.slice(at, Math.min(payload.size(), at + chunkSize)).writeTo(chunks);
    }
    return chunks.toByteArray();
  }

  static void basicHeader(ByteArrayOutputStream to, int format, int chunkStream) {
    if (chunkStream < 64) {
      to.write(format << 6 | chunkStream);
    } else if (chunkStream < 320) {
      to.write(format << 6);
      to.write(chunkStream - 64);
    } else {
      to.write(format << 6 | 1);
      to.write(chunkStream - 64);
      to.write((chunkStream - 64) >> 8);
    }
  }

  static void u24(ByteArrayOutputStream to, int value) {
    to.write(value >> 16);
    to.write(value >> 8);
    to.write(value);
  }

  static Bytes u32(int value) {
    return Bytes.of(value >>> 24, value >> 16, value >> 8, value);
  }

  /** The server's next message of this type. */
  Heard hear(int type) throws IOException {
    while (true) {
      Heard heard = hear();
      if (heard.type() == type) {
        return heard;
      }
    }
  }

  /** The server's next command of this name. */
  Heard hear(String name) throws IOException {
    while (true) {
      Heard heard = hear(Message.COMMAND_AMF0);
      if (heard.name().equals(name)) {
        return heard;
      }
    }
  }

  /** The server writes each message in chunks of type 0, then 3. */
  Heard hear() throws IOException {
    in.readUnsignedByte();
    in.readUnsignedShort();
    in.readUnsignedByte(); // timestamp
    int size = in.readUnsignedShort() << 8 | in.readUnsignedByte();
    int type = in.readUnsignedByte();
    int streamId = Integer.reverseBytes(in.readInt());
    byte[] payload = new byte[size];
    for (int at = 0; at < size; at += theirChunkSize) {
      if (at > 0) {
        in.readUnsignedByte();
      }
      in.readFully(payload, at, Math.min(theirChunkSize, size - at));
    }
    Heard heard = new Heard(type, streamId, Bytes.owning(payload));
    if (type == Message.SET_CHUNK_SIZE) {
      theirChunkSize = new Fields("chunk size", heard.payload()).u32();
    }
    return heard;
  }

  /** Reads until the server has closed; what it said until then. */
  List<Heard> hearOut() throws IOException {
    List<Heard> all = new ArrayList<>();
    try {
      while (true) {
        all.add(hear());
      }
    } catch (EOFException | SocketException e) {
      return all;
    }
  }

  /** As {@link #hearOut}, whatever it is: damage may change the size of chunks, too. */
  void hearAll() {
    try {
      in.readAllBytes();
    } catch (IOException e) {
      // Reset: it has ended as well.
    }
  }

  /** Says that nothing more comes. */
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // The server has ended it already.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
