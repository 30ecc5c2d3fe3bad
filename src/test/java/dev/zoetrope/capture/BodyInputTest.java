package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.BodyInput.Ending;
import dev.zoetrope.capture.BodyInput.How;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BodyInputTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int PICTURES = 50;

  @TempDir private static Path folder;

  private static Ffmpeg ffmpeg;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void findFfmpeg() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
  }

  @AfterAll
  static void closeFfmpeg() {
    ffmpeg.close();
  }

  /** Two seconds of picture, then sound, which begins so many seconds later. */
  private static Bytes clip(BodyFormat format, int soundDelay) throws IOException {
    Path file = Files.createTempFile(folder, "clip", ".bin");
    String muxer =
        switch (format) {
          case MPEG_TS -> "mpegts";
          case MATROSKA -> "matroska";
          case FLV -> "flv";
          case MP4 -> "mp4";
        };
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin", "-y"));
    command.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25"));
    command.addAll(List.of("-itsoffset", Integer.toString(soundDelay)));
    command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440"));
    command.addAll(List.of("-t", Integer.toString(2 + soundDelay)));
    command.addAll(List.of("-c:v", "libx264", "-g", "25", "-bf", "0", "-b:v", "300k"));
    command.addAll(List.of("-c:a", "aac", "-f", muxer));
    if (format == BodyFormat.MP4) {
      command.addAll(List.of("-movflags", "frag_keyframe+empty_moov"));
    }
    command.add(file.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return Bytes.owning(Files.readAllBytes(file));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static BodyInput input(BodyFormat format) {
    return new BodyInput(ffmpeg, format, "test", ProcessLimits.NONE, () -> 1234);
  }

  /** Reads on a thread of its own; how it ended: a message, or nothing. */
  private CompletableFuture<String> read(BodyInput input) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (input) {
            input.read(sink);
            return "";
          } catch (IOException e) {
            return e.getMessage();
          }
        },
        task -> Ffmpeg.daemon("reader", task).start());
  }

  private static void bring(BodyInput input, Bytes bytes) {
    for (int at = 0; at < bytes.size(); at += 5000) {
      if (!input.bring(bytes.slice(at, Math.min(bytes.size(), at + 5000)))) {
        return;
      }
    }
  }

  private static Ending ending(BodyInput input) {
    return input.ending().toCompletableFuture().join();
  }

  private long pictures() {
    return sink.packets.stream().filter(packet -> packet.track().isVideo()).count();
  }

  @ParameterizedTest
  @EnumSource
  void bodyOfEachFormatIsRecognisedAndReadToItsEnd(BodyFormat format) throws Exception {
    Bytes clip = clip(format, 0);
    BodyInput input = input(BodyFormat.of(clip.slice(0, 600)).orElseThrow());
    CompletableFuture<String> end = read(input);

    bring(input, clip);
    input.end();

    assertThat(BodyFormat.of(clip)).hasValue(format);
    assertThat(end.join()).isEqualTo("the publisher ended the stream");
    assertThat(ending(input).how()).isEqualTo(How.DONE);
    assertThat(pictures()).isBetween(PICTURES - 2L, PICTURES + 0L);
    assertThat(sink.runs.get(0).tracks())
        .extracting(Track::codec)
        .containsExactly(Codec.H264, Codec.AAC);
  }

  @Test
  void publisherWhoEndsWithinAPictureHasEndedIt() throws Exception {
    Bytes clip = clip(BodyFormat.MATROSKA, 0);
    BodyInput input = input(BodyFormat.MATROSKA);
    CompletableFuture<String> end = read(input);

    bring(input, clip.slice(0, clip.size() * 3 / 4));
    input.end();

    assertThat(end.join()).isEqualTo("the publisher ended the stream");
    assertThat(input.log()).as("as ffmpeg sees it").isNotEmpty();
    assertThat(input.complaints()).isEmpty();
    assertThat(input.readBytes()).isEqualTo(clip.size() * 3L / 4);
  }

  @Test
  void transportStreamMayBeginWithinAPacket() throws Exception {
    Bytes clip = clip(BodyFormat.MPEG_TS, 0);

    assertThat(BodyFormat.of(clip.slice(100, 100 + BodyFormat.DECISIVE_BYTES + 188)))
        .hasValue(BodyFormat.MPEG_TS);
    assertThat(BodyFormat.of(Bytes.owning("GGGG".repeat(40).getBytes(US_ASCII)))).isEmpty();
  }

  @Test
  void whatCameBeforeTheCaptureReadIsRead() throws Exception {
    BodyInput input = input(BodyFormat.MPEG_TS);
    bring(input, clip(BodyFormat.MPEG_TS, 0));
    input.end();

    assertThat(read(input).join()).isEqualTo("the publisher ended the stream");
    assertThat(pictures()).isGreaterThan(PICTURES - 3);
  }

  @Test
  void soundThatStartsLateIsLeftOutAndNoPictureLost() throws Exception {
    Bytes clip = clip(BodyFormat.MPEG_TS, 4);
    BodyInput input = input(BodyFormat.MPEG_TS);
    CompletableFuture<String> end = read(input);

    bring(input, clip);
    input.end();

    assertThat(end.join()).isEqualTo("the publisher ended the stream");
    assertThat(sink.runs).hasSize(1);
    assertThat(sink.runs.get(0).tracks()).extracting(Track::codec).containsExactly(Codec.H264);
    assertThat(pictures()).isGreaterThan(140);
  }

  @Test
  void publisherWhoLeavesIsTold() throws Exception {
    BodyInput input = input(BodyFormat.MATROSKA);
    CompletableFuture<String> end = read(input);
    Bytes clip = clip(BodyFormat.MATROSKA, 0);
    bring(input, clip.slice(0, clip.size() / 2));
    Awaitility.await().atMost(LIMIT).until(() -> pictures() > 5);

    input.abandon("the publisher left");

    assertThat(end.join()).isEqualTo("the publisher left");
    assertThat(ending(input)).isEqualTo(new Ending(How.LEFT, "the publisher left"));
  }

  @Test
  void bodyWithoutAPictureSaysWhy() throws Exception {
    BodyInput input = input(BodyFormat.MATROSKA);
    CompletableFuture<String> end = read(input);

    bring(input, Bytes.owning(new byte[20_000]));
    input.end();

    assertThat(end.join()).isNotBlank();
    assertThat(ending(input).how()).isEqualTo(How.UNREADABLE);
    assertThat(ending(input).words()).isNotBlank();
  }

  @Test
  void closeEndsItAndNothingMoreIsWanted() throws Exception {
    BodyInput input = input(BodyFormat.MPEG_TS);
    CompletableFuture<String> end = read(input);
    Bytes clip = clip(BodyFormat.MPEG_TS, 0);
    bring(input, clip);
    Awaitility.await().atMost(LIMIT).until(() -> pictures() > 5);

    input.close();
    input.close();

    assertThat(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    assertThat(ending(input).how()).isEqualTo(How.CLOSED);
    assertThat(input.bring(clip)).isFalse();
  }

  /** Brings until that is enough; what is to happen then goes on by {@code goOn}. */
  private static void fill(BodyInput input, Runnable goOn) {
    while (!input.isFull(goOn)) {
      assertThat(input.bring(Bytes.owning(new byte[1 << 20]))).isTrue();
    }
  }

  @Test
  void whoBringsMoreThanIsReadIsToldWhenThereIsRoomAndNeverWaits() throws Exception {
    BodyInput input = input(BodyFormat.MPEG_TS);
    CompletableFuture<Void> room = new CompletableFuture<>();
    fill(input, () -> room.complete(null));
    assertThat(room).isNotDone();

    CompletableFuture<String> end = read(input); // ffmpeg takes it, be it of no use

    assertThat(room).succeedsWithin(LIMIT);
    input.end();
    assertThat(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotBlank();
  }

  @Test
  void closeLetsAPublisherGoOnWhomNobodyReads() {
    BodyInput input = input(BodyFormat.MPEG_TS);
    CompletableFuture<Void> room = new CompletableFuture<>();
    fill(input, () -> room.complete(null));

    input.close();

    assertThat(room).isDone();
    assertThat(input.bring(Bytes.owning(new byte[1]))).isFalse();
    assertThat(input.isFull(() -> {})).isFalse();
  }
}
