package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What ffmpeg makes of the clip: one palette made from the whole clip beforehand, no dither, only
 * what changed. The palette's making is not counted.
 */
public record FfmpegGif(Bytes bytes, double cpuMillisPerPicture) {
  private static final int RUNS = 3;

  /** Encodes the clip; the CPU time is user and system, the least of some runs. */
  public static FfmpegGif of(GifClip clip) throws IOException {
    Path palette = Files.createTempFile("zoetrope", ".png");
    Path gif = Files.createTempFile("zoetrope", ".gif");
    try {
      String raw = clip.raw().toString();
      String filter = "paletteuse=dither=none:diff_mode=rectangle";
      GifClip.run(
          "ffmpeg",
          "-nostdin",
          "-v",
          "error",
          "-y",
          "-f",
          "rawvideo",
          "-pix_fmt",
          "rgb24",
          "-s",
          "320x180",
          "-r",
          "10",
          "-i",
          raw,
          "-vf",
          "palettegen",
          palette.toString());
      double least = Double.MAX_VALUE;
      for (int i = 0; i < RUNS; i++) {
        Process ffmpeg =
            new ProcessBuilder(
                    "ffmpeg",
                    "-nostdin",
                    "-nostats",
                    "-benchmark",
                    "-y",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "rgb24",
                    "-s",
                    "320x180",
                    "-r",
                    "10",
                    "-i",
                    raw,
                    "-i",
                    palette.toString(),
                    "-lavfi",
                    filter,
                    gif.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(ffmpeg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        least = Math.min(least, seconds(printed, "utime=") + seconds(printed, "stime="));
      }
      return new FfmpegGif(
          Bytes.owning(Files.readAllBytes(gif)), least * 1000 / clip.pictures().size());
    } finally {
      Files.delete(palette);
      Files.delete(gif);
    }
  }

  /** A figure of ffmpeg's line {@code bench: utime=0.195s stime=0.028s rtime=0.249s}. */
  private static double seconds(String printed, String key) {
    int from = printed.indexOf(key);
    if (from < 0) {
      throw new AssertionError("no " + key + " in what ffmpeg printed: " + printed);
    }
    int end = printed.indexOf('s', from + key.length());
    return Double.parseDouble(printed.substring(from + key.length(), end));
  }
}
