package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.PicturesInput.Bringer;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PicturesInputTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static Picture small;
  private static Picture white;
  private static Picture large;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void makePictures(@TempDir Path made) throws IOException {
    small = Picture.of(TestPictures.make(made, "jpg", "testsrc2=size=64x48"));
    white = Picture.of(TestPictures.make(made, "jpg", "color=color=white:size=64x48"));
    large = Picture.of(TestPictures.make(made, "jpg", "testsrc2=size=128x96"));
  }

  private static PicturesInput input(Duration lostAfter) {
    return new PicturesInput(Bringer.ANYBODY, lostAfter, () -> 99);
  }

  /** Reads on a thread of its own; how it ended: a message, or nothing. */
  private CompletableFuture<String> read(PicturesInput input) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            input.read(sink);
            return "";
          } catch (IOException e) {
            return e.getMessage();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        task -> Ffmpeg.daemon("reader", task).start());
  }

  private void awaitPackets(int count) {
    Awaitility.await().atMost(LIMIT).until(() -> sink.packets.size() >= count);
  }

  @Test
  void burstKeepsItsOrderAndGrowingTimes() {
    PicturesInput input = input(LIMIT);
    for (int i = 0; i < 10; i++) {
      assertThat(input.show(i % 2 == 0 ? small : white, 1000 + i)).isTrue();
    }
    CompletableFuture<String> end = read(input);
    awaitPackets(10);
    input.close();

    assertThat(end.join()).isEmpty();
    for (int i = 0; i < 10; i++) {
      Packet packet = sink.packets.get(i);
      assertThat(packet.data()).isEqualTo(i % 2 == 0 ? small.jpeg() : white.jpeg());
      assertThat(packet.captureMicros()).isEqualTo(1000 + i);
      assertThat(packet.isKeyframe()).isTrue();
      if (i > 0) {
        assertThat(packet.ptsMicros()).isGreaterThan(sink.packets.get(i - 1).ptsMicros());
      }
    }
    assertThat(sink.runs).hasSize(1);
  }

  @Test
  void lastPictureIsRepeatedOnceASecondWithTheTimeOfNow() {
    PicturesInput input = input(LIMIT);
    CompletableFuture<String> end = read(input);
    input.show(small, 1);
    awaitPackets(3);
    input.close();

    assertThat(end.join()).isEmpty();
    assertThat(sink.packets.get(1).data()).isSameAs(small.jpeg());
    assertThat(sink.packets.get(1).captureMicros()).isEqualTo(99);
    long step = sink.packets.get(2).ptsMicros() - sink.packets.get(1).ptsMicros();
    assertThat(step).isBetween(990_000L, 1_500_000L);
  }

  @Test
  void anotherSizeBeginsARun() {
    PicturesInput input = input(LIMIT);
    CompletableFuture<String> end = read(input);
    input.show(small, 1);
    input.show(large, 2);
    input.show(white, 3);
    awaitPackets(3);
    input.close();

    assertThat(end.join()).isEmpty();
    assertThat(sink.runs).extracting(Run::number).containsExactly(0, 1, 2);
    assertThat(sink.packets.get(1).track().width()).isEqualTo(128);
  }

  @Test
  void sourceIsLostWhenNoPictureComes() {
    PicturesInput input = input(Duration.ofSeconds(1));
    AtomicInteger closings = new AtomicInteger();
    input.whenClosed(closings::incrementAndGet);
    input.show(small, 1);

    assertThat(read(input).join()).isEqualTo("no picture came for 1 s");
    assertThat(input.show(small, 2)).isFalse();
    input.close();
    assertThat(closings).hasValue(0); // it was over already
  }

  @Test
  void endIsToldAfterWhatWaits() {
    PicturesInput input = input(LIMIT);
    input.show(small, 1);
    input.end("the publisher left");
    input.end("again");

    assertThat(read(input).join()).isEqualTo("the publisher left");
    assertThat(sink.packets).hasSize(1);
  }

  @Test
  void closingIsToldToThePublisherOnce() {
    PicturesInput input = input(LIMIT);
    AtomicInteger closings = new AtomicInteger();
    input.whenClosed(closings::incrementAndGet);

    input.close();
    input.close();

    assertThat(closings).hasValue(1);
    input.whenClosed(closings::incrementAndGet); // who comes too late hears it, too
    assertThat(closings).hasValue(2);
    assertThat(input.show(small, 1)).isFalse();
  }

  @Test
  void oldestPicturesAreDroppedWhereNobodyReads() {
    PicturesInput input = input(LIMIT);
    for (int i = 0; i < 100; i++) {
      input.show(small, i);
    }
    input.end("over");

    assertThat(read(input).join()).isEqualTo("over");
    assertThat(sink.packets).hasSize(32);
    assertThat(sink.packets.get(31).captureMicros()).isEqualTo(99);
  }
}
