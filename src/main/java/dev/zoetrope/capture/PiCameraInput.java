package dev.zoetrope.capture;

import dev.zoetrope.format.H264Reader;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.PiCamera;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Packets from the program of a Raspberry Pi's camera, which writes H.264 on stdout. */
final class PiCameraInput implements Input {
  /** The newest first. */
  static final List<String> PROGRAMS = List.of("rpicam-vid", "libcamera-vid", "raspivid");

  private static final Path VIDEO_DEVICES = Path.of("/sys/class/video4linux");

  private final ChildProcess process;
  private final H264Reader reader;
  private volatile boolean closed;

  /**
   * @param path folders with programs, as in the environment's PATH
   * @param name of the source, for threads
   */
  PiCameraInput(
      Children children,
      String path,
      PiCamera camera,
      String name,
      ProcessLimits limits,
      LongSupplier wallMicros)
      throws IOException {
    Path program =
        program(path)
            .orElseThrow(
                () ->
                    new IOException(
                        "no program for the camera found: expected one of "
                            + String.join(", ", PROGRAMS)));
    List<String> arguments = arguments(program, camera, hasSoftwareEncoder());
    process = new ChildProcess(children, program, arguments, name, limits);
    try {
      process.stdin().close();
    } catch (IOException e) {
      process.close();
      throw e;
    }
    reader = new H264Reader(camera.fps(), System::nanoTime, wallMicros);
  }

  static Optional<Path> program(String path) {
    return PROGRAMS.stream().flatMap(name -> Children.find(path, name).stream()).findFirst();
  }

  /** Whether this is a Pi 5, which has no encoder of its own: libav makes the H.264 there. */
  private static boolean hasSoftwareEncoder() {
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(VIDEO_DEVICES)) {
      for (Path device : devices) {
        if (Files.readString(device.resolve("name")).startsWith("pispbe")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // no video device at all: the program will say so
    }
  }

  /**
   * The program's options. Pure.
   *
   * @param byLibav whether it encodes by libav, which has to be told the format
   */
  static List<String> arguments(Path program, PiCamera camera, boolean byLibav) {
    return String.valueOf(program.getFileName()).equals("raspivid")
        ? raspivid(camera)
        : rpicamVid(camera, byLibav);
  }

  private static List<String> rpicamVid(PiCamera camera, boolean byLibav) {
    List<String> args = new ArrayList<>(List.of("--timeout", "0", "--nopreview", "--flush"));
    args.addAll(List.of("--codec", "h264", "--inline"));
    args.addAll(common("--camera", "--width", "--height", "--framerate", "--bitrate", camera));
    args.addAll(List.of("--intra", keyframeDistance(camera)));
    args.addAll(turned(camera, "--rotation", "--hflip", "--vflip"));
    if (byLibav) {
      args.addAll(List.of("--libav-format", "h264"));
    }
    args.addAll(List.of("--output", "-"));
    return args;
  }

  private static List<String> raspivid(PiCamera camera) {
    List<String> args = new ArrayList<>(List.of("-t", "0", "-n", "-fl", "-cd", "H264", "-ih"));
    args.addAll(common("-cs", "-w", "-h", "-fps", "-b", camera));
    args.addAll(List.of("-g", keyframeDistance(camera)));
    args.addAll(turned(camera, "-rot", "-hf", "-vf"));
    args.addAll(List.of("-o", "-"));
    return args;
  }

  private static List<String> common(
      String number, String width, String height, String fps, String bitrate, PiCamera camera) {
    return List.of(
        number, Integer.toString(camera.camera()),
        width, Integer.toString(camera.width()),
        height, Integer.toString(camera.height()),
        fps, Integer.toString(camera.fps()),
        bitrate, Long.toString(camera.bitsPerSecond()));
  }

  private static String keyframeDistance(PiCamera camera) {
    return Integer.toString(camera.fps() * camera.keyframeSeconds());
  }

  private static List<String> turned(
      PiCamera camera, String rotation, String flipHorizontally, String flipVertically) {
    List<String> args = new ArrayList<>();
    if (camera.rotation() != 0) {
      args.addAll(List.of(rotation, Integer.toString(camera.rotation())));
    }
    if (camera.flipHorizontally()) {
      args.add(flipHorizontally);
    }
    if (camera.flipVertically()) {
      args.add(flipVertically);
    }
    return args;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException {
    String end = "the camera's program ended";
    try {
      reader.read(process.stdout(), sink);
    } catch (IOException e) {
      end = String.valueOf(e.getMessage());
    }
    if (closed) {
      return;
    }
    process.close();
    String lastWords = process.lastWords().orElse(end);
    throw process.excess().isPresent()
        ? new OverLimitException(lastWords)
        : new IOException(lastWords);
  }

  @Override
  public void giveUp() {
    closed = true;
    process.giveUp();
  }

  @Override
  public void close() {
    closed = true;
    process.close();
  }
}
