package dev.zoetrope.capture;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A camera at this machine that Video4Linux knows. Immutable.
 *
 * @param name as its driver calls it
 * @param forms how it can deliver pictures
 */
public record VideoDevice(Path device, String name, List<Form> forms) {

  /**
   * One way to deliver pictures.
   *
   * @param name ffmpeg's name: {@code mjpeg}, {@code h264}, {@code yuyv422}
   * @param isCompressed whether it can be copied, rather than encoded
   * @param sizes such as {@code 640x480}; a range as ffmpeg writes it, {@code {32-2592, 2}x{…}}
   */
  public record Form(String name, boolean isCompressed, List<String> sizes) {
    public Form {
      Objects.requireNonNull(name, "name");
      sizes = List.copyOf(sizes);
    }

    /** Whether it has pictures of this size; a range counts as yes: the driver decides. */
    boolean has(int width, int height) {
      return sizes.contains(width + "x" + height)
          || sizes.stream().anyMatch(size -> size.startsWith("{"));
    }
  }

  public VideoDevice {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(name, "name");
    forms = List.copyOf(forms);
  }
}
