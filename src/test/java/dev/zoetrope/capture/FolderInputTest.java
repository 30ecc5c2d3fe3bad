package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.format.JpegHeader;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderInputTest {
  private static final int LIMIT_SECONDS = 20;
  private static final int FPS = 50;

  private static Bytes small;
  private static Bytes white;
  private static Bytes large;

  @TempDir private Path folder;
  @TempDir private Path elsewhere;

  @BeforeAll
  static void makePictures(@TempDir Path made) throws IOException {
    small = jpeg(made, "testsrc2=size=64x48");
    white = jpeg(made, "color=color=white:size=64x48");
    large = jpeg(made, "testsrc2=size=128x96");
  }

  private static Bytes jpeg(Path made, String pattern) throws IOException {
    return TestPictures.make(made, "jpg", pattern);
  }

  private void put(String name, Bytes picture) throws IOException {
    Files.write(folder.resolve(name), picture.toArray());
  }

  /** Takes so many packets, then closes the input. */
  private static final class Taking implements Sink<Packet> {
    final List<Run> runs = new ArrayList<>();
    final List<Packet> packets = new ArrayList<>();
    final FolderInput input;
    private final int most;
    private Path afterFirst; // renamed to in2.jpg when the first packet has come

    Taking(Path folder, int most) {
      this.most = most;
      input = new FolderInput(new Folder(folder, FPS, Folder.Mode.LOOP), () -> 1234);
    }

    static Taking of(Path folder, int most) throws IOException, InterruptedException {
      Taking taking = new Taking(folder, most);
      taking.input.read(taking);
      return taking;
    }

    @Override
    public void begin(Run run) {
      runs.add(run);
    }

    @Override
    public void accept(Packet packet) {
      assertThat(packet.track()).isSameAs(runs.get(runs.size() - 1).tracks().get(0));
      packets.add(packet);
      if (packets.size() == 1 && afterFirst != null) {
        assertThat(afterFirst.toFile().renameTo(afterFirst.resolveSibling("in2.jpg").toFile()))
            .isTrue();
      }
      if (packets.size() == most) {
        input.close();
      }
    }

    List<Bytes> data() {
      return packets.stream().map(Packet::data).toList();
    }
  }

  /** Reads on a thread of its own. */
  private static final class Reading implements Sink<Packet> {
    final Thread thread;
    private final CountDownLatch shown;
    final AtomicInteger packets = new AtomicInteger();
    private final AtomicReference<String> end = new AtomicReference<>("still reading");

    Reading(FolderInput input, CountDownLatch shown) {
      this.shown = shown;
      thread = new Thread(() -> read(input), "reader");
      thread.start();
    }

    private void read(FolderInput input) {
      try {
        input.read(this);
        end.set("returned");
      } catch (IOException e) {
        end.set(e.getMessage());
      } catch (InterruptedException e) {
        end.set("interrupted");
      }
    }

    @Override
    public void begin(Run run) {
      assertThat(run.number()).isZero();
    }

    @Override
    public void accept(Packet packet) {
      packets.incrementAndGet();
      shown.countDown();
    }

    String end() throws InterruptedException {
      thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
      return end.get();
    }
  }

  @Test
  void picturesComeUntouchedInNaturalOrderAgainAndAgain() throws Exception {
    put("in10.jpg", white);
    put("in2.JPEG", small);
    put("notes.txt", small);

    Taking taken = Taking.of(folder, 5);

    assertThat(taken.data()).containsExactly(small, white, small, white, small);
    assertThat(taken.runs).hasSize(1);
  }

  @Test
  void packetsAreKeyframesOfAPictureTrackAsLargeAsTheFile() throws Exception {
    put("in1.jpg", small);

    Packet packet = Taking.of(folder, 1).packets.get(0);

    assertThat(packet.isKeyframe()).isTrue();
    assertThat(packet.captureMicros()).isEqualTo(1234);
    assertThat(packet.track().codec()).isEqualTo(Codec.MJPEG);
    assertThat(packet.track().width()).isEqualTo(64);
    assertThat(packet.track().height()).isEqualTo(48);
  }

  @Test
  void picturesComeAtTheRateOfTheFolder() throws Exception {
    put("in1.jpg", small);
    long start = System.nanoTime();

    Taking taken = Taking.of(folder, FPS / 2);

    long millis = (System.nanoTime() - start) / 1_000_000;
    assertThat(millis).isGreaterThanOrEqualTo((FPS / 2 - 1) * 1000L / FPS);
    long[] pts = taken.packets.stream().mapToLong(Packet::ptsMicros).toArray();
    assertThat(pts[0]).isZero();
    assertThat(pts).isSorted();
    for (int i = 1; i < pts.length; i++) {
      assertThat(pts[i] - pts[i - 1]).isGreaterThanOrEqualTo(1_000_000 / FPS);
    }
  }

  @Test
  void pictureOfAnotherSizeBeginsARun() throws Exception {
    put("in1.jpg", small);
    put("in2.jpg", white);
    put("in3.jpg", large);

    Taking taken = Taking.of(folder, 4);

    assertThat(taken.data()).containsExactly(small, white, large, small);
    assertThat(taken.runs).extracting(Run::number).containsExactly(0, 1, 2);
    assertThat(taken.runs.get(1).tracks().get(0).width()).isEqualTo(128);
  }

  @Test
  void pictureAddedMeanwhileIsShownInTheNextRound() throws Exception {
    put("in1.jpg", small);
    Taking taking = new Taking(folder, 3);
    taking.afterFirst = Files.write(folder.resolve("later.part"), white.toArray());
    taking.input.read(taking);

    assertThat(taking.data()).containsExactly(small, small, white);
  }

  @Test
  void brokenFilesArePassedOver() throws Exception {
    put("in1.jpg", small);
    put("in2.jpg", Bytes.EMPTY);
    put("in3.jpg", Bytes.of(1, 2, 3, 4, 5, 6));
    put("in4.jpg", small.slice(0, 20));
    put("in5.jpg", small.slice(0, small.size() - 40)); // half written, after its header
    Files.createDirectory(folder.resolve("in6.jpg"));
    put("in7.jpg", white);

    Taking taken = Taking.of(folder, 3);

    assertThat(taken.data()).containsExactly(small, white, small);
  }

  @Test
  void bytesAfterTheEndOfAPictureAreNoFault() throws Exception {
    Bytes padded = Bytes.concat(small, Bytes.of(0, 0, 0));
    put("in1.jpg", padded);

    assertThat(Taking.of(folder, 1).data()).containsExactly(padded);
  }

  @Test
  void folderWithoutAUsablePictureFailsByName() throws Exception {
    Path named = Files.createDirectory(folder.resolve("garden"));

    assertThatThrownBy(() -> Taking.of(named, 1))
        .isInstanceOf(IOException.class)
        .hasMessage("no JPEG, PNG, GIF or WebP picture in folder garden");
    Files.write(named.resolve("in1.jpg"), new byte[100]);
    assertThatThrownBy(() -> Taking.of(named, 1))
        .isInstanceOf(IOException.class)
        .hasMessage("no JPEG, PNG, GIF or WebP picture in folder garden");
  }

  @Test
  void missingFolderFailsByName() {
    assertThatThrownBy(() -> Taking.of(folder.resolve("garden"), 1))
        .isInstanceOf(IOException.class)
        .hasMessage("no such folder in the media folder: garden");
  }

  @Test
  void fileInPlaceOfAFolderFailsByName() throws Exception {
    put("garden", small);

    assertThatThrownBy(() -> Taking.of(folder.resolve("garden"), 1))
        .isInstanceOf(IOException.class)
        .hasMessage("not a folder: garden");
  }

  @Test
  void closeEndsTheWaitForTheNextPicture() throws Exception {
    put("in1.jpg", small);
    FolderInput input = new FolderInput(new Folder(folder, 1, Folder.Mode.LOOP), () -> 0);
    CountDownLatch shown = new CountDownLatch(1);
    Reading reading = new Reading(input, shown);

    assertThat(shown.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    input.close();
    input.close();

    assertThat(reading.end()).isEqualTo("returned");
    assertThat(reading.packets.get()).isEqualTo(1); // it did not wait for the next
  }

  @Test
  void interruptEndsTheWaitForTheNextPicture() throws Exception {
    put("in1.jpg", small);
    FolderInput input = new FolderInput(new Folder(folder, 1, Folder.Mode.LOOP), () -> 0);
    CountDownLatch shown = new CountDownLatch(1);
    Reading reading = new Reading(input, shown);

    assertThat(shown.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    reading.thread.interrupt();

    assertThat(reading.end()).isEqualTo("interrupted");
  }

  @Test
  void closedInputShowsNothing() throws Exception {
    put("in1.jpg", small);
    Taking taking = new Taking(folder, 1);

    taking.input.close();
    taking.input.read(taking);

    assertThat(taking.packets).isEmpty();
  }

  @Test
  void picturesOfOtherFormsAreShownAsJpeg() throws Exception {
    Files.write(folder.resolve("in1.png"), made("png"));
    Files.write(folder.resolve("in2.gif"), made("gif"));
    Files.write(folder.resolve("in3.WEBP"), made("webp"));

    Taking taken = Taking.of(folder, 3);

    assertThat(taken.runs).hasSize(1);
    assertThat(taken.data())
        .allSatisfy(data -> assertThat(JpegHeader.of(data).width()).isEqualTo(64));
  }

  private byte[] made(String form) throws IOException {
    return TestPictures.make(elsewhere, form, "testsrc2=size=64x48").toArray();
  }
}
