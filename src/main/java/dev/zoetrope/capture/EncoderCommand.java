package dev.zoetrope.capture;

import static dev.zoetrope.capture.FfmpegFlags.exactTimes;
import static dev.zoetrope.capture.FfmpegFlags.jpeg;
import static dev.zoetrope.capture.FfmpegFlags.keyframeDistance;
import static dev.zoetrope.capture.FfmpegFlags.rate;

import dev.zoetrope.capture.Encoding.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.bramp.ffmpeg.builder.FFmpegBuilder;
import net.bramp.ffmpeg.builder.FFmpegFileInputBuilder;
import net.bramp.ffmpeg.builder.FFmpegOutputBuilder;

/**
 * ffmpeg's arguments, without the program's own name, where it encodes one track. Pure.
 *
 * <p>Why each flag: docs/RATIONALE.md, "ffmpeg's flags".
 */
final class EncoderCommand {
  private EncoderCommand() {}

  /**
   * One track in NUT on stdin, encoded, in NUT on stdout.
   *
   * @param fromMicros earlier pictures are decoded, but not encoded: the encoder catches up
   * @param threads that decode and that encode pictures, 1 to 64
   */
  static List<String> of(Encoding encoding, long fromMicros, int threads) {
    FFmpegBuilder builder = FfmpegFlags.builder().addExtraArgs("-copyts");
    if (encoding instanceof Encoding.H264 h264) {
      for (String argument : H264Flags.hardwareDevice(h264.encoderName())) {
        builder.addExtraArgs(argument);
      }
    }
    FFmpegFileInputBuilder input = builder.addInput("pipe:0");
    input.setFormat("nut");
    input.addExtraArgs("-protocol_whitelist", "pipe");
    // With low_delay, several of them share each picture, and none is held.
    input.addExtraArgs("-threads", Integer.toString(threads), "-flags", "low_delay");
    input.addExtraArgs("-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0");
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    FfmpegFlags.add(output, codec(encoding, fromMicros, threads));
    return FfmpegFlags.nut(output);
  }

  private static List<String> codec(Encoding encoding, long fromMicros, int threads) {
    // Half a microsecond earlier: t is rounded, and might be a trace less than what it stands for.
    String from = String.format(Locale.ROOT, "gte(t\\,%.7f)", (fromMicros - 0.5) / 1e6);
    List<String> args = new ArrayList<>();
    if (encoding instanceof Encoding.Mjpeg mjpeg) {
      args.addAll(picture(from, mjpeg.size(), threads));
      args.addAll(exactTimes());
      args.addAll(jpeg(mjpeg.quality()));
    } else if (encoding instanceof Encoding.Rgb rgb) {
      String paced = // the fps filter would hold each picture until the next
          String.format(
              Locale.ROOT,
              "%s*(isnan(prev_selected_t)+gt(floor(t*%d+0.01)\\,floor(prev_selected_t*%d+0.01)))",
              from,
              rgb.fps(),
              rgb.fps());
      args.addAll(picture(paced, rgb.size(), threads));
      args.addAll(exactTimes());
      args.addAll(List.of("-pix_fmt", "rgb24", "-c:v", "rawvideo"));
    } else if (encoding instanceof Encoding.Mpeg1 mpeg1) {
      args.addAll(filtered(from, fittedInto(mpeg1.size()), threads));
      args.addAll(List.of("-c:v", "mpeg1video", "-flags", "low_delay", "-strict", "-1"));
      args.addAll(List.of("-pix_fmt", "yuv420p", "-bf", "0", "-g", keyframeDistance(mpeg1.fps())));
      args.addAll(rate(mpeg1.bitsPerSecond()));
    } else if (encoding instanceof Encoding.H264 h264) {
      args.addAll(h264(h264, from, threads));
    } else if (encoding instanceof Encoding.Mp2) {
      args.addAll(List.of("-vn", "-c:a", "mp2", "-ar", "44100", "-ac", "2", "-b:a", "64k"));
    } else if (encoding instanceof Encoding.Aac) {
      args.addAll(List.of("-vn", "-c:a", "aac", "-ar", "48000", "-ac", "2", "-b:a", "96k"));
    } else {
      throw new AssertionError(encoding);
    }
    return args;
  }

  private static List<String> h264(Encoding.H264 h264, String from, int threads) {
    String encoder = h264.encoderName();
    boolean isHardware = HardwareEncoders.NAMES.contains(encoder);
    List<String> args = new ArrayList<>(picture(from, h264.size(), threads));
    if (isHardware) {
      int filters = args.size() - 1;
      args.set(filters, args.get(filters) + H264Flags.hardwareFilter(encoder));
    }
    args.addAll(exactTimes());
    args.addAll(H264Flags.of(encoder));
    if (encoder.equals("libx264")) {
      // Packets that come one by one tell no frame rate: x264 would take the clock's, a million
      // a second, and give each frame next to no bits. Going by their times, it would hold each
      // until the next.
      args.addAll(List.of("-x264-params", "force-cfr=1:fps=" + h264.fps()));
    }
    if (!isHardware) {
      args.addAll(List.of("-pix_fmt", "yuv420p"));
    }
    args.addAll(List.of("-bf", "0", "-g", keyframeDistance(h264.fps())));
    args.addAll(rate(h264.bitsPerSecond()));
    return args;
  }

  private static List<String> picture(String select, Size size, int threads) {
    return filtered(select, "scale=" + size.width() + ":" + size.height(), threads);
  }

  private static List<String> filtered(String select, String scale, int threads) {
    String filter = "select=" + select + "," + scale + ",setsar=1";
    List<String> args = new ArrayList<>(List.of("-an"));
    args.addAll(FfmpegFlags.threads(threads));
    args.addAll(List.of("-vf", filter));
    return args;
  }

  /** Of that size exactly, with bars where the aspect is another. */
  private static String fittedInto(Size size) {
    String of = size.width() + ":" + size.height();
    return "scale="
        + of
        + ":force_original_aspect_ratio=decrease:force_divisible_by=2,pad="
        + of
        + ":-1:-1";
  }
}
