package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.format.NutClip.Collected;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the specification allows and ffmpeg's muxer seldom or never writes. */
class NutSpecificationTest {
  private static final int CODE_CODED = 1;
  private static final int CODE_ELIDED = 2;
  private static final long UNKNOWN_STARTCODE = 0x4E5A_0102_0304_0506L;

  private final NutOutput file = new NutOutput();
  private int version = 3;
  private int width = 16;
  private int sampleRate = 8000;
  private Bytes extradata = Bytes.EMPTY;

  /** Stream 0 is a picture in 1/90000 s, stream 1 a sound in 1/8000 s; shift 4. */
  private void headers() {
    file.bytes(Bytes.owning(Nut.FILE_ID_STRING.clone()));
    main();
    file.packet(Nut.STREAM_STARTCODE, picture());
    file.packet(Nut.STREAM_STARTCODE, sound());
  }

  private void main() {
    NutOutput main = new NutOutput();
    main.v(version);
    if (version > 3) {
      main.v(1); // minor_version
    }
    fields(main, 2, 32767, 2, 1, 90000, 1, 8000);
    fields(main, Nut.FLAG_INVALID, 0);
    fields(main, Nut.FLAG_CODED, 6, 0, 1, 0, 0, 0, 1);
    int elided = Nut.FLAG_KEY | Nut.FLAG_SIZE_MSB;
    fields(main, elided, 9, 2 * 3 - 1, 1, 0, 0, 0, 1, 0, 1, 99); // pts_delta 3, header 1
    fields(main, Nut.FLAG_INVALID, 8, 0, 1, 0, 0, 0, 252, 0, 0);
    main.bytes(Bytes.of(2, 2, 0xff, 0xd8, 1, 0x77)); // elision headers
    fields(main, 0, 1, 2, 3); // main_flags, reserved bytes
    file.packet(Nut.MAIN_STARTCODE, main);
  }

  private NutOutput picture() {
    NutOutput picture = new NutOutput();
    fields(picture, 0, Nut.CLASS_VIDEO, 4, 'M', 'J', 'P', 'G', 0, 4, 90000, 0, 0);
    picture.vb(extradata);
    fields(picture, width, 8, 1, 1, 0);
    return picture;
  }

  private NutOutput sound() {
    NutOutput sound = new NutOutput();
    fields(sound, 1, Nut.CLASS_AUDIO, 2, 6, 0, 1, 4, 8000, 0, 0, 0, sampleRate, 1, 1);
    return sound;
  }

  private void syncpoint(long globalKeyPts) {
    NutOutput syncpoint = new NutOutput();
    syncpoint.v(globalKeyPts);
    fields(syncpoint, 0, 5, 5);
    file.packet(Nut.SYNCPOINT_STARTCODE, syncpoint);
  }

  private static void fields(NutOutput out, int... values) {
    for (int value : values) {
      out.v(value);
    }
  }

  private Collected read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    file.writeTo(bytes);
    return NutClip.read(bytes.toByteArray());
  }

  @Test
  void everyFieldOfAFrameHeaderIsUnderstood() throws IOException {
    headers();
    syncpoint(90000 * 2); // 1 s in time base 0
    int start = file.size();
    int flags =
        Nut.FLAG_KEY
            | Nut.FLAG_STREAM_ID
            | Nut.FLAG_CODED_PTS
            | Nut.FLAG_SIZE_MSB
            | Nut.FLAG_MATCH_TIME
            | Nut.FLAG_HEADER_IDX
            | Nut.FLAG_RESERVED
            | Nut.FLAG_CHECKSUM;
    fields(file, CODE_CODED, flags, 0, 90000 + 16, 3, 1, 2, 2, 1_000_000, 7);
    file.checksum(start);
    fields(file, 1, 2);

    Packet packet = read().packets.get(0);

    assertThat(packet.data()).isEqualTo(Bytes.of(0x77, 1, 2));
    assertThat(packet.ptsMicros()).isEqualTo(1_000_000);
  }

  @Test
  void elidedBytesAreThoseOfTheMainHeader() throws IOException {
    headers();
    syncpoint(0);
    fields(file, CODE_ELIDED, 4, 1, 2);
    fields(file, CODE_ELIDED, 2);

    Collected collected = read();

    assertThat(collected.packets)
        .extracting(Packet::data)
        .containsExactly(Bytes.of(0xff, 0xd8, 1, 2), Bytes.of(0xff, 0xd8));
    assertThat(collected.packets).extracting(Packet::ptsMicros).containsExactly(33L, 67L);
  }

  @Test
  void lowestBitsOfAPtsAreCompletedFromTheLastOne() throws IOException {
    headers();
    syncpoint(2L * 90000 + 0);
    int flags = Nut.FLAG_STREAM_ID | Nut.FLAG_CODED_PTS | Nut.FLAG_SIZE_MSB;
    // 8000 is 0 in its lowest four bits; 15 is before it, 5 after it, 12 (of 8005) after that.
    for (int lowest : new int[] {15, 5, 12, 2}) {
      fields(file, CODE_CODED, flags, 1, lowest, 0);
    }

    assertThat(read().packets)
        .extracting(packet -> packet.ptsMicros() * 8 / 1000)
        .containsExactly(7999L, 8005L, 8012L, 8018L);
  }

  @Test
  void syncpointOfAnotherTimeBaseIsRoundedDown() throws IOException {
    headers();
    syncpoint(2L * 8001 + 1); // 8001 / 8000 s are 90011.25 / 90000 s
    fields(file, CODE_ELIDED, 2);

    assertThat(read().packets.get(0).ptsMicros()).isEqualTo(1_000_156); // 90014 / 90000
  }

  @Test
  void endOfRelevanceIsNoPacket() throws IOException {
    headers();
    syncpoint(0);
    int flags = Nut.FLAG_KEY | Nut.FLAG_EOR | Nut.FLAG_STREAM_ID | Nut.FLAG_SIZE_MSB;
    fields(file, CODE_CODED, flags, 1, 0);
    fields(file, CODE_ELIDED, 2);

    assertThat(read().packets).hasSize(1);
  }

  @Test
  void sideDataOfEveryTypeIsPassedOver() throws IOException {
    version = 4;
    headers();
    syncpoint(0);
    NutOutput data = new NutOutput();
    data.v(6); // side data
    fields(data, 1, 'a', 2, 1, 'x'); // -1: a string
    fields(data, 1, 'b', 4, 1, 't', 2, 8, 9); // -2: of a named type
    fields(data, 1, 'c', 6, 5); // -3: s
    fields(data, 1, 'd', 8, 5); // -4: t
    fields(data, 1, 'e', 10, 5); // -5: a rational
    fields(data, 1, 'f', 11); // an integer
    data.v(0); // meta data
    fields(data, 1, 2, 3);
    int flags = Nut.FLAG_KEY | Nut.FLAG_SIZE_MSB | Nut.FLAG_SM_DATA | Nut.FLAG_HEADER_IDX;
    fields(file, CODE_CODED, flags, data.size() + 2, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    data.writeTo(bytes);
    file.bytes(Bytes.owning(bytes.toByteArray()));

    assertThat(read().packets.get(0).data()).isEqualTo(Bytes.of(0xff, 0xd8, 1, 2, 3));
  }

  @Test
  void unknownPacketsAreSkipped() throws IOException {
    NutOutput unknown = new NutOutput();
    unknown.bytes(Bytes.owning(new byte[100_000]));
    headers();
    file.packet(UNKNOWN_STARTCODE, unknown);
    syncpoint(0);
    fields(file, CODE_ELIDED, 2);
    file.packet(UNKNOWN_STARTCODE, new NutOutput());
    fields(file, CODE_ELIDED, 2);

    assertThat(read().packets).hasSize(2);
  }

  @Test
  void longHeadersHaveAChecksumOfTheirLength() throws IOException {
    extradata = Bytes.owning(new byte[70_000]);
    headers();

    assertThat(read().tracks().get(0).extradata()).isEqualTo(extradata);
  }

  @Test
  void fourccOfTwoBytesIsUnderstood() throws IOException {
    headers();

    Track track = read().tracks().get(1);

    assertThat(track.codec()).isEqualTo(Codec.PCM_ALAW);
    assertThat(track.fourcc()).isEqualTo(Bytes.of(6, 0));
  }

  @Test
  void repeatedHeaderMustBeTheSame() throws IOException {
    headers();
    file.packet(Nut.STREAM_STARTCODE, picture());
    main();
    assertThat(read().runs).hasSize(1);

    width = 32;
    file.packet(Nut.STREAM_STARTCODE, picture());

    assertMalformed("repeated header of stream 0 differs from the first");
  }

  @Test
  void pictureWithoutSizeIsMalformed() {
    width = 0;
    headers();

    assertMalformed("width is 0, expected 1 to 2147483647");
  }

  @Test
  void soundWithoutSampleRateIsMalformed() {
    sampleRate = 0;
    headers();

    assertMalformed("samplerate_num is 0, expected 1 to 2147483647");
  }

  @Test
  void packetAboveTheLimitIsMalformed() {
    headers();
    syncpoint(0);
    int start = file.size();
    int flags = Nut.FLAG_SIZE_MSB | Nut.FLAG_CHECKSUM;
    fields(file, CODE_CODED, flags, NutReader.MAX_PACKET_BYTES + 1);
    file.checksum(start);

    assertMalformed("data_size_msb is 67108865, expected 0 to 67108864");
  }

  @Test
  void frameFarFromItsSyncpointIsMalformed() {
    headers();
    syncpoint(0);
    for (int i = 0; i < 20; i++) {
      fields(file, CODE_ELIDED, 2000);
      file.bytes(Bytes.owning(new byte[1998]));
    }

    assertMalformed("no syncpoint since byte ");
  }

  @Test
  void frameHeaderWithAWrongChecksumIsMalformed() {
    headers();
    syncpoint(0);
    fields(file, CODE_CODED, Nut.FLAG_SIZE_MSB | Nut.FLAG_CHECKSUM, 0);
    file.u32(12345);

    assertMalformed("wrong checksum of frame header");
  }

  @Test
  void frameBeforeTheFirstSyncpointIsMalformed() {
    headers();
    fields(file, CODE_ELIDED, 2);

    assertMalformed("frame before the first syncpoint");
  }

  private void assertMalformed(String message) {
    assertThatThrownBy(this::read)
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageContaining(message);
  }
}
