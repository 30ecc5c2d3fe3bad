package dev.zoetrope.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class GifPackagerTest {
  private static final int WIDTH = GifClip.WIDTH;
  private static final int HEIGHT = GifClip.HEIGHT;
  private static final Track TRACK = GifClip.track(WIDTH, HEIGHT);
  private static List<Bytes> pictures;

  @BeforeAll
  static void loadClip() {
    pictures = GifClip.load().pictures();
  }

  private static GifRecording record(Track track, List<Bytes> pictures, long bytesPerSecond) {
    GifRecording recording = new GifRecording(bytesPerSecond);
    recording.packager.begin(List.of(track));
    for (int i = 0; i < pictures.size(); i++) {
      recording.packager.accept(GifClip.packet(track, i, pictures.get(i)));
    }
    return recording;
  }

  private static Bytes noise(int width, int height, long seed) {
    byte[] rgb = new byte[width * height * 3];
    new Random(seed).nextBytes(rgb);
    return Bytes.owning(rgb);
  }

  private static Bytes plain(int width, int height, int red, int green, int blue) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return Bytes.owning(rgb);
  }

  private static Bytes rgb(int[] screen) {
    byte[] rgb = new byte[screen.length * 3];
    for (int i = 0; i < screen.length; i++) {
      rgb[3 * i] = (byte) (screen[i] >> 16);
      rgb[3 * i + 1] = (byte) (screen[i] >> 8);
      rgb[3 * i + 2] = (byte) screen[i];
    }
    return Bytes.owning(rgb);
  }

  private static Bytes pixel(Bytes rgb, int pixel) {
    return rgb.slice(3 * pixel, 3 * pixel + 3);
  }

  private static List<Bytes> screens(GifReader reader) {
    List<Bytes> screens = new ArrayList<>();
    for (GifReader.Image image : reader.images) {
      screens.add(image.screen());
    }
    return screens;
  }

  @Test
  void ffmpegSeesExactlyWhatTheEncoderKeepsAsItsCanvas() throws IOException {
    GifEncoder encoder = new GifEncoder(WIDTH, HEIGHT);
    List<Bytes> expected = new ArrayList<>();
    List<Bytes> parts = new ArrayList<>();
    parts.add(GifImage.fileHead(WIDTH, HEIGHT));

    for (Bytes picture : pictures) {
      parts.add(encoder.encode(picture.toArray(), Bytes.EMPTY, 0));
      int[] shown = new int[WIDTH * HEIGHT];
      for (int i = 0; i < shown.length; i++) {
        shown[i] = encoder.shown(i);
      }
      expected.add(rgb(shown));
    }
    Bytes gif = Bytes.concat(parts.toArray(Bytes[]::new));

    assertThat(GifClip.decode(gif, WIDTH, HEIGHT)).isEqualTo(expected);
    assertThat(screens(GifReader.read(gif))).isEqualTo(expected);
  }

  @Test
  void whoeverJoinsAnywhereSeesWhatWatchersSee() {
    GifRecording recording = record(TRACK, pictures, 0);
    List<Bytes> watched = screens(GifReader.read(recording.watch(GifFraming.PLAIN, 0)));

    for (int from = 0; from < pictures.size(); from += 7) {
      GifReader joined = GifReader.read(recording.watch(GifFraming.PLAIN, from));

      assertThat(joined.images.get(0).hasTransparent()).isFalse();
      assertThat(joined.images.get(0).width()).isEqualTo(WIDTH);
      List<Bytes> there = watched.subList(from, watched.size());
      assertThat(GifClip.psnr(there, screens(joined))).isGreaterThan(40);
      // The joiner is as near to the true picture as the watchers are, within half a decibel.
      List<Bytes> truth = pictures.subList(from, pictures.size());
      assertThat(GifClip.psnr(truth, screens(joined)))
          .isGreaterThan(GifClip.psnr(truth, there) - 0.5);
    }
  }

  @Test
  void ffmpegReadsAStreamThatWasJoinedInItsMidst() throws IOException {
    GifRecording recording = record(TRACK, pictures.subList(20, 40), 0);

    Bytes gif = recording.watch(GifFraming.STAMPED, 9);

    assertThat(GifClip.decode(gif, WIDTH, HEIGHT)).isEqualTo(screens(GifReader.read(gif)));
  }

  @Test
  void lappedViewerGoesOnWithAFullPictureInTheSameStream() {
    GifRecording recording = record(TRACK, pictures.subList(0, 60), 0);
    Bytes lapped =
        Bytes.concat(
            recording.runs.get(0).init(),
            GifFraming.PLAIN.frame(recording.fragments.get(0), true),
            GifFraming.PLAIN.frame(recording.fragments.get(50), true));

    Bytes screen = GifReader.read(lapped).lastScreen();

    Bytes joined =
        GifReader.read(
                recording.runs.get(0).init(),
                GifFraming.PLAIN.frame(recording.fragments.get(50), true))
            .lastScreen();
    assertThat(screen).isEqualTo(joined);
  }

  @Test
  void unchangedPictureIsOneTransparentPixel() {
    Bytes picture = pictures.get(0);

    GifRecording recording = record(TRACK, List.of(picture, picture), 0);

    GifReader.Image image = GifReader.read(recording.watch(GifFraming.PLAIN, 0)).images.get(1);
    assertThat(image.width()).isEqualTo(1);
    assertThat(image.height()).isEqualTo(1);
    assertThat(image.hasTransparent()).isTrue();
    assertThat(recording.fragments.get(1).bytes().size()).isLessThan(800);
  }

  @Test
  void pictureThatStandsStillIsMadeGoodOnceThenLeftAlone() {
    List<Bytes> still = Collections.nCopies(20, pictures.get(90));

    GifRecording recording = record(TRACK, still, 0);

    List<Bytes> screens = screens(GifReader.read(recording.watch(GifFraming.PLAIN, 0)));
    assertThat(GifClip.psnr(still.subList(0, 1), screens.subList(3, 4)))
        .isGreaterThan(GifClip.psnr(still.subList(0, 1), screens.subList(0, 1)));
    assertThat(recording.fragments.subList(4, 20))
        .allSatisfy(fragment -> assertThat(fragment.bytes().size()).isLessThan(800));
  }

  @Test
  void manyWhoJoinAtOnceShareOneFullPicture() throws Exception {
    GifFragment fragment = record(TRACK, pictures.subList(0, 5), 0).fragments.get(4);
    int viewers = 200;
    CyclicBarrier together = new CyclicBarrier(viewers);
    ExecutorService threads = Executors.newFixedThreadPool(viewers);
    Set<Bytes> given = Collections.newSetFromMap(new IdentityHashMap<>());

    try {
      List<Future<Bytes>> asked = new ArrayList<>();
      for (int i = 0; i < viewers; i++) {
        asked.add(
            threads.submit(
                () -> {
                  together.await();
                  return GifFraming.PLAIN.frame(fragment, true);
                }));
      }
      for (Future<Bytes> answer : asked) {
        given.add(answer.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(given).hasSize(1);
  }

  @Test
  void stampIsACommentWithTheCaptureTimeBeforeEachImage() {
    GifRecording recording = record(TRACK, pictures.subList(0, 3), 0);

    List<GifReader.Image> stamped = GifReader.read(recording.watch(GifFraming.STAMPED, 1)).images;
    List<GifReader.Image> plain = GifReader.read(recording.watch(GifFraming.PLAIN, 1)).images;

    assertThat(stamped.get(0).comment()).isEqualTo("X-Timestamp: 1700000000.223456");
    assertThat(stamped.get(1).comment()).isEqualTo("X-Timestamp: 1700000000.323456");
    assertThat(plain).allSatisfy(image -> assertThat(image.comment()).isEmpty());
    assertThat(stamped.get(1).screen()).isEqualTo(plain.get(1).screen());
  }

  @Test
  void stampKeepsTheZerosOfItsFraction() {
    String stamp = new String(GifImage.stamp(1_700_000_000_000_042L).toArray(), US_ASCII);

    assertThat(stamp).contains("X-Timestamp: 1700000000.000042");
  }

  @Test
  void picturesOfNoiseComeThrough() throws IOException {
    List<Bytes> noisy = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      noisy.add(noise(123, 77, i));
    }

    GifRecording recording = record(GifClip.track(123, 77), noisy, 0);

    Bytes gif = recording.watch(GifFraming.PLAIN, 0);
    GifReader reader = GifReader.read(gif);
    assertThat(reader.images.get(0).longestSubBlock()).isEqualTo(255);
    assertThat(GifClip.decode(gif, 123, 77)).isEqualTo(screens(reader));
    assertThat(GifClip.psnr(noisy, screens(reader))).isGreaterThan(18);
  }

  @Test
  void pictureOfOnePixelKeepsItsColour() {
    List<Bytes> colours = List.of(plain(1, 1, 200, 30, 7), plain(1, 1, 0, 0, 0));

    GifReader reader =
        GifReader.read(record(GifClip.track(1, 1), colours, 0).watch(GifFraming.PLAIN, 0));

    assertThat(reader.images.get(0).screen()).isEqualTo(Bytes.of(200, 30, 7));
    assertThat(reader.images.get(1).screen()).isEqualTo(Bytes.of(0, 0, 0));
  }

  @Test
  void fewColoursAmongManyAndBackAgainDoNotBreakThePalette() {
    List<Bytes> changing = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      changing.add(i % 3 == 0 ? plain(WIDTH, HEIGHT, i, 5, 250 - 8 * i) : pictures.get(3 * i));
    }

    GifReader reader = GifReader.read(record(TRACK, changing, 0).watch(GifFraming.PLAIN, 0));

    assertThat(GifClip.psnr(changing, screens(reader))).isGreaterThan(35);
  }

  @Test
  void budgetIsKeptOverEveryTwoSeconds() {
    for (long budget : new long[] {120_000, 60_000, 30_000}) {
      GifRecording recording = record(TRACK, pictures, budget);

      int largest = 0;
      for (int i = 0; i < recording.fragments.size(); i++) {
        long sum = 0;
        long from = recording.fragments.get(i).ptsMicros();
        for (GifFragment fragment : recording.fragments.subList(i, recording.fragments.size())) {
          if (fragment.ptsMicros() < from + 2_000_000) {
            sum += fragment.bytes().size();
          }
        }
        largest = Math.max(largest, recording.fragments.get(i).bytes().size());
        // A cut may exceed what was expected, by less than that one picture.
        assertThat(sum).isLessThan(2 * budget + largest);
      }
      long all = recording.fragments.stream().mapToLong(f -> f.bytes().size()).sum();
      assertThat(all).isLessThanOrEqualTo(budget * pictures.size() / GifClip.FPS);
      assertThat(recording.fragments.size() + recording.packager.leftOut())
          .isEqualTo(pictures.size());
      assertThat(recording.fragments).hasSizeGreaterThan(10);
    }
  }

  @Test
  void generousBudgetChangesNothing() {
    Bytes free = record(TRACK, pictures, 0).watch(GifFraming.PLAIN, 0);

    GifRecording budgeted = record(TRACK, pictures, 10_000_000);

    assertThat(budgeted.watch(GifFraming.PLAIN, 0)).isEqualTo(free);
    assertThat(budgeted.packager.leftOut()).isZero();
  }

  @Test
  void anotherSizeIsPaddedIntoTheFirstAndTheRunGoesOn() {
    GifRecording recording = record(TRACK, pictures.subList(0, 3), 0);
    Track square = GifClip.track(400, 400);
    Bytes red = plain(400, 400, 220, 20, 20);

    recording.packager.begin(List.of(square));
    recording.packager.accept(GifClip.packet(square, 0, red));

    assertThat(recording.runs).hasSize(1);
    Bytes screen = GifReader.read(recording.watch(GifFraming.PLAIN, 0)).lastScreen();
    int row = 90 * WIDTH;
    assertThat(pixel(screen, row + 69)).isEqualTo(Bytes.of(0, 0, 0));
    assertThat(pixel(screen, row + 70)).isEqualTo(Bytes.of(220, 20, 20));
    assertThat(pixel(screen, row + 249)).isEqualTo(Bytes.of(220, 20, 20));
    assertThat(pixel(screen, row + 250)).isEqualTo(Bytes.of(0, 0, 0));
  }

  @Test
  void clockGoesOnWhereAnotherBeginStartsItAnew() {
    GifRecording recording = record(TRACK, pictures.subList(0, 3), 0);
    long captured = recording.fragments.get(2).captureMicros() + 700_000;

    recording.packager.begin(List.of(TRACK));
    recording.packager.accept(new Packet(TRACK, 0, 0, true, captured, pictures.get(3)));
    recording.packager.accept(
        new Packet(TRACK, 100_000, 100_000, true, captured + 100_000, pictures.get(4)));

    assertThat(recording.fragments.stream().map(GifFragment::ptsMicros))
        .containsExactly(0L, 100_000L, 200_000L, 900_000L, 1_000_000L);
  }

  @Test
  void packetsOfTheWrongSizeOrWithoutATrackAreLeftOutAndCounted() {
    GifRecording recording = new GifRecording(0);
    recording.packager.accept(GifClip.packet(TRACK, 0, pictures.get(0)));
    recording.packager.begin(
        List.of(Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, WIDTH, HEIGHT)));
    recording.packager.accept(GifClip.packet(TRACK, 0, pictures.get(0)));
    recording.packager.begin(List.of(TRACK));

    recording.packager.accept(GifClip.packet(TRACK, 0, pictures.get(0).slice(0, 100)));
    recording.packager.accept(GifClip.packet(TRACK, 0, pictures.get(0)));

    assertThat(recording.packager.malformed()).isEqualTo(3);
    assertThat(recording.fragments).hasSize(1);
  }

  @Test
  void fragmentCountsItsImageAndItsCanvas() {
    GifRecording recording = record(TRACK, pictures.subList(0, 2), 0);

    GifFragment second = recording.fragments.get(1);

    assertThat(second.size()).isEqualTo(second.stampedBytes().size() + WIDTH * HEIGHT);
    assertThat(second.isJoinPoint()).isTrue();
  }
}
