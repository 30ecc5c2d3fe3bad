package dev.zoetrope.capture;

import static dev.zoetrope.capture.TestPackets.AUDIO;
import static dev.zoetrope.capture.TestPackets.VIDEO;
import static dev.zoetrope.capture.TestPackets.audio;
import static dev.zoetrope.capture.TestPackets.run;
import static dev.zoetrope.capture.TestPackets.video;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MuxTest {
  private static final Set<Kind> BOTH = EnumSet.of(Kind.VIDEO, Kind.AUDIO);
  private static final Set<Kind> PICTURE = EnumSet.of(Kind.VIDEO);

  /** What it got reads as {@code begin VA}, {@code V40} for the picture at 40 ms, {@code A40}. */
  private static final class FakePackager implements Packager {
    final List<String> got = new ArrayList<>();
    private List<Track> tracks = List.of();

    @Override
    public void begin(List<Track> begun) {
      tracks = begun;
      StringBuilder letters = new StringBuilder();
      for (Track track : begun) {
        assertThat(track.index()).isEqualTo(letters.length());
        letters.append(letter(track));
      }
      got.add("begin " + letters);
    }

    @Override
    public void accept(Packet packet) {
      assertThat(packet.track()).isEqualTo(tracks.get(packet.track().index()));
      got.add(letter(packet.track()) + packet.dtsMicros() / 1000);
    }

    private static String letter(Track track) {
      return track.isVideo() ? "V" : "A";
    }

    @Override
    public long malformed() {
      return 0;
    }
  }

  private final FakePackager packager = new FakePackager();
  private long nowNanos = -5;
  private final Mux mux = new Mux(packager, () -> nowNanos);
  private final Run run = run(0);

  private void passMillis(long millis) {
    nowNanos += millis * 1_000_000;
  }

  @Test
  void pictureAloneBeginsWhenItIsAnnounced() {
    mux.expect(run, PICTURE);

    mux.announce(run, VIDEO);
    mux.accept(run, video(0));
    mux.accept(run, video(40));

    assertThat(packager.got).containsExactly("begin V", "V0", "V40");
  }

  @Test
  void packetsAreKeptInOrderUntilBothTracksAreThere() {
    mux.expect(run, BOTH);

    mux.announce(run, VIDEO);
    mux.accept(run, video(0));
    mux.accept(run, video(40));
    int early = packager.got.size();
    mux.announce(run, AUDIO);
    mux.accept(run, audio(10));
    mux.accept(run, video(80));

    assertThat(early).isZero();
    assertThat(packager.got).containsExactly("begin VA", "V0", "V40", "A10", "V80");
  }

  @Test
  void pictureIsTheFirstTrackWhicheverIsAnnouncedFirst() {
    mux.expect(run, BOTH);

    mux.announce(run, AUDIO);
    mux.accept(run, audio(0));
    mux.announce(run, VIDEO);
    mux.accept(run, video(0));

    assertThat(packager.got).containsExactly("begin VA", "V0");
  }

  @Test
  void soundFromBeforeTheFirstPictureIsLeftOut() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);
    mux.announce(run, AUDIO);

    mux.accept(run, audio(990));
    mux.accept(run, video(1000));
    mux.accept(run, audio(20));
    mux.accept(run, audio(1000));

    assertThat(packager.got).containsExactly("begin VA", "V1000", "A1000");
  }

  @Test
  void soundIsWaitedForOnlySoLong() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);

    mux.accept(run, video(0));
    passMillis(1500);
    mux.accept(run, video(1500));
    int atOnce = packager.got.size();
    passMillis(1);
    mux.accept(run, video(1540));

    assertThat(atOnce).isZero();
    assertThat(packager.got).containsExactly("begin V", "V0", "V1500", "V1540");
  }

  @Test
  void replayOfOldPacketsIsNotTimeThatPassed() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);

    for (int i = 0; i < 200; i++) { // 8 s of them in no time
      mux.accept(run, captured(video(i * 40L), i * 40_000L));
    }
    mux.announce(run, AUDIO);

    assertThat(packager.got).hasSize(201).startsWith("begin VA", "V0", "V40");
  }

  private static Packet captured(Packet packet, long captureMicros) {
    return new Packet(
        packet.track(), packet.ptsMicros(), packet.dtsMicros(), true, captureMicros, packet.data());
  }

  @Test
  void lateSoundBeginsThePackagerAnew() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);
    mux.accept(run, video(0));
    passMillis(2000);
    mux.accept(run, video(2000));

    mux.announce(run, AUDIO);
    mux.accept(run, video(2040));
    mux.accept(run, audio(2050));

    assertThat(packager.got)
        .containsExactly("begin V", "V0", "V2000", "begin VA", "V2040", "A2050");
  }

  @Test
  void pictureIsWaitedForAsLongAsItTakesAndOldSoundIsDropped() {
    mux.expect(run, BOTH);
    mux.announce(run, AUDIO);

    for (int i = 0; i < 5000; i++) {
      passMillis(20);
      mux.accept(run, audio(i * 20L));
    }
    mux.announce(run, VIDEO);
    mux.accept(run, video(100_000));
    mux.accept(run, audio(100_010));

    assertThat(packager.got).containsExactly("begin VA", "V100000", "A100010");
  }

  @Test
  void givenUpSoundIsNotWaitedFor() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);
    mux.accept(run, video(0));

    mux.giveUp(run, Kind.AUDIO);

    assertThat(packager.got).containsExactly("begin V", "V0");
  }

  @Test
  void soundGivenUpBeforeThePictureCameIsNotWaitedForEither() {
    mux.expect(run, BOTH);

    mux.announce(run, AUDIO);
    mux.giveUp(run, Kind.AUDIO);
    int early = packager.got.size();
    mux.announce(run, VIDEO);
    mux.accept(run, video(0));

    assertThat(early).isZero();
    assertThat(packager.got).containsExactly("begin V", "V0");
  }

  @Test
  void soundThatStopsIsTakenOutAndMayComeBack() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);
    mux.announce(run, AUDIO);

    mux.giveUp(run, Kind.AUDIO);
    mux.giveUp(run, Kind.AUDIO);
    mux.accept(run, audio(0));
    mux.accept(run, video(0));
    mux.announce(run, AUDIO);
    mux.accept(run, video(20));
    mux.accept(run, audio(20));

    assertThat(packager.got).containsExactly("begin VA", "begin V", "V0", "begin VA", "V20", "A20");
  }

  @Test
  void packetsOfAStaleRunAreDropped() {
    Run next = run(1);
    mux.expect(run, PICTURE);
    mux.announce(run, VIDEO);

    mux.expect(next, PICTURE);
    mux.accept(run, video(0));
    mux.announce(run, VIDEO);
    mux.giveUp(run, Kind.VIDEO);
    mux.announce(next, VIDEO);
    mux.accept(run, video(40));
    mux.accept(next, video(80));

    assertThat(packager.got).containsExactly("begin V", "begin V", "V80");
  }

  @Test
  void packetsKeptForARunGoWithIt() {
    Run next = run(1);
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);
    mux.accept(run, video(0));

    mux.expect(next, BOTH);
    mux.announce(next, VIDEO);
    mux.announce(next, AUDIO);
    mux.accept(next, video(40));

    assertThat(packager.got).containsExactly("begin VA", "V40");
  }

  @Test
  void secondExpectationOfARunChangesNothing() {
    mux.expect(run, BOTH);
    mux.announce(run, VIDEO);
    mux.accept(run, video(0));

    mux.expect(run, PICTURE);
    mux.announce(run, AUDIO);

    assertThat(packager.got).containsExactly("begin VA", "V0");
  }

  @Test
  void firstPictureIsShownUntilTheTracksAreThere() {
    Packet still = TestPackets.packet(VIDEO.withIndex(3), 0);
    mux.expect(run, BOTH);

    mux.showFirst(still);
    mux.announce(run, VIDEO);
    mux.announce(run, AUDIO);
    mux.showFirst(still);
    mux.accept(run, video(40));

    assertThat(packager.got).containsExactly("begin V", "V0", "begin VA", "V40");
  }
}
