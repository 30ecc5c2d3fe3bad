package dev.zoetrope.capture;

import static dev.zoetrope.capture.TestPackets.AUDIO;
import static dev.zoetrope.capture.TestPackets.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.format.PacketFragment;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What another node gets of a source's log of packets. */
class SourcePacketsTest {
  private final Feed<Packet> source =
      new Feed<>(new Bounds(1 << 20, Duration.ofSeconds(10), 256), () -> 0, List.of(Runnable::run));
  private final List<Run> runs = new CopyOnWriteArrayList<>();
  private final List<PacketFragment> got = new CopyOnWriteArrayList<>();
  private final SourcePackets packets =
      new SourcePackets(
          "gate",
          source,
          new Sink<>() {
            @Override
            public void begin(Run run) {
              runs.add(run);
            }

            @Override
            public void accept(Fragment fragment) {
              got.add((PacketFragment) fragment);
            }
          });

  @AfterEach
  void close() {
    packets.close();
    packets.close(); // again, without effect
  }

  private static Packet picture(long ptsMicros, long dtsMicros, boolean isKeyframe) {
    return new Packet(VIDEO, ptsMicros, dtsMicros, isKeyframe, 0, Bytes.of(1));
  }

  private void awaitPackets(int count) {
    await(count + " packets").until(() -> got.size() >= count);
  }

  @Test
  void beginsAtTheNewestKeyframeWithThePacketsAsTheyAre() {
    Packet key = picture(120_000, 40_000, true);
    Packet next = picture(80_000, 80_000, false);
    Packet sound = TestPackets.audio(100);
    source.begin(TestPackets.run(0));
    source.accept(picture(0, 0, true));
    source.accept(key);

    packets.start();
    awaitPackets(1);
    source.accept(next);
    source.accept(sound);

    awaitPackets(3);
    assertThat(got).extracting(PacketFragment::packet).containsExactly(key, next, sound);
    assertThat(got).extracting(PacketFragment::isJoinPoint).containsExactly(true, false, false);
    assertThat(got).extracting(PacketFragment::leadMicros).containsExactly(80_000L, 0L, 0L);
    assertThat(runs).hasSize(1);
    assertThat(runs.get(0).tracks()).containsExactly(VIDEO, AUDIO);
  }

  @Test
  void cardsAreLeftOutAndWhatFollowsBeginsAnew() {
    Track card = Track.video(0, Codec.RGB24, Bytes.EMPTY, Bytes.EMPTY, 320, 240);
    packets.start();
    source.begin(TestPackets.run(0));
    source.accept(picture(0, 0, true));
    awaitPackets(1); // a card drives it out of the log
    source.begin(new Run(1, List.of(card), "", Bytes.EMPTY));
    source.accept(new Packet(card, 40_000, 40_000, true, 0, Bytes.of(2)));
    source.begin(TestPackets.run(2));
    source.accept(picture(80_000, 80_000, true));

    awaitPackets(2);
    assertThat(got).extracting(PacketFragment::ptsMicros).containsExactly(0L, 80_000L);
    assertThat(runs).extracting(Run::number).containsExactly(0, 1);
  }

  /** A second picture, or a second sound, is nothing that renditions are made of. */
  @Test
  void onlyTheFirstTracksAreHandedOn() {
    Track second = VIDEO.withIndex(1);
    Track sound = AUDIO.withIndex(2);
    packets.start();
    source.begin(new Run(0, List.of(VIDEO, second, sound), "", Bytes.EMPTY));
    source.accept(picture(0, 0, true));
    awaitPackets(1); // the other is a keyframe, too
    source.accept(picture(0, 0, true).of(second));
    source.accept(TestPackets.audio(10).of(sound));

    awaitPackets(2);
    assertThat(got)
        .extracting(fragment -> fragment.packet().track())
        .containsExactly(VIDEO, AUDIO.withIndex(1));
  }

  /** Another node would take it for what no source brings. */
  @Test
  void packetThatIsDecodedLongAfterItIsShownIsLeftOut() {
    packets.start();
    source.begin(TestPackets.run(0));
    source.accept(picture(0, 0, true));
    source.accept(picture(1_000_000, 11_000_001, false));
    source.accept(picture(1_000_000, 11_000_000, false));

    awaitPackets(2);
    assertThat(got.get(1).leadMicros()).isEqualTo(-10_000_000);
  }
}
