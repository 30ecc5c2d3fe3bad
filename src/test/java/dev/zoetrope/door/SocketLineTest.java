package dev.zoetrope.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketLineTest {
  private final RecordingLine line = new RecordingLine();
  private final SocketLine socket = new SocketLine(line);

  private static final class RecordingLine implements Line {
    private final List<Bytes> sent = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(Bytes bytes) {
      sent.add(bytes);
      calls.add("send");
    }

    @Override
    public boolean add(Bytes... together) {
      sent.addAll(List.of(together));
      calls.add("add");
      return false;
    }

    @Override
    public void push() {
      calls.add("push");
    }

    @Override
    public void interject(Bytes bytes) {
      sent.add(bytes);
      calls.add("interject");
    }

    @Override
    public void last(Bytes bytes) {
      sent.add(bytes);
      calls.add("last");
    }

    @Override
    public void flush() {
      calls.add("flush");
    }

    @Override
    public void end() {
      calls.add("end");
    }

    @Override
    public void cut() {
      calls.add("cut");
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @CsvSource({
    "0, 8200", // RFC 6455, 5.2
    "125, 827d",
    "126, 827e007e",
    "65535, 827effff",
    "65536, 827f0000000000010000",
  })
  void lengthsTakeTheShortestForm(int size, String head) {
    Bytes frame = SocketLine.frame(2, Bytes.owning(new byte[size]));

    assertThat(frame.size()).isEqualTo(size + head.length() / 2);
    assertThat(HexFormat.of().formatHex(frame.slice(0, head.length() / 2).toArray()))
        .isEqualTo(head);
  }

  @Test
  void fragmentIsFramedOnceForAllOfAWorker() {
    Bytes fragment = Bytes.of(1, 2, 3);
    RecordingLine otherLine = new RecordingLine();

    socket.sendBinary(fragment);
    new SocketLine(otherLine).sendBinary(fragment);

    assertThat(line.sent).containsExactly(Bytes.of(0x82, 3, 1, 2, 3));
    assertThat(otherLine.sent.get(0)).isSameAs(line.sent.get(0));
  }

  @Test
  void tagIsAFirstFrameAndThePayloadItsContinuationMadeOnceForAll() {
    Bytes payload = Bytes.of(1, 2, 3);
    RecordingLine otherLine = new RecordingLine();

    socket.addTagged(Bytes.of(7, 8), payload);
    new SocketLine(otherLine).addTagged(Bytes.of(9), payload);

    assertThat(line.sent).containsExactly(Bytes.of(0x02, 2, 7, 8), Bytes.of(0x80, 3, 1, 2, 3));
    assertThat(line.calls).containsExactly("add");
    assertThat(otherLine.sent.get(0)).isEqualTo(Bytes.of(0x02, 1, 9));
    assertThat(otherLine.sent.get(1)).isSameAs(line.sent.get(1));
  }

  @Test
  void textIsAddedAndPushed() {
    socket.addText("a");
    socket.push();

    assertThat(line.sent).containsExactly(Bytes.of(0x81, 1, 'a'));
    assertThat(line.calls).containsExactly("add", "push");
  }

  private static final class RecordingListener implements SocketLine.Listener {
    private final List<Object> heard = new ArrayList<>();

    @Override
    public void text(String text) {
      heard.add(text);
    }

    @Override
    public void binary(Bytes bytes) {
      heard.add(bytes);
    }
  }

  @Test
  void listenerHearsMessagesUntilTheEnd() {
    RecordingListener listener = new RecordingListener();
    SocketLine heard = new SocketLine(line, listener, 8192);

    heard.received(masked(0x81, 'h', 'i'));
    heard.received(masked(0x82, 1, 2));
    heard.close(4400, "enough");
    heard.received(masked(0x81, 'n', 'o'));

    assertThat(listener.heard).containsExactly("hi", Bytes.of(1, 2));
  }

  @Test
  void textThatIsNoUtf8Ends() {
    SocketLine heard = new SocketLine(line, new RecordingListener(), 8192);

    heard.received(masked(0x81, 0xff));

    assertThat(line.sent.get(0).slice(2, 4)).isEqualTo(Bytes.of(3, 0xef)); // 1007
    assertThat(line.calls).containsExactly("last", "end");
  }

  @Test
  void clientThatGetsTaggedMessagesIsNotAsked() {
    for (int i = 0; i < 12; i++) {
      socket.addTagged(Bytes.of(1), Bytes.of(2));
      socket.tick();
    }

    assertThat(line.calls).doesNotContain("interject");
  }

  @Test
  void pingIsAnsweredBetweenMessages() {
    socket.received(masked(0x89, 7, 8));

    assertThat(line.sent).containsExactly(Bytes.of(0x8A, 2, 7, 8));
    assertThat(line.calls).containsExactly("interject");
  }

  @Test
  void closeIsAnsweredWithTheSameCode() {
    socket.received(masked(0x88, 3, 0xe8));

    assertThat(line.sent).containsExactly(Bytes.of(0x88, 2, 3, 0xe8));
    assertThat(line.calls).containsExactly("last", "end");
  }

  @Test
  void breachOfTheProtocolIsToldAndEnds() {
    socket.received(ByteBuffer.wrap(new byte[] {(byte) 0x81, 0}));

    assertThat(line.sent.get(0).slice(2, 4)).isEqualTo(Bytes.of(3, 0xea)); // 1002
    assertThat(line.calls).containsExactly("last", "end");
  }

  @Test
  void quietClientIsAskedEveryFewTicks() {
    for (int i = 0; i < 12; i++) {
      socket.tick();
    }

    assertThat(line.sent).containsExactly(Bytes.of(0x89, 0), Bytes.of(0x89, 0));
  }

  @Test
  void clientThatGetsMessagesIsNotAsked() {
    for (int i = 0; i < 12; i++) {
      socket.sendBinary(Bytes.of(1));
      socket.tick();
    }

    assertThat(line.calls).doesNotContain("interject");
  }

  @Test
  void clientThatDoesNotAnswerTheCloseIsCut() {
    socket.close(1012, "again");
    socket.tick();
    socket.tick();
    assertThat(line.calls).containsExactly("last");

    socket.tick();

    assertThat(line.calls).containsExactly("last", "cut");
  }

  /** A frame with a mask of zeros. */
  private static ByteBuffer masked(int first, int... payload) {
    ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
    frame.put((byte) first).put((byte) (0x80 | payload.length)).putInt(0);
    for (int octet : payload) {
      frame.put((byte) octet);
    }
    return frame.flip();
  }
}
