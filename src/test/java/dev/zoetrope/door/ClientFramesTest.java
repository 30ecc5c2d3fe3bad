package dev.zoetrope.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.door.ClientFrames.Event;
import dev.zoetrope.door.ClientFrames.Messages;
import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFramesTest {
  private static final int FIN = 0x80;
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  /** A frame as clients send it: masked. */
  private static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i % 4]);
    }
    return frame.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static List<Event> events(ClientFrames frames, byte[] bytes, int atATime) {
    List<Event> events = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += atATime) {
      ByteBuffer some = ByteBuffer.wrap(bytes, at, Math.min(atATime, bytes.length - at));
      while (some.hasRemaining()) {
        Event event = frames.read(some);
        if (event != Event.NOTHING) {
          events.add(event);
        }
        if (event == Event.WRONG) {
          return events;
        }
      }
    }
    return events;
  }

  @Test
  void pingOfTheSpecificationIsUnmasked() { // RFC 6455, 5.7
    byte[] ping = {
      (byte) 0x89, (byte) 0x85, 0x37, (byte) 0xfa, 0x21, 0x3d, 0x7f, (byte) 0x9f, 0x4d, 0x51, 0x58
    };
    ClientFrames frames = new ClientFrames(Messages.PASSED_OVER, ClientFrames.USUAL_BYTES);

    assertThat(frames.read(ByteBuffer.wrap(ping))).isEqualTo(Event.PING);
    assertThat(frames.payload()).isEqualTo(Bytes.owning(text("Hello")));
  }

  @Test
  void messagesArePassedOverInWhateverPiecesTheyCome() {
    byte[] all =
        join(
            frame(FIN | 0x1, text("hello")),
            frame(0x2, new byte[3000]),
            frame(FIN | 0x9, text("in between")),
            frame(0x0, new byte[200]),
            frame(FIN, new byte[0]),
            frame(FIN | 0xA, text("unasked")),
            frame(FIN | 0x9, new byte[0]),
            frame(FIN | 0x8, new byte[] {3, (byte) 0xe8}));

    for (int atATime : List.of(1, 2, 3, 7, 100, all.length)) {
      ClientFrames frames = new ClientFrames(Messages.PASSED_OVER, ClientFrames.USUAL_BYTES);

      assertThat(events(frames, all, atATime)).containsExactly(Event.PING, Event.PING, Event.CLOSE);
      assertThat(frames.payload()).isEqualTo(Bytes.of(3, 0xe8));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "c180, 1002", // an extension's bit
    "8380, 1002", // an opcode that is not defined
    "8b80, 1002",
    "8105, 1002", // not masked
    "0980, 1002", // a ping in pieces
    "89fe, 1002", // a ping of more than 125 bytes
    "8080, 1002", // goes on with nothing
    "81fe2001, 1009",
    "82ffffffffffffffffff, 1009",
  })
  void breachOfTheProtocolEndsIt(String hex, int code) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    ClientFrames frames = new ClientFrames(Messages.PASSED_OVER, ClientFrames.USUAL_BYTES);

    assertThat(events(frames, bytes, 1)).containsExactly(Event.WRONG);
    assertThat(frames.closeCode()).isEqualTo(code);
    assertThat(frames.mistake()).startsWith("expected ");
  }

  @Test
  void messageInPiecesIsBoundedAsAWhole() {
    byte[] bytes = join(frame(0x1, new byte[8000]), frame(0x0, new byte[200]));
    ClientFrames frames = new ClientFrames(Messages.PASSED_OVER, ClientFrames.USUAL_BYTES);

    assertThat(events(frames, bytes, 50)).containsExactly(Event.WRONG);
    assertThat(frames.closeCode()).isEqualTo(1009);
  }

  @Test
  void messagesAreKeptWholeInWhateverPiecesTheyCome() {
    byte[] binary = new byte[3000];
    new Random(1).nextBytes(binary);
    byte[] all =
        join(
            frame(FIN | 0x1, text("grüß")),
            frame(0x1, text("hel")),
            frame(FIN | 0x9, text("in between")),
            frame(0x0, new byte[0]),
            frame(FIN, text("lo")),
            frame(FIN | 0x1, new byte[0]),
            frame(0x2, binary),
            frame(FIN, binary));

    for (int atATime : List.of(1, 2, 3, 7, 100, all.length)) {
      assertThat(messages(all, atATime))
          .containsExactly(
              "grüß", "hello", "", Bytes.concat(Bytes.owning(binary), Bytes.owning(binary)));
    }
  }

  private static List<Object> messages(byte[] bytes, int atATime) {
    ClientFrames frames = new ClientFrames(Messages.KEPT, ClientFrames.USUAL_BYTES);
    List<Object> messages = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += atATime) {
      ByteBuffer some = ByteBuffer.wrap(bytes, at, Math.min(atATime, bytes.length - at));
      while (some.hasRemaining()) {
        switch (frames.read(some)) {
          case TEXT -> messages.add(frames.text());
          case BINARY -> messages.add(frames.message());
          case NOTHING, PING -> {
            // what was asked for in between
          }
          case CLOSE, WRONG -> throw new AssertionError(frames.mistake());
        }
      }
    }
    return messages;
  }

  @Test
  void characterMayBeCutByFrames() {
    byte[] euro = text("€");
    byte[] all = join(frame(0x1, new byte[] {euro[0]}), frame(FIN, new byte[] {euro[1], euro[2]}));

    assertThat(messages(all, all.length)).containsExactly("€");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c0af", "eda080", "e282", "f4908080", "68e9"})
  void textThatIsNoUtf8EndsIt(String hex) {
    ClientFrames frames = new ClientFrames(Messages.KEPT, ClientFrames.USUAL_BYTES);

    assertThat(events(frames, frame(FIN | 0x1, HexFormat.of().parseHex(hex)), 1))
        .containsExactly(Event.WRONG);
    assertThat(frames.closeCode()).isEqualTo(1007);
  }

  @Test
  void largestMessageIsKeptAndOneMoreByteEndsIt() {
    ClientFrames frames = new ClientFrames(Messages.KEPT, ClientFrames.USUAL_BYTES);

    assertThat(events(frames, frame(FIN | 0x2, new byte[8192]), 1000))
        .containsExactly(Event.BINARY);
    assertThat(frames.message().size()).isEqualTo(8192);
    assertThat(events(frames, frame(FIN | 0x2, new byte[8193]), 1000)).containsExactly(Event.WRONG);
    assertThat(frames.closeCode()).isEqualTo(1009);
  }

  @Test
  void noBytesBreakIt() {
    Random random = new Random(6455);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 1 && random.nextBoolean()) { // so that some get far
        bytes[0] = (byte) (FIN | IntStream.of(0x1, 0x8, 0x9, 0xA).toArray()[random.nextInt(4)]);
        bytes[1] = (byte) (0x80 | random.nextInt(20));
      }

      Messages messages = random.nextBoolean() ? Messages.KEPT : Messages.PASSED_OVER;
      List<Event> events =
          events(
              new ClientFrames(messages, ClientFrames.USUAL_BYTES), bytes, 1 + random.nextInt(8));

      assertThat(events.indexOf(Event.WRONG)).isIn(-1, events.size() - 1);
    }
  }
}
