package dev.zoetrope;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ffmpeg saw and heard of a stream: the codecs, and a hash of each decoded frame.
 *
 * @param complaints what it said of damaged data, one a line
 */
record Seen(
    String videoCodec,
    int width,
    int height,
    Optional<String> audioCodec,
    List<String> pictures,
    List<String> sounds,
    List<String> complaints) {

  private static final Pattern VIDEO =
      Pattern.compile("Stream #0:\\d+.*: Video: (\\w+).*?, (\\d+)x(\\d+)");
  private static final Pattern AUDIO = Pattern.compile("Stream #0:\\d+.*: Audio: (\\w+)");
  private static final Pattern COMPLAINT =
      Pattern.compile("(?i)error|corrupt|invalid|non-monoton|conceal|missing|overread|damaged");

  /** ffmpeg on its way to the end of what it shall see. */
  static final class Watching implements AutoCloseable {
    private final Program ffmpeg;

    private Watching(Program ffmpeg) {
      this.ffmpeg = ffmpeg;
    }

    Seen await() {
      Program.Ended ended = ffmpeg.await();
      if (ended.exitCode() != 0 || ended.out().isEmpty()) {
        throw new AssertionError(ended.toString());
      }
      return parse(ended);
    }

    @Override
    public void close() {
      ffmpeg.close();
    }
  }

  /** Begins to watch {@code input}, which is of ffmpeg's {@code format}, for some seconds. */
  static Watching watch(String format, String input, double seconds) throws IOException {
    return new Watching(
        Program.start(
            "ffmpeg",
            "-nostdin",
            "-hide_banner",
            "-threads",
            "1",
            "-probesize",
            "200000",
            "-analyzeduration",
            "10000000", // on a busy machine, pictures may come long after the sound
            "-f",
            format,
            "-i",
            input,
            "-map",
            "0",
            "-t",
            Double.toString(seconds),
            "-fps_mode",
            "passthrough",
            "-enc_time_base:v",
            "-1",
            "-f",
            "framemd5",
            "-"));
  }

  /** What there is to be seen in {@code recording}, all of it. */
  static Seen of(String format, byte[] recording) throws IOException {
    Path file = Files.createTempFile("seen", ".bin");
    try (Watching watching = watch(format, Files.write(file, recording).toString(), 600)) {
      return watching.await();
    } finally {
      Files.delete(file);
    }
  }

  private static Seen parse(Program.Ended ended) {
    Matcher video = VIDEO.matcher(ended.err());
    Matcher audio = AUDIO.matcher(ended.err());
    boolean hasVideo = video.find();
    List<String> pictures = new ArrayList<>();
    List<String> sounds = new ArrayList<>();
    for (String line : ended.out().lines().filter(line -> !line.startsWith("#")).toList()) {
      String[] columns = line.split(", *", -1);
      boolean isPicture = hasVideo && columns[0].strip().equals("0");
      (isPicture ? pictures : sounds).add(columns[5].strip());
    }
    return new Seen(
        hasVideo ? video.group(1) : "",
        hasVideo ? Integer.parseInt(video.group(2)) : 0,
        hasVideo ? Integer.parseInt(video.group(3)) : 0,
        audio.find() ? Optional.of(audio.group(1)) : Optional.empty(),
        pictures,
        sounds,
        ended.err().lines().filter(line -> COMPLAINT.matcher(line).find()).toList());
  }

  /** How many different pictures there were: one, if nothing moves. */
  int distinctPictures() {
    return new HashSet<>(pictures).size();
  }

  /** How many different frames of sound there were. */
  int distinctSounds() {
    return new HashSet<>(sounds).size();
  }
}
