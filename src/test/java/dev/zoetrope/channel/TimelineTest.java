package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Incident;
import dev.zoetrope.capture.Incident.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {
  /** Some of them meet the race. */
  private static final int ROUNDS = 300;

  @TempDir private Path folder;

  private Timeline open() {
    return new Timeline(Optional.of(file()), Runnable::run);
  }

  private Path file() {
    return folder.resolve("gate.log");
  }

  private static Incident incident(int second, String text) {
    return new Incident(Instant.ofEpochSecond(second), Kind.LOST, text);
  }

  @Test
  void incidentsAreKeptAcrossRestarts() {
    Timeline timeline = open();
    timeline.add(incident(1, "one"));
    timeline.add(incident(2, ""));

    assertThat(open().incidents()).containsExactly(incident(1, "one"), incident(2, ""));
  }

  @Test
  void anyTextComesBackAsItWas() {
    String text = "tab\there, line\nhere, back\\slash, \"quotes\", ünïcode";
    open().add(incident(1, text));

    assertThat(open().incidents()).containsExactly(incident(1, text));
  }

  @Test
  void theLastTwoHundredAreKeptAndTheFileStaysSmall() throws IOException {
    Timeline timeline = open();
    for (int i = 0; i < 1000; i++) {
      timeline.add(incident(i, "x"));
    }

    assertThat(timeline.incidents()).hasSize(Timeline.MOST).endsWith(incident(999, "x"));
    assertThat(open().incidents()).isEqualTo(timeline.incidents());
    assertThat(Files.readAllLines(file())).hasSizeLessThanOrEqualTo(2 * Timeline.MOST + 1);
  }

  @Test
  void fileCutOffAnywhereLosesTheCutLineOnlyAndGoesOn() throws IOException {
    Timeline timeline = open();
    timeline.add(incident(1, "first"));
    int whole = (int) Files.size(file());
    timeline.add(incident(2, "second"));
    byte[] bytes = Files.readAllBytes(file());

    for (int length = whole; length < bytes.length; length++) {
      Files.write(file(), Arrays.copyOf(bytes, length));
      open().add(incident(3, "third"));

      assertThat(open().incidents()).containsExactly(incident(1, "first"), incident(3, "third"));
    }
  }

  @Test
  void fileThatCannotBeWrittenIsHarmless() throws IOException {
    Files.createDirectory(file()); // a folder stands where the file should
    Timeline timeline = open();

    timeline.add(incident(1, "one"));
    timeline.add(incident(2, "two"));

    assertThat(timeline.incidents()).hasSize(2);
  }

  @Test
  void withoutAFileItIsKeptInMemory() {
    Timeline timeline = new Timeline(Optional.empty(), Runnable::run);

    timeline.add(incident(1, "one"));

    assertThat(timeline.incidents()).isEqualTo(List.of(incident(1, "one")));
  }

  @Test
  void whatComesWhileTheFileIsWrittenAnewIsThereOnce() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    for (int round = 0; round < ROUNDS; round++) {
      Files.deleteIfExists(file());
      Timeline timeline = new Timeline(Optional.of(file()), later -> {});
      add(timeline, 0, 3 * Timeline.MOST);
      CompletableFuture<Void> adding =
          CompletableFuture.runAsync(
              () -> {
                await(start);
                add(timeline, 3 * Timeline.MOST, 50);
              });

      await(start);
      timeline.write();
      adding.get(20, TimeUnit.SECONDS);
      timeline.write();

      assertThat(open().incidents()).isEqualTo(timeline.incidents());
    }
  }

  private static void add(Timeline timeline, int first, int count) {
    for (int i = first; i < first + count; i++) {
      timeline.add(incident(i, "x"));
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenAtTheEnd() throws IOException {
    Files.createDirectory(file()); // a folder stands where the file should
    Timeline timeline = open();
    timeline.add(incident(1, "one"));
    timeline.add(incident(2, "two"));
    Files.delete(file());

    timeline.write();

    assertThat(open().incidents()).containsExactly(incident(1, "one"), incident(2, "two"));
  }

  @Test
  void cutWithinACharacterLosesThatLineOnly() throws IOException {
    Timeline timeline = open();
    timeline.add(incident(1, "first"));
    timeline.add(incident(2, "\u00fc"));
    byte[] bytes = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(bytes, bytes.length - 3)); // "\t." and half of it

    assertThat(open().incidents()).containsExactly(incident(1, "first"));
  }

  @Test
  void halfACharacterKeepsNoOtherIncidentFromTheFile() {
    Timeline timeline = open();
    timeline.add(incident(1, "\ud83d"));
    timeline.add(incident(2, "two"));

    assertThat(open().incidents()).containsExactly(incident(1, "?"), incident(2, "two"));
  }
}
