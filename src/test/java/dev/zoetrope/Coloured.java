package dev.zoetrope;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures all red or all blue, made by ffmpeg, and which of them a viewer saw last. */
final class Coloured {
  private Coloured() {}

  /**
   * A picture of 320x180.
   *
   * @param folder where it is made
   * @param suffix the form: {@code .jpg}
   */
  static byte[] picture(Path folder, String suffix, String colour) throws IOException {
    Path file = Files.createTempFile(folder, "picture", suffix);
    String input = "color=color=" + colour + ":size=320x180";
    Program.run(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        input,
        "-frames:v",
        "1",
        file.toString());
    return Files.readAllBytes(file);
  }

  /**
   * Whether the last whole picture of {@code stream}, an MJPEG, is the red one, or the blue one.
   */
  static boolean isLastOf(byte[] stream, boolean isRed) {
    List<byte[]> parts = MultipartCut.parts(stream);
    try {
      return !parts.isEmpty() && isRed(parts.get(parts.size() - 1)) == isRed;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isRed(byte[] jpeg) throws IOException {
    int rgb = ImageIO.read(new ByteArrayInputStream(jpeg)).getRGB(160, 90);
    return (rgb >> 16 & 0xff) > 150 && (rgb & 0xff) < 100;
  }
}
