package dev.zoetrope.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * What each of ffmpeg's H.264 encoders wants, by its name. Pure.
 *
 * <p>Why each flag: docs/RATIONALE.md, "ffmpeg's flags".
 */
final class H264Flags {
  private H264Flags() {}

  /** The encoder, so that it holds no picture. */
  static List<String> of(String encoderName) {
    return switch (encoderName) {
      case "libx264" -> List.of("-c:v", encoderName, "-preset", "veryfast", "-tune", "zerolatency");
      case "h264_nvenc" ->
          List.of(
              "-c:v",
              encoderName,
              "-preset",
              "p2",
              "-tune",
              "ull",
              "-rc",
              "cbr",
              "-zerolatency",
              "1",
              "-delay",
              "0");
      case "h264_qsv" -> List.of("-c:v", encoderName, "-preset", "veryfast", "-async_depth", "1");
      case "h264_vaapi" -> List.of("-c:v", encoderName, "-async_depth", "1");
      default -> List.of("-c:v", encoderName);
    };
  }

  /** Global arguments with which an encoder finds its device. */
  static List<String> hardwareDevice(String encoderName) {
    return switch (encoderName) {
      case "h264_vaapi" ->
          List.of("-init_hw_device", "vaapi=hardware", "-filter_hw_device", "hardware");
      case "h264_qsv" ->
          List.of("-init_hw_device", "qsv=hardware", "-filter_hw_device", "hardware");
      default -> List.of();
    };
  }

  /** What brings a picture to where a hardware encoder wants it, behind other filters. */
  static String hardwareFilter(String encoderName) {
    return switch (encoderName) {
      case "h264_vaapi" -> ",format=nv12,hwupload";
      case "h264_qsv" -> ",format=nv12";
      default -> ",format=yuv420p";
    };
  }

  /** One picture by a hardware encoder, to nowhere: whether it works. */
  static List<String> trial(String encoderName) {
    List<String> args = new ArrayList<>(List.of("-nostdin", "-hide_banner", "-v", "error"));
    args.addAll(hardwareDevice(encoderName));
    args.addAll(List.of("-f", "lavfi", "-i", "color=black:size=640x360:rate=25"));
    args.addAll(List.of("-vf", "null" + hardwareFilter(encoderName), "-frames:v", "1"));
    args.addAll(of(encoderName));
    args.addAll(List.of("-bf", "0", "-g", "25"));
    args.addAll(FfmpegFlags.rate(1_000_000));
    args.addAll(List.of("-f", "null", "-"));
    return args;
  }
}
