package dev.zoetrope.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelayMessageTest {
  private static final RelayMessage MESSAGE =
      new RelayMessage(
          "gate",
          "fmp4-small",
          1_764_380_000_123_456L,
          77,
          RelayMessage.JOIN | RelayMessage.DISCONTINUITY,
          40_000,
          1_764_380_001_000_000L,
          0,
          1,
          3);

  private static final RelayMessage PACKET =
      new RelayMessage(
          "gate", Rendition.PACKETS, 7, 8, RelayMessage.JOIN, 120_000, 5_000_000, -80_000, 0, 1);

  private static final RunDescription DESCRIPTION =
      new RunDescription(
          "n-ingress",
          Optional.of(Format.FMP4),
          "video/mp4; codecs=\"avc1.42c01f,mp4a.40.2\"",
          List.of(
              new Track(
                  0, Codec.H264, Bytes.of('a', 'v', 'c', '1'), Bytes.of(1, 2, 3), 64, 48, 0, 0, 2),
              Track.audio(1, Codec.AAC, Bytes.of('m', 'p', '4', 'a'), Bytes.of(9), 48_000, 2)),
          Bytes.of(5, 6, 7, 8));

  private static final RunDescription OF_PACKETS =
      new RunDescription("n-ingress", Optional.empty(), "", DESCRIPTION.tracks(), Bytes.EMPTY);

  /** What a reader makes of bytes. */
  private interface Reader {
    Object read(Bytes bytes) throws MalformedMediaException;
  }

  /** A valid value, or the one exception that says that it is none. */
  private static void readOrRefuse(Reader reader, Bytes bytes) {
    try {
      assertThat(reader.read(bytes)).isNotNull();
    } catch (MalformedMediaException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  /** As section 5.4 of the protocol has it, byte for byte. */
  @Test
  void headerIsAsThePaperSays() {
    String hex =
        "01" // version
            + "3c" // size: 44 and two names
            + "0005" // join, discontinuity
            + "0001"
            + "0003"
            + String.format("%016x", 1_764_380_000_123_456L)
            + "000000000000004d"
            + "0000000000009c40"
            + String.format("%016x", 1_764_380_001_000_000L)
            + "00000000"
            + "04"
            + "67617465"
            + "0a"
            + "666d70342d736d616c6c";

    assertThat(HexFormat.of().formatHex(MESSAGE.bytes().toArray())).isEqualTo(hex);
  }

  @Test
  void isReadAsItWasWritten() throws MalformedMediaException {
    Bytes message = Bytes.concat(MESSAGE.bytes(), Bytes.of(1, 2, 3));

    assertThat(RelayMessage.read(message)).isEqualTo(MESSAGE);
    assertThat(RelayMessage.size(message)).isEqualTo(MESSAGE.bytes().size());
    assertThat(RunDescription.read(DESCRIPTION.bytes())).isEqualTo(DESCRIPTION);
    assertThat(RelayMessage.read(PACKET.bytes())).isEqualTo(PACKET);
    assertThat(RunDescription.read(OF_PACKETS.bytes())).isEqualTo(OF_PACKETS);
  }

  @Test
  void packetSaysWhenItIsDecodedWhereAllElseHasNothing() {
    assertThat(PACKET.bytes().slice(40, 44)).isEqualTo(Bytes.of(0xff, 0xfe, 0xc7, 0x80));
  }

  /** A card is made by each node for itself, and a run of nothing is none. */
  @Test
  void packetsOfNothingAndOfCardsAreRefused() {
    Track card = Track.video(0, Codec.RGB24, Bytes.EMPTY, Bytes.EMPTY, 64, 48);
    for (List<Track> tracks : List.of(List.<Track>of(), List.of(card))) {
      RunDescription stills =
          new RunDescription(
              "n-ingress", Optional.of(Format.MJPEG), "packets", tracks, Bytes.EMPTY);
      byte[] array = stills.bytes().toArray();
      String text = new String(array, ISO_8859_1).replace("\0\0\0\5mjpeg", "\0\0\0\7packets");
      Bytes changed = Bytes.owning(text.getBytes(ISO_8859_1));

      assertThatThrownBy(() -> RunDescription.read(changed))
          .isInstanceOf(MalformedMediaException.class)
          .hasMessageContaining("expected a coded track");
    }
  }

  /** A later version may say more; unknown flags are left as they are. */
  @Test
  void laterFormIsRead() throws MalformedMediaException {
    byte[] longer = Bytes.concat(MESSAGE.bytes(), Bytes.of(0xaa, 0xbb)).toArray();
    longer[0] = 2;
    longer[1] = (byte) (longer[1] + 2);
    longer[2] = (byte) 0x80; // flag 0x8000

    RelayMessage read = RelayMessage.read(Bytes.owning(longer));

    assertThat(read.flags()).isEqualTo(0x8000 | MESSAGE.flags());
    assertThat(read.rendition()).isEqualTo("fmp4-small");
    assertThat(RelayMessage.size(Bytes.owning(longer))).isEqualTo(longer.length);
    assertThat(RunDescription.read(Bytes.concat(DESCRIPTION.bytes(), Bytes.of(1, 2))))
        .isEqualTo(DESCRIPTION);
  }

  @Test
  void whatIsCutAnywhereIsRefused() {
    Bytes header = MESSAGE.bytes();
    for (int size = 0; size < header.size(); size++) {
      Bytes cut = header.slice(0, size);
      assertThatThrownBy(() -> RelayMessage.read(cut)).isInstanceOf(MalformedMediaException.class);
    }
    Bytes description = DESCRIPTION.bytes();
    for (int size = 0; size < description.size(); size++) {
      Bytes cut = description.slice(0, size);
      assertThatThrownBy(() -> RunDescription.read(cut))
          .isInstanceOf(MalformedMediaException.class);
    }
  }

  @Test
  void anyByteMayBeAnyOther() {
    for (Bytes valid :
        List.of(MESSAGE.bytes(), PACKET.bytes(), DESCRIPTION.bytes(), OF_PACKETS.bytes())) {
      for (int at = 0; at < valid.size(); at++) {
        for (int value = 0; value < 256; value++) {
          byte[] changed = valid.toArray();
          changed[at] = (byte) value;
          readOrRefuse(RelayMessage::read, Bytes.owning(changed));
          readOrRefuse(RunDescription::read, Bytes.owning(changed));
        }
      }
    }
  }

  @Test
  void noiseIsReadOrRefused() {
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = new byte[random.nextInt(120)];
      random.nextBytes(noise);
      readOrRefuse(RelayMessage::read, Bytes.owning(noise.clone()));
      readOrRefuse(RunDescription::read, Bytes.owning(noise));
    }
  }

  /** A size is believed only as far as there are bytes: nothing large is made for it. */
  @Test
  void sizesBeyondTheEndAreRefused() {
    List<Integer> sizes = new ArrayList<>(List.of(Integer.MAX_VALUE, -1, Integer.MIN_VALUE));
    sizes.add(DESCRIPTION.bytes().size());
    for (int size : sizes) {
      byte[] array = DESCRIPTION.bytes().toArray();
      ByteBuffer.wrap(array).putInt(0, size);
      Bytes changed = Bytes.owning(array);
      assertThatThrownBy(() -> RunDescription.read(changed))
          .isInstanceOf(MalformedMediaException.class);
    }
  }

  @Test
  void valuesThatCannotBeAreNotMade() {
    assertThatThrownBy(() -> new RelayMessage("Gate", "fmp4", 1, 1, 0, 0, 0, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RelayMessage("gate", "fmp4", 1, 1, 0, 0, 0, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RelayMessage("gate", "fmp4", 1, 1, 0, 0, 0, 0, 0, 0x10000))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
