package dev.zoetrope.capture;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Source.Url;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.bramp.ffmpeg.builder.FFmpegBuilder;
import net.bramp.ffmpeg.builder.FFmpegFileInputBuilder;
import net.bramp.ffmpeg.builder.FFmpegOutputBuilder;

/**
 * Settings to ffmpeg's argument lists, without the program's own name. Pure.
 *
 * <p>Why each flag: docs/RATIONALE.md, "ffmpeg's flags".
 */
final class FfmpegCommand {
  /** What a packet may wait for one of the other track, in microseconds. */
  private static final String MAX_INTERLEAVE_DELTA = "100000";

  /** How long a silent server is waited for, in microseconds. */
  private static final String TIMEOUT = "10000000";

  private static final Map<String, String> PROTOCOLS =
      Map.of(
          "http", "http,https,tcp,tls,crypto",
          "https", "http,https,tcp,tls,crypto",
          "rtmp", "rtmp,tcp",
          "rtmps", "rtmps,rtmp,tcp,tls",
          "rtsp", "rtsp,rtp,udp,tcp,tls",
          "rtsps", "rtsps,rtsp,rtp,udp,tcp,tls",
          "srt", "srt,udp",
          "udp", "udp");

  /** Containers that hold media themselves and never name other files. */
  private static final String FILE_FORMATS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,live_flv,nut,ogg,asf,"
          + "h264,hevc,ivf,av1,obu,m4v,mjpeg,mpjpeg,gif,apng,wav,mp3,aac,flac,dv,mxf,gxf,rm,"
          + "y4m,yuv4mpegpipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe";

  private static final int BEST_JPEG = 2; // ffmpeg's -q:v

  private FfmpegCommand() {}

  /** How a capture hands pictures over. */
  enum PictureForm {
    COPIED,
    /** For those that NUT cannot carry. */
    AS_JPEG
  }

  /**
   * Packets of {@code source} in NUT on stdout.
   *
   * @param h264Encoder what the test pattern is made with: {@link Ffmpeg#h264Encoder}
   */
  static List<String> capture(
      Source source, PictureForm pictureForm, boolean withSound, String h264Encoder) {
    if (source instanceof TestPattern pattern) {
      return testPattern(pattern, withSound, h264Encoder);
    }
    FFmpegFileInputBuilder input;
    FFmpegBuilder builder = builder();
    boolean isRtsp = false;
    if (source instanceof MediaFiles files) {
      input = builder.addInput("file:" + files.paths().get(0));
      input.readAtNativeFrameRate();
      if (files.loop()) {
        input.setStreamLoop(-1);
      }
      input.addExtraArgs("-protocol_whitelist", "file", "-format_whitelist", FILE_FORMATS);
    } else if (source instanceof Url url) {
      input = builder.addInput(url.uri().toString());
      pull(input, url);
      isRtsp = isRtsp(url);
    } else {
      throw new AssertionError(source);
    }
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    if (withSound) {
      output.addExtraArgs("-map", "0:a:0?");
    }
    output.setAudioCodec("copy");
    switch (pictureForm) {
      case COPIED -> output.setVideoCodec("copy");
      case AS_JPEG -> output.addExtraArgs(jpeg(BEST_JPEG).toArray(String[]::new));
    }
    if (isRtsp) { // with B-frames the first packet has no pts, and copying fails
      output.addExtraArgs("-bsf:v", "setts=pts='if(eq(PTS,NOPTS),DTS,PTS)'");
    }
    return nut(output).done().build();
  }

  private static void pull(FFmpegFileInputBuilder input, Url url) {
    String scheme = url.uri().getScheme().toLowerCase(Locale.ROOT);
    input.addExtraArgs("-protocol_whitelist", PROTOCOLS.get(scheme));
    input.addExtraArgs("-probesize", "65536", "-analyzeduration", "500000");
    switch (scheme) {
      case "rtsp", "rtsps" -> input.addExtraArgs("-rtsp_transport", "tcp", "-timeout", TIMEOUT);
      case "http", "https" -> {
        input.addExtraArgs("-rw_timeout", TIMEOUT);
        if (isPlayedBySegmentOrFile(url)) { // it would come faster than it is shown
          input.readAtNativeFrameRate();
        }
      }
      case "rtmp", "rtmps" -> input.addExtraArgs("-rw_timeout", TIMEOUT);
      case "srt", "udp" -> input.addExtraArgs("-timeout", TIMEOUT);
      default -> throw new AssertionError(scheme);
    }
  }

  private static boolean isRtsp(Url url) {
    return url.uri().getScheme().toLowerCase(Locale.ROOT).startsWith("rtsp");
  }

  private static boolean isPlayedBySegmentOrFile(Url url) {
    String path = String.valueOf(url.uri().getPath()).toLowerCase(Locale.ROOT);
    return path.matches(".*\\.(m3u8|mp4|mov|m4v|mkv|webm|avi|ogv)");
  }

  /** Packets of a publisher's body on stdin, in NUT on stdout. */
  static List<String> body(BodyFormat format, PictureForm pictureForm, boolean withSound) {
    FFmpegFileInputBuilder input = builder().addInput("pipe:0");
    input.setFormat(format.ffmpegName());
    input.addExtraArgs("-protocol_whitelist", "pipe");
    input.addExtraArgs("-probesize", "65536", "-analyzeduration", "500000");
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    if (withSound) {
      output.addExtraArgs("-map", "0:a:0?");
    }
    output.setAudioCodec("copy");
    switch (pictureForm) {
      case COPIED -> output.setVideoCodec("copy");
      case AS_JPEG -> output.addExtraArgs(jpeg(BEST_JPEG).toArray(String[]::new));
    }
    return nut(output).done().build();
  }

  /** A moving picture with running milliseconds, and a tone. */
  private static List<String> testPattern(
      TestPattern pattern, boolean withSound, String h264Encoder) {
    String size = pattern.width() + "x" + pattern.height();
    FFmpegBuilder builder = builder();
    builder
        .addInput("testsrc2=size=" + size + ":rate=" + pattern.fps())
        .readAtNativeFrameRate()
        .setFormat("lavfi")
        .done();
    if (withSound) {
      builder
          .addInput("sine=frequency=440:beep_factor=2:sample_rate=48000,volume=0.1")
          .readAtNativeFrameRate()
          .setFormat("lavfi")
          .done();
    }
    FFmpegOutputBuilder output = builder.addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    if (withSound) {
      output.addExtraArgs("-map", "1:a:0", "-c:a", "aac", "-ac", "2", "-b:a", "96k");
    }
    output.addExtraArgs(h264(h264Encoder).toArray(String[]::new));
    output.addExtraArgs("-threads", "1", "-bf", "0", "-pix_fmt", "yuv420p");
    output.addExtraArgs("-g", Integer.toString(pattern.fps()), "-b:v", "1500k");
    return nut(output).done().build();
  }

  /**
   * One track in NUT on stdin, encoded, in NUT on stdout.
   *
   * @param fromMicros earlier pictures are decoded, but not encoded: the encoder catches up
   */
  static List<String> encoder(Encoding encoding, long fromMicros) {
    FFmpegFileInputBuilder input = builder().addExtraArgs("-copyts").addInput("pipe:0");
    input.setFormat("nut");
    input.addExtraArgs("-protocol_whitelist", "pipe");
    input.addExtraArgs("-threads", "1", "-flags", "low_delay");
    input.addExtraArgs("-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0");
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs(codec(encoding, fromMicros).toArray(String[]::new));
    return nut(output).done().build();
  }

  private static List<String> codec(Encoding encoding, long fromMicros) {
    // Half a microsecond earlier: t is rounded, and might be a trace less than what it stands for.
    String from = String.format(Locale.ROOT, "gte(t\\,%.7f)", (fromMicros - 0.5) / 1e6);
    List<String> args = new ArrayList<>();
    if (encoding instanceof Encoding.Mjpeg mjpeg) {
      args.addAll(picture(from, mjpeg.size()));
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
      args.addAll(picture(paced, rgb.size()));
      args.addAll(exactTimes());
      args.addAll(List.of("-pix_fmt", "rgb24", "-c:v", "rawvideo"));
    } else if (encoding instanceof Encoding.Mpeg1 mpeg1) {
      args.addAll(filtered(from, fittedInto(mpeg1.size())));
      args.addAll(List.of("-c:v", "mpeg1video", "-flags", "low_delay", "-strict", "-1"));
      args.addAll(List.of("-pix_fmt", "yuv420p", "-bf", "0", "-g", keyframeDistance(mpeg1.fps())));
      args.addAll(rate(mpeg1.bitsPerSecond()));
    } else if (encoding instanceof Encoding.H264 h264) {
      args.addAll(picture(from, h264.size()));
      args.addAll(exactTimes());
      args.addAll(h264(h264.encoderName()));
      if (h264.encoderName().equals("libx264")) {
        // Packets that come one by one tell no frame rate: x264 would take the clock's, a million
        // a second, and give each frame next to no bits. Going by their times, it would hold each
        // until the next.
        args.addAll(List.of("-x264-params", "force-cfr=1:fps=" + h264.fps()));
      }
      args.addAll(List.of("-pix_fmt", "yuv420p", "-bf", "0", "-g", keyframeDistance(h264.fps())));
      args.addAll(rate(h264.bitsPerSecond()));
    } else if (encoding instanceof Encoding.Mp2) {
      args.addAll(List.of("-vn", "-c:a", "mp2", "-ar", "44100", "-ac", "2", "-b:a", "64k"));
    } else if (encoding instanceof Encoding.Aac) {
      args.addAll(List.of("-vn", "-c:a", "aac", "-ar", "48000", "-ac", "2", "-b:a", "96k"));
    } else {
      throw new AssertionError(encoding);
    }
    return args;
  }

  private static List<String> jpeg(int quality) {
    return List.of("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", Integer.toString(quality));
  }

  private static List<String> h264(String encoderName) {
    return encoderName.equals("libx264")
        ? List.of("-c:v", encoderName, "-preset", "veryfast", "-tune", "zerolatency")
        : List.of("-c:v", encoderName);
  }

  private static List<String> picture(String select, Size size) {
    return filtered(select, "scale=" + size.width() + ":" + size.height());
  }

  private static List<String> filtered(String select, String scale) {
    String filter = "select=" + select + "," + scale + ",setsar=1";
    return List.of("-an", "-threads", "1", "-vf", filter);
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

  /** Each picture keeps its time, to the microsecond. */
  private static List<String> exactTimes() {
    return List.of("-fps_mode", "passthrough", "-enc_time_base", "-1");
  }

  /** A keyframe about every second, so that viewers can join. */
  private static String keyframeDistance(int fps) {
    return Integer.toString(fps);
  }

  private static List<String> rate(long bitsPerSecond) {
    return List.of(
        "-b:v", Long.toString(bitsPerSecond),
        "-maxrate", Long.toString(bitsPerSecond * 12 / 10),
        "-bufsize", Long.toString(bitsPerSecond / 2));
  }

  private static FFmpegBuilder builder() {
    return new FFmpegBuilder()
        .setVerbosity(FFmpegBuilder.Verbosity.WARNING)
        .addExtraArgs("-nostdin", "-hide_banner");
  }

  private static FFmpegOutputBuilder nut(FFmpegOutputBuilder output) {
    output.setFormat("nut");
    output.addExtraArgs("-max_interleave_delta", MAX_INTERLEAVE_DELTA);
    output.addExtraArgs("-write_index", "0", "-flush_packets", "1");
    return output;
  }
}
