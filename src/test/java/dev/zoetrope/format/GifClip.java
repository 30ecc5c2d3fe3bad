package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The clip that GIF is measured on, decoded to 320x180, 10 fps: the tree's own, or the one that
 * {@code -Dclip=} names. Also runs ffmpeg.
 */
public final class GifClip {
  public static final int WIDTH = 320;
  public static final int HEIGHT = 180;
  public static final int FPS = 10;
  private static final int MAX_PICTURES = 100;

  private final Path raw;
  private final List<Bytes> pictures;

  private GifClip(Path raw, List<Bytes> pictures) {
    this.raw = raw;
    this.pictures = pictures;
  }

  /** The clip; its raw pictures are left in a file below target/clips. */
  public static GifClip load() {
    Path folder = Path.of("target", "clips");
    String clip = System.getProperty("clip", "");
    if (clip.isBlank()) {
      run("bash", "src/test/clips/gif", folder.toString());
      clip = folder.resolve("gif.mkv").toString();
    }
    try {
      Files.createDirectories(folder);
      Path raw = Files.createTempFile(folder, "gif", ".rgb");
      raw.toFile().deleteOnExit();
      String fit =
          "fps=10,scale=320:180:force_original_aspect_ratio=increase:flags=area,crop=320:180";
      run(
          "ffmpeg",
          "-nostdin",
          "-v",
          "error",
          "-y",
          "-i",
          clip,
          "-vf",
          fit,
          "-frames:v",
          "" + MAX_PICTURES,
          "-pix_fmt",
          "rgb24",
          "-f",
          "rawvideo",
          raw.toString());
      return new GifClip(raw, cut(Files.readAllBytes(raw), WIDTH, HEIGHT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All pictures in one file, one after the other. */
  public Path raw() {
    return raw;
  }

  public List<Bytes> pictures() {
    return pictures;
  }

  /** The pictures of a GIF as ffmpeg reads it, trailer added. */
  public static List<Bytes> decode(Bytes gif, int width, int height) throws IOException {
    Path file = Files.createTempFile("zoetrope", ".gif");
    Path decoded = Files.createTempFile("zoetrope", ".rgb");
    try {
      Files.write(file, Bytes.concat(gif, Bytes.of(0x3b)).toArray());
      run(
          "ffmpeg",
          "-nostdin",
          "-v",
          "error",
          "-y",
          "-ignore_loop",
          "1",
          "-i",
          file.toString(),
          "-fps_mode",
          "passthrough",
          "-pix_fmt",
          "rgb24",
          "-f",
          "rawvideo",
          decoded.toString());
      return cut(Files.readAllBytes(decoded), width, height);
    } finally {
      Files.delete(file);
      Files.delete(decoded);
    }
  }

  /** PSNR in dB over all channels of all pictures. */
  public static double psnr(List<Bytes> pictures, List<Bytes> others) {
    if (pictures.size() != others.size()) {
      throw new AssertionError(pictures.size() + " pictures, and " + others.size());
    }
    double squares = 0;
    long count = 0;
    for (int i = 0; i < pictures.size(); i++) {
      byte[] one = pictures.get(i).toArray();
      byte[] other = others.get(i).toArray();
      for (int k = 0; k < one.length; k++) {
        int difference = (one[k] & 0xff) - (other[k] & 0xff);
        squares += difference * difference;
      }
      count += one.length;
    }
    return 10 * Math.log10(255.0 * 255 * count / squares);
  }

  /** A picture's packet, the {@code number}-th at {@link #FPS}, captured from 1700000000 on. */
  public static Packet packet(Track track, int number, Bytes picture) {
    long pts = number * 1_000_000L / FPS;
    return new Packet(track, pts, pts, true, 1_700_000_000_123_456L + pts, picture);
  }

  /** A track of raw pictures. */
  public static Track track(int width, int height) {
    return Track.video(0, Codec.RGB24, Bytes.EMPTY, Bytes.EMPTY, width, height);
  }

  /** Runs a command to its end; throws what it printed where it fails. */
  static void run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      String printed;
      try (InputStream output = process.getInputStream()) {
        printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(command[0] + " ended with " + status + ": " + printed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static List<Bytes> cut(byte[] raw, int width, int height) {
    Bytes all = Bytes.owning(raw);
    int size = width * height * 3;
    List<Bytes> pictures = new ArrayList<>();
    for (int at = 0; at + size <= raw.length; at += size) {
      pictures.add(all.slice(at, at + size));
    }
    return pictures;
  }
}
