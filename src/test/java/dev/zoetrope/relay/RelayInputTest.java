package dev.zoetrope.relay;

import static dev.zoetrope.relay.RelayMessage.JOIN;
import static dev.zoetrope.relay.RelayMessage.SOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Relay.Form;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packets of a source as a node gets them from its origins. */
class RelayInputTest {
  private static final long SECOND = 1_000_000;
  private static final Track PICTURE =
      new Track(0, Codec.H264, Bytes.of('a', 'v', 'c', '1'), Bytes.of(1), 64, 48, 0, 0, 2);
  private static final Track SOUND_TRACK =
      Track.audio(1, Codec.AAC, Bytes.of('m', 'p', '4', 'a'), Bytes.of(2), 48_000, 1);

  private final FakeUpstream first = new FakeUpstream("first");
  private final FakeUpstream second = new FakeUpstream("second");
  private final Log log = new Log();
  private final AtomicLong nanos = new AtomicLong();
  private final Following following =
      new Following(FakeUpstream.GATE, Form.PACKETS, List.of(first, second), nanos::get);
  private final RelayInput input = new RelayInput(following, () -> {}, () -> 0);
  private final FutureTask<Void> reading =
      new FutureTask<>(
          () -> {
            input.read(log);
            return null;
          });

  /** What a capture would get. */
  private static final class Log implements Sink<Packet> {
    final List<Run> runs = new CopyOnWriteArrayList<>();
    final List<Packet> packets = new CopyOnWriteArrayList<>();

    @Override
    public void begin(Run begun) {
      runs.add(begun);
    }

    @Override
    public void accept(Packet packet) {
      packets.add(packet);
    }

    List<Packet> awaitPackets(int count) {
      await(count + " packets").until(() -> packets.size() >= count);
      return packets;
    }
  }

  @BeforeEach
  void read() {
    Thread thread = new Thread(reading, "read gate");
    thread.setDaemon(true);
    thread.start();
    await("it is asked for").until(() -> first.wanted.containsKey(Rendition.PACKETS));
  }

  @AfterEach
  void close() {
    input.close();
    following.close();
  }

  private static void describe(FakeUpstream by, long run, long sequence)
      throws MalformedMediaException {
    by.describe(
        Rendition.PACKETS,
        run,
        sequence,
        new RunDescription(
            by.path.get(0), Optional.empty(), "", List.of(PICTURE, SOUND_TRACK), Bytes.EMPTY));
  }

  @Test
  void packetsAreAsTheyWereAtTheOrigin() throws MalformedMediaException {
    describe(first, 7, 100);
    first.packet(7, 100, JOIN, 10 * SECOND, 80_000, Bytes.of(1));
    first.packet(7, 101, SOUND, 10 * SECOND, 0, Bytes.of(2));
    first.packet(7, 102, 0, 10 * SECOND + 120_000, 160_000, Bytes.of(3));

    assertThat(log.awaitPackets(3))
        .containsExactly(
            new Packet(PICTURE, 10 * SECOND, 10 * SECOND - 80_000, true, 10 * SECOND, Bytes.of(1)),
            new Packet(SOUND_TRACK, 10 * SECOND, 10 * SECOND, true, 10 * SECOND, Bytes.of(2)),
            new Packet(
                PICTURE,
                10 * SECOND + 120_000,
                10 * SECOND - 40_000,
                false,
                10 * SECOND + 120_000,
                Bytes.of(3)));
    assertThat(log.runs.get(0).tracks()).containsExactly(PICTURE, SOUND_TRACK);
  }

  /** Of one run of the source: encoders go on. Of another: they begin anew. */
  @Test
  void gapIsEnteredAtAKeyframeWithoutARunOfItsOwn() throws MalformedMediaException {
    describe(first, 7, 100);
    first.packet(7, 100, JOIN, 10 * SECOND, 0, Bytes.of(1));
    first.packet(7, 102, 0, 11 * SECOND, 0, Bytes.of(2));
    first.packet(7, 103, JOIN, 12 * SECOND, 0, Bytes.of(3));
    assertThat(log.awaitPackets(2).stream().map(Packet::data))
        .containsExactly(Bytes.of(1), Bytes.of(3));
    assertThat(log.runs).hasSize(1);
    assertThat(first.lost).isEqualTo(2);

    describe(first, 8, 0);
    first.packet(8, 0, JOIN, 10 * SECOND, 0, Bytes.of(4));

    assertThat(log.awaitPackets(3).get(2).ptsMicros()).isGreaterThan(12 * SECOND);
    assertThat(log.runs).hasSize(2);
  }

  @Test
  void nothingComesTwiceWhenAnotherOriginTakesOver() throws MalformedMediaException {
    describe(first, 7, 100);
    first.packet(7, 100, JOIN, 10 * SECOND, 0, Bytes.of(1));
    first.packet(7, 101, 0, 11 * SECOND, 0, Bytes.of(2));
    first.isUp = false;
    first.changed();
    describe(second, 7, 100);
    second.packet(7, 100, JOIN, 10 * SECOND, 0, Bytes.of(1));
    second.packet(7, 101, 0, 11 * SECOND, 0, Bytes.of(2));
    second.packet(7, 102, 0, 12 * SECOND, 0, Bytes.of(3));

    assertThat(log.awaitPackets(3).stream().map(Packet::data))
        .containsExactly(Bytes.of(1), Bytes.of(2), Bytes.of(3));
    assertThat(log.runs).hasSize(1);
  }

  @ParameterizedTest(name = "flags {0}, {1} bytes, decoded {2} early")
  @CsvSource({"1, 0, 0", "1, 1, -10000001", "16, 1, -2147483648"})
  void whatCanBeNoPacketEndsTheLink(int flags, int size, int lead) throws MalformedMediaException {
    describe(first, 7, 100);
    first.packet(7, 100, JOIN, 10 * SECOND, 0, Bytes.of(1));
    Bytes data = Bytes.owning(new byte[size]);

    assertThatThrownBy(() -> first.packet(7, 101, flags, 10 * SECOND, lead, data))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageContaining("expected a packet of one of");
  }

  @Test
  void soundOfARunWithoutSoundEndsTheLink() throws MalformedMediaException {
    RunDescription silent =
        new RunDescription("n-ingress", Optional.empty(), "", List.of(PICTURE), Bytes.EMPTY);
    first.describe(Rendition.PACKETS, 7, 100, silent);
    first.packet(7, 100, JOIN, 10 * SECOND, 0, Bytes.of(1));

    assertThatThrownBy(() -> first.packet(7, 101, SOUND, 10 * SECOND, 0, Bytes.of(1)))
        .isInstanceOf(MalformedMediaException.class);
  }

  @Test
  void somethingElseUnderThisNameEndsTheLink() {
    RunDescription other =
        new RunDescription(
            "n-ingress", Optional.of(Format.MJPEG), "", List.of(PICTURE), Bytes.EMPTY);

    assertThatThrownBy(() -> first.describe(Rendition.PACKETS, 7, 100, other))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageContaining("rendition packets");
  }

  @Test
  void originWithoutPacketsIsPassedOverAndSaidSo() throws InterruptedException, TimeoutException {
    first.hasPackets = false;
    first.changed();
    assertThat(second.wanted).containsKey(Rendition.PACKETS);

    second.hasPackets = false;
    second.changed();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));

    assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("first:8080: it has no packets of source gate, only renditions");
  }
}
