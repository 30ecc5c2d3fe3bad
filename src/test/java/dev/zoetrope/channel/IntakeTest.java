package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final Track PICTURE =
      Track.video(0, Codec.H264, Bytes.EMPTY, Bytes.EMPTY, 320, 180);
  private static final Track SOUND = Track.audio(1, Codec.AAC, Bytes.EMPTY, Bytes.EMPTY, 48_000, 2);
  private static final Track CARD = Track.video(0, Codec.RGB24, Bytes.EMPTY, Bytes.EMPTY, 320, 180);

  private final List<Run> begun = new ArrayList<>();
  private final Intake intake = new Intake();
  private final Sink<Packet> sink =
      intake.to(
          new Sink<>() {
            @Override
            public void begin(Run run) {
              begun.add(run);
            }

            @Override
            public void accept(Packet packet) {
              throw new AssertionError(packet);
            }
          });

  private void begin(Track... tracks) {
    sink.begin(new Run(begun.size(), List.of(tracks), "", Bytes.EMPTY));
  }

  @Test
  void whetherThereIsSoundIsKnownFromTheFirstRunOn() {
    assertThat(intake.hasSound()).isEmpty();

    begin(PICTURE, SOUND);
    assertThat(intake.hasSound()).contains(true);

    begin(PICTURE);
    assertThat(intake.hasSound()).contains(false);
    assertThat(begun).hasSize(2);
  }

  @Test
  void cardsSayNothingOfIt() {
    begin(CARD);
    assertThat(intake.hasSound()).isEmpty();

    begin(PICTURE, SOUND);
    begin(CARD);
    assertThat(intake.hasSound()).contains(true);
  }
}
