package dev.zoetrope.bench.glass;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The number of a frame as a strip along the top of its picture, a ninth of its height: 16 cells, a
 * white one, 14 bits of the number with the lowest first, a black one. Any codec leaves them alone.
 */
final class ClockStrip {
  static final int WIDTH = 640;
  static final int HEIGHT = 360;
  static final int FPS = 25;

  private static final int CELLS = 16;
  private static final int BITS = CELLS - 2;
  private static final int DARK = 80;
  private static final int BRIGHT = 176;

  private ClockStrip() {}

  /** Makes an FLV clip of H.264 with a keyframe a second, in which frame n has the number n. */
  static void makeClip(Path clip, int seconds, boolean hasSound)
      throws IOException, InterruptedException {
    if (seconds * FPS >= (1 << BITS)) {
      throw new IllegalArgumentException("at most " + (1 << BITS) / FPS + " s, got " + seconds);
    }
    String bit = "255*mod(floor(N/pow(2,X-1)),2)";
    String cells = "if(eq(X,0),255,if(eq(X," + (CELLS - 1) + "),0," + bit + "))";
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error"));
    command.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=" + FPS));
    command.addAll(
        List.of("-f", "lavfi", "-i", "nullsrc=size=" + CELLS + "x2:rate=" + FPS + ",format=gray"));
    command.addAll(
        List.of(
            "-filter_complex",
            "[1:v]geq=lum='%s',scale=%d:%d:flags=neighbor[strip];[0:v][strip]overlay"
                .formatted(cells, WIDTH, HEIGHT / 9)));
    if (hasSound) {
      command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"));
      command.addAll(List.of("-map", "2:a", "-c:a", "aac", "-b:a", "64k"));
    }
    command.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"));
    command.addAll(List.of("-g", "" + FPS, "-pix_fmt", "yuv420p"));
    command.addAll(List.of("-t", Integer.toString(seconds), clip.toString()));
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("ffmpeg could not make the clip: " + status);
    }
  }

  /** The number in a picture of the screen whose left upper corner is that of the player. */
  static OptionalInt read(BufferedImage screen) {
    int number = 0;
    for (int i = 0; i < CELLS; i++) {
      int green = (screen.getRGB((2 * i + 1) * WIDTH / CELLS / 2, HEIGHT / 18) >> 8) & 0xff;
      if (green > DARK && green < BRIGHT) {
        return OptionalInt.empty();
      }
      number |= green >= BRIGHT ? 1 << i : 0;
    }
    boolean hasEnds = (number & 1) == 1 && number < (1 << (CELLS - 1));
    return hasEnds ? OptionalInt.of(number >> 1) : OptionalInt.empty();
  }
}
