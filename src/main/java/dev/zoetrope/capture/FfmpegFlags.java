package dev.zoetrope.capture;

import java.util.List;
import net.bramp.ffmpeg.builder.FFmpegBuilder;
import net.bramp.ffmpeg.builder.FFmpegOutputBuilder;

/**
 * What several of ffmpeg's argument lists have in common. Pure.
 *
 * <p>Why each flag: docs/RATIONALE.md, "ffmpeg's flags".
 */
final class FfmpegFlags {
  /** What a packet may wait for one of the other track, in microseconds. */
  private static final String MAX_INTERLEAVE_DELTA = "100000";

  private FfmpegFlags() {}

  static FFmpegBuilder builder() {
    return new FFmpegBuilder()
        .setVerbosity(FFmpegBuilder.Verbosity.WARNING)
        .addExtraArgs("-nostdin", "-hide_banner");
  }

  /** The whole list, of an output in NUT. */
  static List<String> nut(FFmpegOutputBuilder output) {
    output.setFormat("nut");
    output.addExtraArgs("-max_interleave_delta", MAX_INTERLEAVE_DELTA);
    output.addExtraArgs("-write_index", "0", "-flush_packets", "1");
    return output.done().build();
  }

  static void add(FFmpegOutputBuilder output, List<String> flags) {
    output.addExtraArgs(flags.toArray(String[]::new));
  }

  /**
   * @param quality ffmpeg's {@code -q:v}, 2 (best) to 31
   */
  static List<String> jpeg(int quality) {
    return List.of("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", Integer.toString(quality));
  }

  /** Several encode slices of one picture: with a picture each, they would hold as many. */
  static List<String> threads(int threads) {
    String number = Integer.toString(threads);
    return threads == 1
        ? List.of("-threads", number)
        : List.of("-threads", number, "-thread_type", "slice");
  }

  /** Each picture keeps its time, to the microsecond. */
  static List<String> exactTimes() {
    return List.of("-fps_mode", "passthrough", "-enc_time_base", "-1");
  }

  /** A keyframe about every second, so that viewers can join. */
  static String keyframeDistance(int fps) {
    return Integer.toString(fps);
  }

  static List<String> rate(long bitsPerSecond) {
    return List.of(
        "-b:v", Long.toString(bitsPerSecond),
        "-maxrate", Long.toString(bitsPerSecond * 12 / 10),
        "-bufsize", Long.toString(bitsPerSecond / 2));
  }
}
