package dev.zoetrope.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real ffmpeg and ffprobe, through files in a folder of the test's own. */
record FfmpegTool(Path folder) {
  private static final int LIMIT_SECONDS = 60;

  /** What a program wrote, and what it said meanwhile. */
  record Output(Bytes bytes, String messages) {
    String text() {
      return new String(bytes.toArray(), UTF_8);
    }

    /** Lines of its output that are not comments. */
    List<String> lines() {
      return text().lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  /** Encodes: no input but what the arguments make, output to stdout, no error. */
  byte[] encode(String... arguments) throws IOException, InterruptedException {
    return checked(run("ffmpeg", "error", new byte[0], arguments)).bytes().toArray();
  }

  /** Runs ffmpeg on these bytes, read from {@code pipe:0}, and fails if it complains. */
  Output ffmpeg(byte[] input, String... arguments) throws IOException, InterruptedException {
    return checked(run("ffmpeg", "warning", input, arguments));
  }

  /**
   * The checksum of each decoded picture or sound frame of {@code stream} (v or a), and no word of
   * complaint.
   */
  List<String> checksums(byte[] input, String format, String stream, String... options)
      throws IOException, InterruptedException {
    return checksums(checked(decode(input, format, stream, options)));
  }

  static List<String> checksums(Output decoded) {
    return decoded.lines().stream()
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }

  /** As {@link #checksums}, whatever ffmpeg remarks. */
  Output decode(byte[] input, String format, String stream, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("-f", format, "-i", "pipe:0", "-map", "0:" + stream));
    arguments.addAll(List.of("-fps_mode", "passthrough"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-f", "framemd5", "pipe:1"));
    return run("ffmpeg", "warning", input, arguments.toArray(String[]::new));
  }

  /** One line of comma-separated values per packet of {@code stream}. */
  List<String> packets(byte[] input, String format, String stream, String entries)
      throws IOException, InterruptedException {
    return checked(
            run(
                "ffprobe",
                "warning",
                input,
                "-f",
                format,
                "-i",
                "pipe:0",
                "-select_streams",
                stream,
                "-show_entries",
                "packet=" + entries,
                "-of",
                "csv=p=0"))
        .lines();
  }

  private Output run(String program, String level, byte[] input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, "-v", level));
    if (program.equals("ffmpeg")) {
      command.add("-nostdin");
    }
    command.addAll(List.of(arguments));
    Path in = Files.createTempFile(folder, program, ".in");
    Path out = Files.createTempFile(folder, program, ".out");
    Path messages = Files.createTempFile(folder, program, ".messages");
    Files.write(in, input);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(messages.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Output(Bytes.owning(Files.readAllBytes(out)), Files.readString(messages));
  }

  private static Output checked(Output output) {
    assertThat(output.messages()).isEmpty();
    return output;
  }
}
