package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Source.Folder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mode of a folder in which it is watched. */
@Timeout(60)
class FolderWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static Bytes small;
  private static Bytes white;
  private static Bytes black;
  private static Bytes large;

  @TempDir private Path temporary;
  private Path folder;
  private FolderInput input;

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void makePictures(@TempDir Path made) throws IOException {
    small = TestPictures.make(made, "jpg", "testsrc2=size=64x48");
    white = TestPictures.make(made, "jpg", "color=color=white:size=64x48");
    black = TestPictures.make(made, "jpg", "color=color=black:size=64x48");
    large = TestPictures.make(made, "jpg", "testsrc2=size=128x96");
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("garden"));
    input = new FolderInput(new Folder(folder, 25, Folder.Mode.WATCH), () -> 1234);
  }

  @AfterEach
  void close() {
    input.close();
  }

  /** Reads on a thread of its own; how it ended: a message, or nothing. */
  private CompletableFuture<String> read() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            input.read(sink);
            return "";
          } catch (IOException e) {
            return e.getMessage();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        task -> Ffmpeg.daemon("reader", task).start());
  }

  private void put(String name, Bytes picture) throws IOException {
    Files.write(folder.resolve(name), picture.toArray());
  }

  private void putAtOnce(String name, Bytes picture) throws IOException {
    Path written = Files.write(temporary.resolve("written"), picture.toArray());
    Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What was shown, repetitions left out. */
  private List<Bytes> shown() {
    List<Bytes> all = new ArrayList<>();
    for (Packet packet : sink.packets) {
      if (all.isEmpty() || !all.get(all.size() - 1).equals(packet.data())) {
        all.add(packet.data());
      }
    }
    return all;
  }

  private void awaitShown(Bytes... pictures) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(shown()).containsExactly(pictures));
  }

  @Test
  void newestPictureIsShownFirstAndOlderOnesNever() throws Exception {
    put("b.jpg", small);
    put("a.jpg", white);
    FileTime old = FileTime.from(Instant.now().minusSeconds(60));
    Files.setLastModifiedTime(folder.resolve("b.jpg"), old);

    CompletableFuture<String> end = read();
    awaitShown(white);
    Awaitility.await().atMost(LIMIT).until(() -> sink.packets.size() >= 3); // repeated

    assertThat(shown()).containsExactly(white);
    long step = sink.packets.get(2).ptsMicros() - sink.packets.get(1).ptsMicros();
    assertThat(step).isBetween(900_000L, 1_500_000L);
    input.close();
    assertThat(end.join()).isEmpty();
  }

  @Test
  void addedAndReplacedPicturesAreShownWithinAMoment() throws Exception {
    put("a.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    long begin = System.nanoTime();
    putAtOnce("a.jpg", white);
    awaitShown(small, white);
    long replaced = System.nanoTime();
    put("b.jpg", black);
    awaitShown(small, white, black);
    long added = System.nanoTime();

    assertThat(Duration.ofNanos(replaced - begin)).isLessThan(Duration.ofMillis(300));
    assertThat(Duration.ofNanos(added - replaced)).isLessThan(Duration.ofMillis(300));
    assertThat(end).isNotDone();
  }

  @Test
  void halfWrittenPictureIsWaitedFor() throws Exception {
    put("a.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    int half = white.size() / 2;
    try (OutputStream out = Files.newOutputStream(folder.resolve("b.jpg"))) {
      white.slice(0, half).writeTo(out);
      out.flush();
      int before = sink.packets.size();
      Awaitility.await().atMost(LIMIT).until(() -> sink.packets.size() >= before + 1);
      assertThat(shown()).containsExactly(small);
      white.slice(half, white.size()).writeTo(out);
    }

    awaitShown(small, white);
    assertThat(end).isNotDone();
  }

  @Test
  void manyPicturesComeInOrderEachOnce() throws Exception {
    put("0.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    Bytes[] expected = new Bytes[21];
    expected[0] = small;
    for (int i = 1; i <= 20; i++) {
      Bytes picture = i % 2 == 0 ? small : white;
      putAtOnce("current.jpg", picture);
      expected[i] = picture;
      int count = i + 1;
      Awaitility.await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> shown().size() >= count);
    }

    awaitShown(expected);
    assertThat(end).isNotDone();
  }

  @Test
  void deletedAndBrokenFilesDoNoHarm() throws Exception {
    put("a.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    Files.delete(folder.resolve("a.jpg"));
    put("b.jpg", Bytes.of(1, 2, 3));
    put("notes.txt", white);
    Files.createDirectory(folder.resolve("c.jpg"));
    put("a.jpg", white); // again

    awaitShown(small, white);
    assertThat(end).isNotDone();
  }

  @Test
  void pictureOfAnotherSizeBeginsARun() throws Exception {
    put("a.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    putAtOnce("a.jpg", large);

    awaitShown(small, large);
    assertThat(sink.runs).hasSize(2);
    assertThat(end).isNotDone();
  }

  @Test
  void linkOutOfTheFolderIsNotShown() throws Exception {
    Path outside = Files.write(temporary.resolve("outside.jpg"), black.toArray());
    put("a.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    Files.createSymbolicLink(folder.resolve("b.jpg"), outside);
    put("c.jpg", white);

    awaitShown(small, white);
    assertThat(end).isNotDone();
  }

  @Test
  void emptyFolderIsWaitedFor() throws Exception {
    CompletableFuture<String> end = read();
    put("a.jpg", small);

    awaitShown(small);
    assertThat(end).isNotDone();
  }

  @Test
  void folderThatStaysEmptyIsTold() {
    assertThat(read().join()).isEqualTo("no JPEG, PNG, GIF or WebP picture in folder garden");
  }

  @Test
  void folderThatDisappearsIsTold() throws Exception {
    put("a.jpg", small);
    CompletableFuture<String> end = read();
    awaitShown(small);

    Files.move(folder, temporary.resolve("elsewhere"));

    assertThat(end.join()).isEqualTo("the folder is gone: garden");
  }

  @Test
  void missingFolderFailsByName() throws Exception {
    Files.delete(folder);

    assertThat(read().join()).isEqualTo("no such folder in the media folder: garden");
  }
}
