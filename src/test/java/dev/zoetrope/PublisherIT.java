package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers who come to the WAR by RTMP and SRT, leave, return and are refused, as they like. */
@Timeout(60)
@Execution(CONCURRENT)
class PublisherIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String KEY = "?key=correct-horse";
  private static final int HANDSHAKE = 1536; // RTMP 1.0, 5.2.3

  @TempDir private static Path folder;

  private static int rtmpPort;
  private static int srtPort;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    rtmpPort = FreePort.find();
    srtPort = FreePort.find();
    TestHome home = new TestHome(folder.resolve("home"));
    home.settings("rtmpPort: " + rtmpPort, "hardware: off");
    home.secrets("door: correct-horse", "call: correct-horse-battery");
    for (String id : List.of("returning", "killed", "locked", "single", "tough")) {
      home.source(id, "kind: rtmp-publish", "key: door", "linger: 0s");
    }
    home.source("taken", "kind: rtmp-publish", "key: door", "takeOver: true", "linger: 0s");
    home.source("srt", "kind: srt-publish", "port: " + srtPort, "passphrase: call", "linger: 0s");
    server = TestServer.at(home.folder());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void publisherLeavesAndReturnsUnderItsViewers() throws Exception {
    try (Crowd crowd = Crowd.of(server, "returning", 2)) {
      SourceList.awaitCause(server, "returning", "nobody publishes at the moment");
      for (int time = 1; time <= 2; time++) {
        try (Program publisher = Broadcast.rtmp(rtmpPort, "returning" + KEY)) {
          SourceList.awaitState(server, "returning", "live");
          crowd.awaitMore("the picture", 20);
          assertThat(publisher.isAlive()).isTrue();
        }
        SourceList.awaitState(server, "returning", "waiting");
        SourceList.awaitCause(server, "returning", "nobody publishes at the moment");
        crowd.awaitMore("the card", 2);
      }
      crowd.isComplete();
    }
  }

  @Test
  void publisherThatIsKilledMayComeAgainAtOnce() throws Exception {
    try (Crowd crowd = Crowd.of(server, "killed", 1)) {
      try (Program publisher = Broadcast.rtmp(rtmpPort, "killed" + KEY)) {
        crowd.awaitMore("the picture", 20);
        Program.run("kill", "-KILL", Long.toString(publisher.pid()));
        publisher.await();
      }
      SourceList.awaitState(server, "killed", "waiting");
      try (Program again = Broadcast.rtmp(rtmpPort, "killed" + KEY)) {
        SourceList.awaitState(server, "killed", "live");
        crowd.awaitMore("the picture again", 20);
        assertThat(again.isAlive()).isTrue();
      }
      crowd.isComplete();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"locked?key=open-sesame", "locked", "nowhere?key=correct-horse"})
  void wrongKeyOrNameIsRefusedAndViewersKeepTheCard(String name) throws Exception {
    try (Crowd crowd = Crowd.of(server, "locked", 1)) {
      try (Program publisher = Broadcast.rtmp(rtmpPort, name)) {
        assertThat(publisher.await().exitCode()).isNotZero();
      }
      crowd.awaitMore("the card", 2);

      assertThat(SourceList.state(server, "locked")).isEqualTo("waiting");
      assertThat(server.log()).contains("refused: ").doesNotContain("locked: publisher from");
      assertThat(server.log()).doesNotContain("sesame").doesNotContain("correct-horse");
      crowd.isComplete();
    }
  }

  @Test
  void secondPublisherIsRefusedAndTheFirstGoesOn() throws Exception {
    try (Crowd crowd = Crowd.of(server, "single", 1);
        Program first = Broadcast.rtmp(rtmpPort, "single" + KEY)) {
      SourceList.awaitState(server, "single", "live");
      try (Program second = Broadcast.rtmp(rtmpPort, "single" + KEY)) {
        assertThat(second.await().exitCode()).isNotZero();
      }
      crowd.awaitMore("pictures of the first", 20);

      assertThat(server.log()).contains("somebody else is publishing already");
      assertThat(first.isAlive()).isTrue();
      assertThat(SourceList.state(server, "single")).isEqualTo("live");
      crowd.isComplete();
    }
  }

  @Test
  void secondPublisherTakesOverWhereThatIsWanted() throws Exception {
    try (Crowd crowd = Crowd.of(server, "taken", 1);
        Program first = Broadcast.rtmp(rtmpPort, "taken" + KEY)) {
      SourceList.awaitState(server, "taken", "live");
      crowd.awaitMore("pictures of the first", 20);
      try (Program second = Broadcast.rtmp(rtmpPort, "taken" + KEY)) {
        first.await();
        SourceList.awaitState(server, "taken", "live");
        crowd.awaitMore("pictures of the second", 20);

        assertThat(second.isAlive()).isTrue();
        crowd.isComplete();
      }
    }
  }

  @Test
  void hostileBytesEndTheirConnectionAndNothingElse() throws Exception {
    try (Crowd crowd = Crowd.of(server, "tough", 1);
        Program publisher = Broadcast.rtmp(rtmpPort, "tough" + KEY)) {
      SourceList.awaitState(server, "tough", "live");
      Random random = new Random(1);
      for (int i = 0; i < 40; i++) {
        byte[] bytes = new byte[random.nextInt(8000)];
        random.nextBytes(bytes);
        awaitEndAfter(bytes);
        awaitEndAfter(afterHandshake(bytes));
      }
      awaitEndAfter("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
      awaitEndAfter(afterHandshake(LARGEST_MESSAGE));
      crowd.awaitMore("pictures", 20);

      assertThat(publisher.isAlive()).isTrue();
      assertThat(SourceList.state(server, "tough")).isEqualTo("live");
      assertThat(server.log()).doesNotContain("invariant");
      crowd.isComplete();
    }
  }

  /** A command that announces 16 MiB. */
  private static final byte[] LARGEST_MESSAGE = {3, 0, 0, 0, -1, -1, -1, 20, 0, 0, 0, 0};

  /** C0, C1 and C2 of RTMP's handshake, then {@code bytes}. */
  private static byte[] afterHandshake(byte[] bytes) {
    byte[] all = new byte[1 + 2 * HANDSHAKE + bytes.length];
    all[0] = 3;
    System.arraycopy(bytes, 0, all, 1 + 2 * HANDSHAKE, bytes.length);
    return all;
  }

  /** Sends {@code bytes} and no more; fails unless the server ends the connection in time. */
  private static void awaitEndAfter(byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rtmpPort)) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      assertThat(reset).as("it did not want to read on").hasMessageMatching("(?i).*(reset|pipe).*");
    }
  }

  @Test
  void srtCallerLeavesAndReturnsUnderItsViewers() throws Exception {
    try (Crowd crowd = Crowd.of(server, "srt", 1)) {
      SourceList.awaitState(server, "srt", "waiting");
      try (Program wrong = Broadcast.srt(srtPort, "wrong-horse-battery")) {
        assertThat(wrong.await().exitCode()).isNotZero();
      }
      for (int time = 1; time <= 2; time++) {
        SourceList.awaitState(server, "srt", "waiting");
        try (Program caller = Broadcast.srt(srtPort, "correct-horse-battery")) {
          SourceList.awaitState(server, "srt", "live");
          crowd.awaitMore("the picture", 20);
          assertThat(caller.isAlive()).isTrue();
        }
        SourceList.awaitState(server, "srt", "waiting");
        crowd.awaitMore("the card", 2);
      }
      assertThat(server.log().lines().filter(line -> line.contains("srt: the publisher left: ")))
          .as("none of them was the one with the wrong passphrase")
          .hasSize(2)
          .noneMatch(line -> line.contains("passphrase"));
      crowd.isComplete();
    }
  }
}
