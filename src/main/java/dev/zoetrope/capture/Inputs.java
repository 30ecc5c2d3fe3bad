package dev.zoetrope.capture;

import dev.zoetrope.capture.FfmpegCommand.PictureForm;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.Url;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** stub */
final class Inputs {
  private Inputs() {}

  static Input open(CaptureTask task, Workshop workshop, PictureForm form, boolean withSound)
      throws IOException {
    Source source = task.source();
    if (source instanceof Folder folder) {
      checkIsStillCanonical(folder.path());
      return new FolderInput(folder, workshop.wallMicros());
    }
    if (source instanceof MediaFiles files) {
      checkIsStillCanonical(files.paths().get(0));
    }
    return new FfmpegInput(
        workshop.ffmpeg(),
        FfmpegCommand.capture(source, form, withSound, workshop.ffmpeg().h264Encoder()),
        task.id().value(),
        workshop.wallMicros());
  }

  private static void checkIsStillCanonical(Path path) throws IOException {
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

  static Diagnosis fitToShow(Source source, Diagnosis of) {
    return new Diagnosis(of.cause(), fit(source, of.words()), fit(source, of.advice()));
  }

  private static String fit(Source source, String message) {
    if (source instanceof Url url) {
      return url.maskedIn(message);
    }
    if (source instanceof MediaFiles files) {
      return withNameOnly(message, files.paths().get(0));
    }
    return source instanceof Folder folder ? withNameOnly(message, folder.path()) : message;
  }

  private static String withNameOnly(String message, Path path) {
    String name = String.valueOf(path.getFileName());
    return message.replace("file:" + path, name).replace(path.toString(), name);
  }
}
