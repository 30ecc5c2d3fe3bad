package dev.zoetrope.capture;

import dev.zoetrope.capture.FfmpegInput.Beginning;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.PiCamera;
import dev.zoetrope.media.Source.Published;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.Source.SrtPublish;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.Source.Webcam;
import dev.zoetrope.media.Source.Webcam.Pixels;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Opens what a source that is not {@link Published} is read from. Thread-safe. */
final class Inputs {
  /** What libsrt says of a caller with another passphrase, and of one without. */
  private static final Pattern CALLER_REFUSED =
      Pattern.compile("process failure - BADSECRET|Agent declares encryption, but Peer does not");

  private final Ffmpeg ffmpeg;
  private final String path;
  private final LongSupplier wallMicros;
  private final WayOut wayOut;
  private final Runnable wrongKey;

  Inputs(Ffmpeg ffmpeg, LongSupplier wallMicros) {
    this(ffmpeg, wallMicros, () -> {});
  }

  /**
   * @param wrongKey called when a caller was refused for its passphrase, on a thread of its own
   */
  Inputs(Ffmpeg ffmpeg, LongSupplier wallMicros, Runnable wrongKey) {
    this(ffmpeg, System.getenv().getOrDefault("PATH", ""), wallMicros, wrongKey);
  }

  /**
   * @param path where the programs of cameras are, as in the environment's PATH
   */
  Inputs(Ffmpeg ffmpeg, String path, LongSupplier wallMicros) {
    this(ffmpeg, path, wallMicros, () -> {});
  }

  private Inputs(Ffmpeg ffmpeg, String path, LongSupplier wallMicros, Runnable wrongKey) {
    this.ffmpeg = ffmpeg;
    this.path = path;
    this.wallMicros = wallMicros;
    this.wrongKey = wrongKey;
    wayOut = new WayOut(ffmpeg.deniedHosts());
  }

  /**
   * Opens {@code source}; its process, if it has one, is started, that of an address when it is
   * read.
   *
   * @throws IOException if it cannot be opened; the message says why, for people
   */
  Input open(SourceId id, Source source, Handover handover, ProcessLimits limits)
      throws IOException {
    if (source instanceof Folder folder) {
      checkIsStillCanonical(folder.path());
      return new FolderInput(folder, wallMicros);
    }
    if (source instanceof PiCamera camera) {
      return new PiCameraInput(ffmpeg.children(), path, camera, id.value(), limits, wallMicros);
    }
    if (source instanceof MediaFiles files && !isSingleLoop(files)) {
      return new PlaylistInput(this, files, id.value(), handover, limits, wallMicros);
    }
    if (source instanceof MediaFiles files) {
      checkIsStillCanonical(files.paths().get(0));
    }
    if (source instanceof Relay relay) {
      throw new IOException("nothing reads from " + relay.origins().get(0).place() + " yet");
    }
    if (source instanceof Webcam webcam) {
      List<String> arguments = CaptureCommand.webcam(webcam, pixels(webcam), limits.threads());
      return ffmpeg(arguments, id.value(), Beginning.BY_ITSELF, limits);
    }
    List<String> arguments =
        CaptureCommand.of(source, handover, ffmpeg.softwareH264Encoder(), limits.threads());
    if (source instanceof Url url) {
      return new UrlInput(
          url,
          id.value(),
          wayOut,
          () -> ffmpeg(arguments, id.value(), Beginning.BY_ITSELF, limits));
    }
    return source instanceof SrtPublish
        ? new FfmpegInput(
            ffmpeg,
            arguments,
            id.value(),
            Beginning.BY_CALLER,
            limits,
            wallMicros,
            this::hearOfCaller)
        : ffmpeg(arguments, id.value(), Beginning.BY_ITSELF, limits);
  }

  private void hearOfCaller(String line) {
    if (CALLER_REFUSED.matcher(line).find()) {
      wrongKey.run();
    }
  }

  FfmpegInput ffmpeg(List<String> arguments, String name, Beginning beginning, ProcessLimits limits)
      throws IOException {
    return new FfmpegInput(ffmpeg, arguments, name, beginning, limits, wallMicros);
  }

  private static boolean isSingleLoop(MediaFiles files) {
    return files.loop() && files.paths().size() == 1;
  }

  private Pixels pixels(Webcam webcam) throws IOException {
    return webcam.pixels() == Pixels.AUTO ? new Devices(ffmpeg).best(webcam) : webcam.pixels();
  }

  /**
   * When it was configured it was, and below the media folder: a link put there later leads out.
   */
  static void checkIsStillCanonical(Path path) throws IOException {
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException("not in the media folder: " + path.getFileName(), e);
    }
    if (!real.equals(path)) {
      throw new IOException(path.getFileName() + " is a link, or below one, that came later");
    }
  }
}
