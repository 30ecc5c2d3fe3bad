package dev.zoetrope.capture;

import dev.zoetrope.media.Source.Webcam;
import dev.zoetrope.media.Source.Webcam.Pixels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cameras and displays of this machine, looked for at each call, which takes some seconds at
 * most for each device. Thread-safe.
 */
public final class Devices {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** {@code Compressed: mjpeg : Motion-JPEG : 640x480 1280x720}. */
  private static final Pattern FORM =
      Pattern.compile("(Raw|Compressed)\\s*:\\s*(\\w+) :([^:]*):(?: Emulated :)?(.*)");

  private static final Pattern SIZE = Pattern.compile("\\{[^}]*\\}x\\{[^}]*\\}|[0-9]+x[0-9]+");

  /** {@code 0 : imx708 [4608x2592 10-bit RGGB] (/base/soc/i2c0mux/i2c@1/imx708@1a)}. */
  private static final Pattern CAMERA = Pattern.compile("([0-9]{1,3}) : (\\S+) \\[(\\d+x\\d+).*");

  private final Ffmpeg ffmpeg;
  private final Path root;
  private final String path;

  /** Those of this machine. */
  public Devices(Ffmpeg ffmpeg) {
    this(ffmpeg, Path.of("/"), System.getenv().getOrDefault("PATH", ""));
  }

  /**
   * @param root with {@code dev}, {@code sys} and {@code tmp}
   * @param path where the programs of cameras are
   */
  Devices(Ffmpeg ffmpeg, Path root, String path) {
    this.ffmpeg = ffmpeg;
    this.root = root;
    this.path = path;
  }

  /**
   * A Raspberry Pi's camera.
   *
   * @param number as its program counts, from 0
   * @param model of the sensor: {@code imx708}
   * @param size of the sensor in pixels: {@code 4608x2592}
   */
  public record FoundPiCamera(int number, String model, String size) {}

  /** Cameras that Video4Linux knows, those left out that deliver no pictures. */
  public List<VideoDevice> webcams() throws IOException {
    List<VideoDevice> found = new ArrayList<>();
    for (Path device : list(root.resolve("dev"), "video")) {
      List<VideoDevice.Form> forms;
      try {
        forms = forms(device);
      } catch (IOException e) {
        continue; // it has none, or is not ours to open
      }
      Path name = root.resolve("sys/class/video4linux").resolve(device.getFileName());
      found.add(new VideoDevice(device, read(name.resolve("name")).orElse(""), forms));
    }
    return found;
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty(); // a device without a name
    }
  }

  private static List<Path> list(Path folder, String prefix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches(prefix + "[0-9]+"))
          .sorted(
              Comparator.comparing(file -> file.getFileName().toString(), NaturalOrder.INSTANCE))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private List<VideoDevice.Form> forms(Path device) throws IOException {
    List<String> lines =
        ffmpeg
            .children()
            .ask(ffmpeg.program(), CaptureCommand.webcamFormats(device), LIMIT)
            .lines();
    List<VideoDevice.Form> forms = forms(lines);
    if (forms.isEmpty()) {
      throw new IOException(StderrTail.lastOf(lines).orElse(device + " delivers no pictures"));
    }
    return forms;
  }

  /** What ffmpeg's {@code -list_formats all} says. */
  static List<VideoDevice.Form> forms(List<String> lines) {
    List<VideoDevice.Form> forms = new ArrayList<>();
    for (String line : lines) {
      Matcher form = FORM.matcher(line);
      if (form.find()) {
        List<String> sizes =
            SIZE.matcher(form.group(4)).results().map(match -> match.group()).toList();
        forms.add(new VideoDevice.Form(form.group(2), form.group(1).equals("Compressed"), sizes));
      }
    }
    return forms;
  }

  /**
   * How a camera is best asked to deliver: H.264 if it has it at this size, else MJPEG, else raw.
   *
   * @throws IOException if it cannot be asked; the message says why, for people
   */
  Pixels best(Webcam webcam) throws IOException {
    List<VideoDevice.Form> forms = forms(webcam.device());
    for (Pixels wanted : List.of(Pixels.H264, Pixels.MJPEG)) {
      String name = wanted == Pixels.H264 ? "h264" : "mjpeg";
      if (forms.stream()
          .anyMatch(
              form -> form.name().equals(name) && form.has(webcam.width(), webcam.height()))) {
        return wanted;
      }
    }
    return Pixels.RAW;
  }

  /** Cameras of a Raspberry Pi; empty also where no program for them is. */
  public List<FoundPiCamera> piCameras() throws IOException {
    Optional<Path> program = PiCameraInput.program(path);
    if (program.isEmpty() || program.get().endsWith("raspivid")) { // which cannot tell
      return List.of();
    }
    return piCameras(
        ffmpeg.children().ask(program.get(), List.of("--list-cameras"), LIMIT).lines());
  }

  static List<FoundPiCamera> piCameras(List<String> lines) {
    return lines.stream()
        .map(CAMERA::matcher)
        .filter(Matcher::matches)
        .map(
            camera ->
                new FoundPiCamera(
                    Integer.parseInt(camera.group(1)), camera.group(2), camera.group(3)))
        .toList();
  }

  /** X displays of this machine: {@code :0}. */
  public List<String> displays() throws IOException {
    return list(root.resolve("tmp/.X11-unix"), "X").stream()
        .map(socket -> ":" + socket.getFileName().toString().substring(1))
        .toList();
  }
}
