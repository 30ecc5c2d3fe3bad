package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.feed.Entry;
import dev.zoetrope.format.GifFraming;
import dev.zoetrope.format.GifPackager;
import dev.zoetrope.format.PacketFragment;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.media.Track;
import dev.zoetrope.relay.RelayMessage;
import dev.zoetrope.relay.RunDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayWordingTest {
  private static final long CAPTURED = 1_764_380_000_000_000L;
  private static final Track PICTURE =
      Track.video(0, Codec.H264, Bytes.of('a', 'v', 'c', '1'), Bytes.of(1), 64, 48);
  private static final Track SOUND =
      Track.audio(1, Codec.AAC, Bytes.of('m', 'p', '4', 'a'), Bytes.of(2), 48_000, 1);
  private static final Run RUN =
      new Run(
          2,
          List.of(PICTURE, SOUND),
          "video/mp4",
          Bytes.of(7, 7),
          new Run.Relaying("n-ingress", 99, 1000, 0));

  /** As it goes out: the header, taken apart, and the payload. */
  private record Sent(RelayMessage header, Bytes payload) {
    boolean is(int flags) {
      return header.flags() == flags;
    }
  }

  private record Piece(
      Codec.Kind kind, long ptsMicros, long captureMicros, boolean isJoinPoint, Bytes bytes)
      implements Fragment {
    @Override
    public int size() {
      return bytes.size();
    }
  }

  private final RelayWording wording = wording(Format.FMP4);

  private static RelayWording wording(Format format) {
    return new RelayWording(
        "n-here",
        new SourceId("gate"),
        "small",
        Optional.of(format),
        fragment -> fragment.captureMicros() >= CAPTURED);
  }

  private static Piece picture(long ptsMicros, boolean isKey, int size) {
    return new Piece(
        Codec.Kind.VIDEO, ptsMicros, CAPTURED + ptsMicros, isKey, Bytes.owning(new byte[size]));
  }

  private static List<Sent> sent(List<Outgoing> messages) {
    List<Sent> sent = new ArrayList<>();
    for (Outgoing message : messages) {
      Outgoing.Binary binary = (Outgoing.Binary) message;
      try {
        sent.add(new Sent(RelayMessage.read(binary.tag().apply(1)), binary.payload()));
      } catch (MalformedMediaException e) {
        throw new AssertionError(e);
      }
    }
    return sent;
  }

  private static List<Sent> write(
      RelayWording wording, Run run, long sequence, Fragment fragment, boolean joining) {
    return sent(wording.write(new Entry<>(sequence, run, fragment), joining));
  }

  @Test
  void runIsDescribedBeforeItsFirstFragmentAndEachIsNamedAsAtItsNode()
      throws MalformedMediaException {
    Piece first = picture(40_000, true, 10);

    assertThat(wording.begin(RUN, first)).isEmpty();
    List<Sent> joined = write(wording, RUN, 5, first, true);
    List<Sent> next = write(wording, RUN, 6, picture(80_000, false, 10), false);

    assertThat(joined).hasSize(2);
    RelayMessage init = joined.get(0).header();
    assertThat(init.flags()).isEqualTo(RelayMessage.INIT);
    assertThat(init.run()).isEqualTo(99);
    assertThat(init.sequence()).isEqualTo(1005);
    assertThat(RunDescription.read(joined.get(0).payload()))
        .isEqualTo(
            new RunDescription(
                "n-ingress",
                Optional.of(Format.FMP4),
                "video/mp4",
                List.of(PICTURE, SOUND),
                Bytes.of(7, 7)));
    assertThat(joined.get(1).header())
        .isEqualTo(
            new RelayMessage(
                "gate",
                "small",
                99,
                1005,
                RelayMessage.JOIN | RelayMessage.DISCONTINUITY,
                40_000,
                CAPTURED + 40_000,
                0,
                0,
                1));
    assertThat(joined.get(1).payload()).isSameAs(first.bytes()); // all that get it share it
    assertThat(next).hasSize(1);
    assertThat(next.get(0).header().flags()).isZero();
    assertThat(next.get(0).header().sequence()).isEqualTo(1006);
  }

  @Test
  void packetGoesAsItIsAndSaysWhenItIsDecoded() throws MalformedMediaException {
    RelayWording packets =
        new RelayWording(
            "n-edge", new SourceId("gate"), Rendition.PACKETS, Optional.empty(), any -> true);
    Run run =
        new Run(0, List.of(PICTURE, SOUND), "", Bytes.EMPTY, new Run.Relaying("", 99, 1000, 0));
    Packet key = new Packet(PICTURE, 120_000, 40_000, true, CAPTURED, Bytes.of(1, 2));
    Packet sound = new Packet(SOUND, 50_000, 50_000, true, CAPTURED, Bytes.of(3));
    packets.begin(run, new PacketFragment(key, true));

    List<Sent> joined = write(packets, run, 1, new PacketFragment(key, true), true);
    List<Sent> next = write(packets, run, 2, new PacketFragment(sound, false), false);

    assertThat(RunDescription.read(joined.get(0).payload()))
        .isEqualTo(
            new RunDescription(
                "n-edge", Optional.empty(), "", List.of(PICTURE, SOUND), Bytes.EMPTY));
    assertThat(joined.get(1).header())
        .isEqualTo(
            new RelayMessage(
                "gate",
                "packets",
                99,
                1001,
                RelayMessage.JOIN | RelayMessage.DISCONTINUITY,
                120_000,
                CAPTURED,
                80_000,
                0,
                1));
    assertThat(joined.get(1).payload()).isSameAs(key.data());
    assertThat(next.get(0).header().flags()).isEqualTo(RelayMessage.SOUND);
    assertThat(next.get(0).header().leadMicros()).isZero();
  }

  @Test
  void cardsAndSoundAreToldAndSoundIsNeverLeftOut() {
    wording.begin(RUN, picture(0, true, 1));
    write(wording, RUN, 0, picture(0, true, 1), true);
    Piece sound = new Piece(Codec.Kind.AUDIO, 0, CAPTURED, false, Bytes.of(1));
    Piece card = new Piece(Codec.Kind.VIDEO, 0, CAPTURED - 1, true, Bytes.of(1));

    assertThat(write(wording, RUN, 1, sound, false)).allMatch(one -> one.is(RelayMessage.SOUND));
    assertThat(write(wording, RUN, 2, card, false))
        .allMatch(one -> one.is(RelayMessage.JOIN | RelayMessage.CARD));
    assertThat(wording.wantsEarlySound()).isTrue();
  }

  @Test
  void largePayloadComesInPartsWithOneHeader() {
    wording.begin(RUN, picture(0, true, 1));
    write(wording, RUN, 0, picture(0, true, 1), true);
    byte[] large = new byte[2 * RelayMessage.MOST_PAYLOAD + 3];
    large[RelayMessage.MOST_PAYLOAD] = 1;
    large[large.length - 1] = 2;
    Piece fragment = new Piece(Codec.Kind.VIDEO, 0, CAPTURED, true, Bytes.owning(large.clone()));

    List<Sent> parts = write(wording, RUN, 1, fragment, false);

    assertThat(parts.stream().map(one -> one.payload().size()).toList())
        .containsExactly(RelayMessage.MOST_PAYLOAD, RelayMessage.MOST_PAYLOAD, 3);
    assertThat(parts.stream().map(one -> one.header().part()).toList()).containsExactly(0, 1, 2);
    assertThat(parts).allMatch(one -> one.header().parts() == 3 && one.header().sequence() == 1001);
    assertThat(Bytes.concat(parts.stream().map(Sent::payload).toArray(Bytes[]::new)))
        .isEqualTo(Bytes.owning(large));
  }

  /** Of a chain: what this node has moved goes on as it was. */
  @Test
  void timesOfAnotherNodeArePutBack() {
    Run moved =
        new Run(
            0,
            List.of(PICTURE),
            "video/mp4",
            Bytes.EMPTY,
            new Run.Relaying("n-ingress", 4, -7, 2_000_000));
    Bytes tfdt =
        Bytes.of(0, 0, 0, 20, 't', 'f', 'd', 't', 1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0x1e, 0xb0);
    Bytes tfhd = Bytes.of(0, 0, 0, 16, 't', 'f', 'h', 'd', 0, 2, 0, 0, 0, 0, 0, 1);
    Bytes moof =
        Bytes.concat(
            Bytes.of(0, 0, 0, 52, 'm', 'o', 'o', 'f', 0, 0, 0, 44, 't', 'r', 'a', 'f'), tfhd, tfdt);
    Piece fragment = new Piece(Codec.Kind.VIDEO, 3_000_000, CAPTURED, true, moof);

    wording.begin(moved, fragment);
    Sent sent = write(wording, moved, 7, fragment, true).get(1);

    assertThat(sent.header().sequence()).isZero();
    assertThat(sent.header().ptsMicros()).isEqualTo(1_000_000);
    assertThat(sent.payload().slice(44, 52).asByteBuffer().getLong()).isEqualTo(90_000);
  }

  @Test
  void cardOfANodeInBetweenGoesToNoneAndWhatFollowsIsDescribed() {
    Run local = new Run(3, List.of(PICTURE), "video/mp4", Bytes.EMPTY, Run.Relaying.LOCAL);
    wording.begin(local, picture(0, true, 1));
    assertThat(write(wording, local, 0, picture(0, true, 1), true)).isEmpty();

    wording.begin(RUN, picture(0, true, 1));

    assertThat(write(wording, RUN, 1, picture(0, true, 1), true)).hasSize(2);
  }

  private static List<Fragment> images(int count, long everyMicros) {
    List<Fragment> images = new ArrayList<>();
    GifPackager packager =
        new GifPackager(
            new Sink<>() {
              @Override
              public void begin(Run run) {
                // there is one
              }

              @Override
              public void accept(Fragment image) {
                images.add(image);
              }
            },
            0);
    Track colours = Track.video(0, Codec.RGB24, Bytes.of(0), Bytes.EMPTY, 8, 8);
    packager.begin(List.of(colours));
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[8 * 8 * 3];
      pixels[i] = (byte) 0xff;
      long pts = i * everyMicros;
      packager.accept(new Packet(colours, pts, pts, true, CAPTURED + pts, Bytes.owning(pixels)));
    }
    return images;
  }

  @Test
  void wholeGifGoesBeforeItsChangesWhereOneJoinsAndOnceASecond() {
    RelayWording gif = wording(Format.GIF);
    List<Fragment> images = images(12, 250_000);
    gif.begin(RUN, images.get(0));

    List<List<Sent>> sent = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      sent.add(write(gif, RUN, i, images.get(i), i == 0));
    }
    sent.set(0, sent.get(0).subList(1, sent.get(0).size())); // the description

    int whole = RelayMessage.WHOLE | RelayMessage.JOIN;
    for (int i = 0; i < images.size(); i++) {
      List<Sent> messages = sent.get(i);
      boolean isWhole = i % 4 == 0;
      assertThat(messages).as("image %d", i).hasSize(isWhole ? 2 : 1);
      Sent changes = messages.get(messages.size() - 1);
      assertThat(changes.header().flags()).isEqualTo(isWhole ? RelayMessage.JOIN : 0);
      assertThat(changes.payload()).isEqualTo(GifFraming.STAMPED.frame(images.get(i), false));
      assertThat(changes.header().sequence()).isEqualTo(1000 + i);
      if (isWhole) {
        Sent all = messages.get(0);
        assertThat(all.header().flags())
            .isEqualTo(whole | (i == 0 ? RelayMessage.DISCONTINUITY : 0));
        assertThat(all.header().sequence()).isEqualTo(1000 + i);
        assertThat(all.payload()).isEqualTo(GifFraming.STAMPED.frame(images.get(i), true));
      }
    }
  }

  @Test
  void lappedFollowerIsToldAndGetsTheWholeGifAtOnce() {
    RelayWording gif = wording(Format.GIF);
    List<Fragment> images = images(5, 100_000);
    gif.begin(RUN, images.get(0));
    write(gif, RUN, 0, images.get(0), true);
    write(gif, RUN, 1, images.get(1), false);

    List<Sent> lapped = write(gif, RUN, 4, images.get(4), true);

    assertThat(lapped).hasSize(2);
    assertThat(lapped.get(0).header().flags())
        .isEqualTo(RelayMessage.WHOLE | RelayMessage.JOIN | RelayMessage.DISCONTINUITY);
    assertThat(lapped.get(1).header().flags()).isEqualTo(RelayMessage.JOIN);
  }
}
