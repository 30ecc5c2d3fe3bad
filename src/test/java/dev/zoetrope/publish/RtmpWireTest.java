package dev.zoetrope.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.capture.FreeGuesses;
import dev.zoetrope.capture.Guesses;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source.RtmpPublish;
import dev.zoetrope.publish.TestPublisher.Heard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol byte by byte, as encoders other than ffmpeg may speak it. */
@Timeout(60)
@Execution(CONCURRENT)
class RtmpWireTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration NOW = Duration.ZERO;
  private static final Duration SOON = Duration.ofMillis(5);
  private static final String DENIED = "NetStream.Publish.Denied";

  private static FlvClip clip;
  private static FlvClip otherSize;
  private static FlvClip.Tag pictureConfiguration;
  private static FlvClip.Tag keyframe;
  private static FlvClip.Tag soundConfiguration;
  private static FlvClip.Tag sound;

  private final PublishPoint gate =
      new PublishPoint(new RtmpPublish(new Secret("secret"), false), () -> {}, new FreeGuesses());
  private final PublishPoint yard =
      new PublishPoint(new RtmpPublish(new Secret("secret"), true), () -> {}, new FreeGuesses());
  private final PublishPoint nowhere =
      new PublishPoint(new RtmpPublish(new Secret("nobody's"), false), () -> {}, new FreeGuesses());
  private RtmpServer server;

  @BeforeAll
  static void makeClips(@TempDir Path folder) throws IOException, InterruptedException {
    clip = FlvClip.h264(folder, "-bf", "0");
    otherSize = FlvClip.h264(folder, "-bf", "0", "-s", "96x64");
    pictureConfiguration = clip.video().get(0);
    keyframe = clip.video().get(1);
    soundConfiguration = clip.audio().get(0);
    sound = clip.audio().get(1);
  }

  @BeforeEach
  void start() throws IOException {
    server = server(Duration.ofSeconds(10));
  }

  private RtmpServer server(Duration arrival) throws IOException {
    return new RtmpServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::find, () -> 1, arrival);
  }

  private PublishPoint find(String name) {
    return switch (name) {
      case "gate" -> gate;
      case "yard" -> yard;
      default -> nowhere;
    };
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void rightKeyIsLetIn() throws IOException {
    try (TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.shakeHands().askToPublish("gate?key=secret");

      Heard connected = publisher.hear("_result");
      Heard status = publisher.hear("onStatus");

      assertThat(connected.status("code")).isEqualTo("NetConnection.Connect.Success");
      assertThat(status.status("code")).isEqualTo("NetStream.Publish.Start");
      assertThat(status.streamId()).isEqualTo(1);
      assertThat(gate.isOccupied()).isTrue();
    }
  }

  @Test
  void keyMayStandAtTheApplication() throws IOException {
    try (TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.shakeHands().connect("live/?key=se%63ret");
      publisher.command(
          1, Amf.of("publish"), Amf.of(5), Amf.NOTHING, Amf.of("gate"), Amf.of("live"));

      assertThat(publisher.hear("onStatus").status("code")).isEqualTo("NetStream.Publish.Start");
    }
  }

  @Test
  void clientThatOffersADigestIsAnsweredWithout() throws IOException {
    try (TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.shakeHands(9, 0, 124, 2).askToPublish("gate?key=secret");

      assertThat(publisher.hear("onStatus").status("level")).isEqualTo("status");
    }
  }

  @Test
  void wrongKeyAndUnknownSourceAreRefusedAlike() throws IOException {
    Heard wrongKey = refused("gate?key=wrong");
    Heard unknown = refused("nowhere?key=secret");

    assertThat(wrongKey.status("level")).isEqualTo("error");
    assertThat(wrongKey.status("code")).isEqualTo(DENIED);
    assertThat(wrongKey).isEqualTo(unknown);
    assertThat(gate.isOccupied()).isFalse();
  }

  /** Who is too early, and the addresses that have been wrong. */
  private static final class OneAddress implements Guesses {
    private final Set<String> wrong = ConcurrentHashMap.newKeySet();

    @Override
    public Duration patience(String address) {
      return wrong.contains(address) ? Duration.ofMillis(7001) : Duration.ZERO;
    }

    @Override
    public void wrong(String address) {
      wrong.add(address);
    }

    @Override
    public void refused() {
      throw new AssertionError("everybody has a key here");
    }
  }

  @Test
  void whoHasToWaitIsToldForHowLongAndKeepsNobodyElseOut() throws IOException {
    PublishPoint strict =
        new PublishPoint(new RtmpPublish(new Secret("secret"), false), () -> {}, new OneAddress());
    try (RtmpServer other =
        new RtmpServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), name -> strict, () -> 1)) {
      Heard wrong = refused(other, "gate?key=wrong");
      Heard early = refused(other, "gate?key=secret");

      assertThat(wrong.status("description")).contains("takes this key");
      assertThat(early.status("level")).isEqualTo("error");
      assertThat(early.status("code")).isEqualTo(DENIED);
      assertThat(early.status("description"))
          .isEqualTo("too many wrong keys; the next one is looked at in 8 s");
      try (TestPublisher elsewhere = new TestPublisher(other.port(), "127.0.0.2")) {
        elsewhere.shakeHands().askToPublish("gate?key=secret");
        assertThat(elsewhere.hear("onStatus").status("code")).isEqualTo("NetStream.Publish.Start");
      }
    }
  }

  @Test
  void missingKeyIsRefusedWithHowToGiveIt() throws IOException {
    Heard status = refused("gate");

    assertThat(status.status("code")).isEqualTo(DENIED);
    assertThat(status.status("description")).contains("{source}?key={key}");
  }

  private Heard refused(String name) throws IOException {
    return refused(server, name);
  }

  private static Heard refused(RtmpServer server, String name) throws IOException {
    try (TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.shakeHands().askToPublish(name);
      List<Heard> all = publisher.hearOut();
      return all.get(all.size() - 1);
    }
  }

  @Test
  void otherApplicationIsRefusedAtConnect() throws IOException {
    try (TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.shakeHands().connect("stream");

      List<Heard> all = publisher.hearOut();

      Heard last = all.get(all.size() - 1);
      assertThat(last.name()).isEqualTo("_error");
      assertThat(last.status("code")).isEqualTo("NetConnection.Connect.Rejected");
      assertThat(last.status("description")).contains("rtmp://host/live");
    }
  }

  @Test
  void playerIsSentElsewhere() throws IOException {
    try (TestPublisher player = new TestPublisher(server.port())) {
      player.shakeHands().connect("live");
      player.command(1, Amf.of("play"), Amf.of(2), Amf.NOTHING, Amf.of("gate"));

      assertThat(player.hear("onStatus").status("description")).contains("over HTTP");
    }
  }

  @Test
  void secondPublisherIsRefused() throws IOException {
    try (TestPublisher first = new TestPublisher(server.port())) {
      first.shakeHands().askToPublish("gate?key=secret").hear("onStatus");

      Heard second = refused("gate?key=secret");

      assertThat(second.status("code")).isEqualTo("NetStream.Publish.BadName");
      assertThat(second.status("description")).contains("somebody else is publishing");
    }
  }

  @Test
  void secondPublisherTakesOverWhereItMay() throws IOException {
    try (TestPublisher first = new TestPublisher(server.port());
        TestPublisher second = new TestPublisher(server.port());
        Published before = new Published(yard)) {
      first.shakeHands().askToPublish("yard?key=secret").hear("onStatus");
      sendKeyframe(first);
      await().atMost(LIMIT).until(() -> !before.packets.isEmpty());

      second.shakeHands().askToPublish("yard?key=secret");

      assertThat(second.hear("onStatus").status("code")).isEqualTo("NetStream.Publish.Start");
      List<Heard> toFirst = first.hearOut();
      assertThat(toFirst.get(toFirst.size() - 1).status("description")).contains("took over");
      await().atMost(LIMIT).until(() -> before.end.equals("closed"));
      try (Published after = new Published(yard)) {
        sendKeyframe(second);
        await().atMost(LIMIT).until(() -> !after.packets.isEmpty());
        assertThat(after.end).isEmpty();
      }
    }
  }

  private static void sendKeyframe(TestPublisher publisher) throws IOException {
    publisher.metadata("width", 64, "height", 48, "videocodecid", 7);
    publisher.message(6, 0, Message.VIDEO, 1, pictureConfiguration.payload());
    publisher.message(6, 0, Message.VIDEO, 1, keyframe.payload());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 128, 4096, 1 << 20, Integer.MAX_VALUE})
  void chunksOfAnySizeArePutTogether(int size) throws Exception {
    try (Session session = new Session()) {
      session.publisher.chunkSize(size);

      sendKeyframe(session.publisher);

      assertThat(session.await(1).get(0).data()).isEqualTo(frameOf(keyframe));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 63, 64, 319, 320, 65599})
  void chunkStreamsOfAnyNumberAreTold(int chunkStream) throws Exception {
    try (Session session = new Session()) {
      session.publisher.metadata("width", 64, "height", 48);

      session.publisher.message(chunkStream, 0, Message.VIDEO, 1, pictureConfiguration.payload());
      session.publisher.next(1, chunkStream, 40, Message.VIDEO, keyframe.payload());

      assertThat(session.await(1).get(0).dtsMicros()).isEqualTo(10_040_000);
    }
  }

  @Test
  void chunksOfPictureAndSoundMayTakeTurns() throws Exception {
    try (Session session = new Session()) {
      TestPublisher publisher = session.publisher;
      publisher.message(6, 0, Message.VIDEO, 1, pictureConfiguration.payload());
      publisher.message(4, 0, Message.AUDIO, 1, soundConfiguration.payload());
      Bytes picture = keyframe.payload();
      ByteArrayOutputStream begun = new ByteArrayOutputStream();
      TestPublisher.basicHeader(begun, 1, 6);
      TestPublisher.u24(begun, 40);
      TestPublisher.u24(begun, picture.size());
      begun.write(Message.VIDEO);
      picture.slice(0, 128).writeTo(begun);
      publisher.send(begun.toByteArray());

      publisher.next(1, 4, 23, Message.AUDIO, sound.payload());
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      for (int at = 128; at < picture.size(); at += 128) {
        TestPublisher.basicHeader(rest, 3, 6);
        picture.slice(at, Math.min(picture.size(), at + 128)).writeTo(rest);
      }
      publisher.send(rest.toByteArray());
      publisher.next(1, 4, 23, Message.AUDIO, sound.payload());

      List<Packet> packets = session.await(2);
      assertThat(packets).extracting(p -> p.track().codec()).containsExactly(Codec.H264, Codec.AAC);
      assertThat(packets.get(0).data()).isEqualTo(frameOf(keyframe));
    }
  }

  @Test
  void shorterHeadersTakeOverWhatTheyLeaveOut() throws Exception {
    try (Session session = new Session()) {
      sendKeyframe(session.publisher);

      session.publisher.next(1, 6, 40, Message.VIDEO, keyframe.payload());
      session.publisher.next(2, 6, 30, Message.VIDEO, keyframe.payload());
      session.publisher.next(3, 6, 30, Message.VIDEO, keyframe.payload());

      assertThat(session.await(4))
          .extracting(Packet::dtsMicros)
          .containsExactly(10_000_000L, 10_040_000L, 10_070_000L, 10_100_000L);
    }
  }

  @Test
  void timesGoOnOverTwentyFourBitsAndOverTheWrap() throws Exception {
    try (Session session = new Session()) {
      TestPublisher publisher = session.publisher;
      publisher.metadata("width", 64, "height", 48);
      publisher.message(6, 0xfffff0, Message.VIDEO, 1, pictureConfiguration.payload());
      publisher.message(6, 0xfffff0, Message.VIDEO, 1, keyframe.payload());
      publisher.message(6, 0x1000018, Message.VIDEO, 1, keyframe.payload());
      publisher.message(6, 0xfffffff0, Message.VIDEO, 1, keyframe.payload());
      publisher.message(6, 0x18, Message.VIDEO, 1, keyframe.payload());

      List<Packet> packets = session.await(4);

      assertThat(packets.get(1).dtsMicros() - packets.get(0).dtsMicros()).isEqualTo(40_000);
      assertThat(packets.get(3).dtsMicros() - packets.get(2).dtsMicros()).isEqualTo(40_000);
      assertThat(packets).allMatch(packet -> packet.data().equals(frameOf(keyframe)));
    }
  }

  @Test
  void extendedTimestampNeedNotBeRepeated() throws Exception {
    try (Session session = new Session()) {
      TestPublisher publisher = session.publisher;
      publisher.metadata("width", 64, "height", 48);
      publisher.message(6, 0x2000000, Message.VIDEO, 1, pictureConfiguration.payload());
      Bytes picture = keyframe.payload();
      ByteArrayOutputStream chunks = new ByteArrayOutputStream();
      TestPublisher.basicHeader(chunks, 0, 6);
      TestPublisher.u24(chunks, 0xffffff);
      TestPublisher.u24(chunks, picture.size());
      chunks.write(Message.VIDEO);
      chunks.writeBytes(new byte[] {1, 0, 0, 0});
      TestPublisher.u32(0x2000028).writeTo(chunks);
      for (int at = 0; at < picture.size(); at += 128) {
        if (at > 0) {
          TestPublisher.basicHeader(chunks, 3, 6);
        }
        picture.slice(at, Math.min(picture.size(), at + 128)).writeTo(chunks);
      }

      publisher.send(chunks.toByteArray());
      publisher.next(1, 6, 40, Message.VIDEO, picture);

      assertThat(session.await(2)).allMatch(packet -> packet.data().equals(frameOf(keyframe)));
    }
  }

  @Test
  void abortedMessageIsForgotten() throws Exception {
    try (Session session = new Session()) {
      TestPublisher publisher = session.publisher;
      publisher.metadata("width", 64, "height", 48);
      publisher.message(6, 0, Message.VIDEO, 1, pictureConfiguration.payload());
      ByteArrayOutputStream begun = new ByteArrayOutputStream();
      TestPublisher.basicHeader(begun, 1, 6);
      TestPublisher.u24(begun, 40);
      TestPublisher.u24(begun, 1000);
      begun.write(Message.VIDEO);
      begun.writeBytes(new byte[128]);
      publisher.send(begun.toByteArray());

      publisher.control(Message.ABORT, 6);
      publisher.message(6, 80, Message.VIDEO, 1, keyframe.payload());

      assertThat(session.await(1)).hasSize(1);
      assertThat(session.published.packets.get(0).data()).isEqualTo(frameOf(keyframe));
    }
  }

  @Test
  void bytesAreAcknowledgedAfterEachWindow() throws Exception {
    try (Session session = new Session()) {
      session.publisher.control(Message.WINDOW_ACKNOWLEDGEMENT_SIZE, 5000);

      sendNumbers(session.publisher, 9000);
      Heard first = session.publisher.hear(Message.ACKNOWLEDGEMENT);
      sendNumbers(session.publisher, 9000);
      Heard second = session.publisher.hear(Message.ACKNOWLEDGEMENT);

      int before = new Fields("", first.payload()).u32();
      int after = new Fields("", second.payload()).u32();
      assertThat(before).isBetween(5000, 15_000);
      assertThat(after - before).isGreaterThanOrEqualTo(5000);
    }
  }

  private static void sendNumbers(TestPublisher publisher, int bytes) throws IOException {
    publisher.message(4, 0, Message.DATA_AMF0, 1, Bytes.owning(new byte[bytes]));
  }

  @Test
  void pingIsAnswered() throws Exception {
    try (Session session = new Session()) {
      session.publisher.message(
          2, 0, Message.USER_CONTROL, 0, Bytes.of(0, 6, 0x12, 0x34, 0x56, 0x78));

      Heard pong = session.publisher.hear(Message.USER_CONTROL);

      assertThat(pong.payload()).isEqualTo(Bytes.of(0, 7, 0x12, 0x34, 0x56, 0x78));
    }
  }

  @Test
  void tagsOfAnAggregateAreTakenEach() throws Exception {
    try (Session session = new Session()) {
      TestPublisher publisher = session.publisher;
      publisher.metadata("width", 64, "height", 48);
      Bytes both =
          Bytes.concat(
              tag(100, pictureConfiguration.payload()),
              tag(100, keyframe.payload()),
              tag(140, keyframe.payload()));

      publisher.message(6, 5000, Message.AGGREGATE, 1, both);

      assertThat(session.await(2))
          .extracting(Packet::dtsMicros)
          .containsExactly(15_000_000L, 15_040_000L);
    }
  }

  private static Bytes tag(int timestamp, Bytes payload) {
    Bytes size = TestPublisher.u32(payload.size()).slice(1, 4);
    Bytes time = TestPublisher.u32(timestamp).slice(1, 4);
    return Bytes.concat(
        Bytes.of(Message.VIDEO), size, time, Bytes.of(0, 0, 0, 0), payload, Bytes.of(0, 0, 0, 0));
  }

  @Test
  void otherPictureSizeBeginsARun() throws Exception {
    try (Session session = new Session()) {
      sendKeyframe(session.publisher);
      session.publisher.message(6, 40, Message.VIDEO, 1, pictureConfiguration.payload());

      session.publisher.message(6, 40, Message.VIDEO, 1, otherSize.video().get(0).payload());
      session.publisher.message(6, 80, Message.VIDEO, 1, otherSize.video().get(1).payload());

      session.await(2);
      assertThat(session.published.runs)
          .extracting(run -> run.video().orElseThrow().width())
          .containsExactly(64, 96);
    }
  }

  @Test
  void soundThatComesLateBeginsARunAtTheNextKeyframe() throws Exception {
    try (Session session = new Session()) {
      TestPublisher publisher = session.publisher;
      sendKeyframe(publisher);

      publisher.message(4, 40, Message.AUDIO, 1, soundConfiguration.payload());
      publisher.message(4, 40, Message.AUDIO, 1, sound.payload());
      publisher.message(6, 80, Message.VIDEO, 1, keyframe.payload());
      publisher.message(4, 80, Message.AUDIO, 1, sound.payload());

      List<Packet> packets = session.await(3);
      assertThat(session.published.runs).hasSize(2);
      assertThat(session.published.runs.get(1).audio()).isPresent();
      assertThat(packets)
          .extracting(packet -> packet.track().codec())
          .containsExactly(Codec.H264, Codec.H264, Codec.AAC);
    }
  }

  @Test
  void publisherThatVanishesIsTold() throws Exception {
    try (Session session = new Session()) {
      sendKeyframe(session.publisher);
      session.await(1);

      session.publisher.close();

      assertThat(session.awaitEnd()).isEqualTo("the publisher left without a word");
    }
  }

  @Test
  void slowHandshakeIsEnded() throws IOException {
    try (RtmpServer hasty = server(Duration.ofMillis(300));
        TestPublisher publisher = new TestPublisher(hasty.port())) {
      publisher.send(new byte[] {3, 0, 0});

      assertThat(publisher.hearOut()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "\26\3\1\2\0\1\0", "\6", "\377\377"})
  void otherProtocolsAreEnded(String bytes) throws IOException {
    try (TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.send(bytes.getBytes(StandardCharsets.ISO_8859_1));

      assertThat(publisher.hearOut()).isEmpty();
    }
  }

  @Test
  void hugeMessageIsRefusedWithoutTakingMemory() throws Exception {
    try (Session session = new Session()) {
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      TestPublisher.basicHeader(header, 0, 6);
      TestPublisher.u24(header, 0);
      TestPublisher.u24(header, 0xffffff);
      header.write(Message.VIDEO);
      header.writeBytes(new byte[] {1, 0, 0, 0});
      for (int i = 0; i < 3; i++) { // unfinished ones of 16 MiB, which are the most
        session.publisher.send(header.toByteArray()).send(new byte[128]);
      }
      session.publisher.chunkSize(0);

      assertThat(session.awaitEnd()).contains("Set Chunk Size");
    }
  }

  @Test
  void closedServerEndsItsPublishers() throws Exception {
    try (Session session = new Session()) {
      server.close();

      assertThat(session.awaitEnd()).isNotEmpty();
      session.publisher.hearOut();
    }
  }

  /** Whatever comes, the connection ends, nothing else breaks, and the next one is let in. */
  @Test
  void damagedConversationsEndNothingButThemselves() throws Exception {
    byte[] conversation = recordedConversation();
    Random random = new Random(20_240_601);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = conversation.clone();
      int from = round % 3 == 0 ? 0 : 1 + 2 * 1536; // else behind the handshake
      int changes = 1 + random.nextInt(8);
      for (int i = 0; i < changes; i++) {
        damaged[from + random.nextInt(damaged.length - from)] = (byte) random.nextInt(256);
      }
      try (Published published = new Published(yard);
          TestPublisher publisher = new TestPublisher(server.port())) {
        sendAll(publisher, damaged);
        publisher.endOutput();
        publisher.hearAll();
        await().atMost(LIMIT).pollDelay(NOW).pollInterval(SOON).until(() -> !yard.isOccupied());
        assertThat(published.end).as("round %d", round).doesNotStartWith(Published.OURS);
      }
    }
    try (Session session = new Session()) {
      sendKeyframe(session.publisher);
      assertThat(session.await(1)).hasSize(1);
    }
  }

  private byte[] recordedConversation() throws IOException {
    try (Published published = new Published(yard);
        TestPublisher publisher = new TestPublisher(server.port())) {
      publisher.shakeHands().askToPublish("yard?key=secret").hear("onStatus");
      publisher.metadata("width", 64, "height", 48, "videocodecid", 7, "audiocodecid", 10);
      for (FlvClip.Tag tag : clip.tags().subList(1, 20)) {
        int chunkStream = tag.isVideo() ? 6 : 4;
        publisher.message(chunkStream, tag.timestamp(), tag.type(), 1, tag.payload());
      }
      publisher.command(1, Amf.of("deleteStream"), Amf.of(6), Amf.NOTHING, Amf.of(1));
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());
      assertThat(published.end).isEqualTo("the publisher ended the stream");
      return publisher.said();
    }
  }

  private static void sendAll(TestPublisher publisher, byte[] bytes) {
    try {
      publisher.send(bytes);
    } catch (IOException e) {
      // The server has ended it already, as it should.
    }
  }

  private static Bytes frameOf(FlvClip.Tag tag) {
    return tag.payload().slice(5, tag.payload().size());
  }

  /** A publisher that was let in at the gate, and what is read of it. */
  private final class Session implements AutoCloseable {
    final Published published = new Published(gate);
    final TestPublisher publisher = new TestPublisher(server.port());

    Session() throws IOException {
      publisher.shakeHands().askToPublish("gate?key=secret").hear("onStatus");
    }

    List<Packet> await(int packets) {
      org.awaitility.Awaitility.await()
          .atMost(LIMIT)
          .until(() -> published.packets.size() >= packets || !published.end.isEmpty());
      assertThat(published.end).isEmpty();
      return new ArrayList<>(published.packets);
    }

    String awaitEnd() {
      org.awaitility.Awaitility.await().atMost(LIMIT).until(() -> !published.end.isEmpty());
      return published.end;
    }

    @Override
    public void close() throws IOException {
      publisher.close();
      published.close();
    }
  }
}
