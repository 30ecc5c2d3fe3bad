package dev.zoetrope.capture;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.Screen;
import dev.zoetrope.media.Source.SrtPublish;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.Source.Webcam;
import dev.zoetrope.media.Source.Webcam.Pixels;
import java.nio.file.Path;
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
  private static final int GOOD_JPEG = 4; // of a camera's raw pictures

  private FfmpegCommand() {}

  /** How a capture hands pictures over. */
  enum PictureForm {
    COPIED,
    /** Copied, of a source whose sound begins before its picture: a longer look finds both. */
    COPIED_LATE,
    /** For those that NUT cannot carry. */
    AS_JPEG
  }

  /**
   * Packets of {@code source} in NUT on stdout; of files, the first one. Not for a {@link Webcam},
   * see {@link #webcam}.
   *
   * @param h264Encoder what the test pattern and a screen are made with
   * @param threads that they are made with, 1 to 64
   */
  static List<String> capture(
      Source source, PictureForm pictureForm, boolean withSound, String h264Encoder, int threads) {
    if (source instanceof TestPattern pattern) {
      return testPattern(pattern, withSound, h264Encoder, threads);
    }
    if (source instanceof Screen screen) {
      return screen(screen, h264Encoder, threads);
    }
    FFmpegFileInputBuilder input;
    FFmpegBuilder builder = builder();
    boolean isRtsp = false;
    if (source instanceof MediaFiles files) {
      input = file(builder, files.paths().get(0));
      input.readAtNativeFrameRate();
      if (files.loop()) {
        input.setStreamLoop(-1);
      }
    } else if (source instanceof Url url) {
      input = builder.addInput(url.withoutPassphrase().toString());
      pull(input, url, pictureForm);
      isRtsp = isRtsp(url);
    } else if (source instanceof SrtPublish srt) {
      input = builder.addInput("srt://0.0.0.0:" + srt.port());
      listen(input, srt);
    } else {
      throw new AssertionError(source);
    }
    return copy(input, pictureForm, withSound, isRtsp);
  }

  /** Packets of a file in NUT on stdout, as fast as they are taken. */
  static List<String> wholeFile(Path path, PictureForm pictureForm, boolean withSound) {
    return copy(file(builder(), path), pictureForm, withSound, false);
  }

  private static FFmpegFileInputBuilder file(FFmpegBuilder builder, Path path) {
    FFmpegFileInputBuilder input = builder.addInput("file:" + path);
    input.addExtraArgs("-protocol_whitelist", "file", "-format_whitelist", FILE_FORMATS);
    return input;
  }

  private static List<String> copy(
      FFmpegFileInputBuilder input, PictureForm pictureForm, boolean withSound, boolean isRtsp) {
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    if (withSound) {
      output.addExtraArgs("-map", "0:a:0?");
    }
    output.setAudioCodec("copy");
    switch (pictureForm) {
      case COPIED, COPIED_LATE -> output.setVideoCodec("copy");
      case AS_JPEG -> output.addExtraArgs(jpeg(BEST_JPEG).toArray(String[]::new));
    }
    if (isRtsp) { // with B-frames the first packet has no pts, and copying fails
      output.addExtraArgs("-bsf:v", "setts=pts='if(eq(PTS,NOPTS),DTS,PTS)'");
    }
    return nut(output).done().build();
  }

  /** What a camera at this machine can deliver, as lines on stderr; it ends with an error. */
  static List<String> webcamFormats(Path device) {
    return List.of(
        "-nostdin", "-hide_banner", "-f", "v4l2", "-list_formats", "all", "-i", device.toString());
  }

  /**
   * Packets of a camera at this machine in NUT on stdout.
   *
   * @param pixels how it is asked to deliver, not {@link Pixels#AUTO}
   * @param threads that encode raw pictures, 1 to 64
   */
  static List<String> webcam(Webcam webcam, Pixels pixels, int threads) {
    FFmpegFileInputBuilder input = builder().addInput(webcam.device().toString());
    input.setFormat("v4l2");
    switch (pixels) {
      case H264 -> input.addExtraArgs("-input_format", "h264");
      case MJPEG -> input.addExtraArgs("-input_format", "mjpeg");
      case RAW -> input.addExtraArgs("-threads", "1"); // the first format that ffmpeg can read
      case AUTO -> throw new AssertionError(pixels);
    }
    input.addExtraArgs("-video_size", webcam.width() + "x" + webcam.height());
    input.addExtraArgs("-framerate", Integer.toString(webcam.fps()));
    input.addExtraArgs("-probesize", "32", "-analyzeduration", "0");
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    if (pixels == Pixels.RAW) {
      output.addExtraArgs(threads(threads).toArray(String[]::new));
      output.addExtraArgs(exactTimes().toArray(String[]::new));
      output.addExtraArgs(jpeg(GOOD_JPEG).toArray(String[]::new));
    } else {
      output.setVideoCodec("copy");
    }
    return nut(output).done().build();
  }

  private static List<String> screen(Screen screen, String h264Encoder, int threads) {
    FFmpegFileInputBuilder input =
        builder().addInput(screen.display() + "+" + screen.left() + "," + screen.top());
    input.setFormat("x11grab");
    input.addExtraArgs("-video_size", screen.width() + "x" + screen.height());
    input.addExtraArgs("-framerate", Integer.toString(screen.fps()));
    input.addExtraArgs("-probesize", "32", "-analyzeduration", "0", "-threads", "1");
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    output.addExtraArgs(h264(h264Encoder).toArray(String[]::new));
    output.addExtraArgs(threads(threads).toArray(String[]::new));
    output.addExtraArgs("-bf", "0", "-pix_fmt", "yuv420p");
    output.addExtraArgs("-g", keyframeDistance(screen.fps()));
    output.addExtraArgs(rate(screenRate(screen)).toArray(String[]::new));
    return nut(output).done().build();
  }

  /** A tenth of a bit for each pixel of a second: text stays sharp. */
  private static long screenRate(Screen screen) {
    return Math.max(500_000, (long) screen.width() * screen.height() * screen.fps() / 10);
  }

  /** A caller is waited for as long as it takes, and brings MPEG-TS whatever it has. */
  private static void listen(FFmpegFileInputBuilder input, SrtPublish srt) {
    input.setFormat("mpegts");
    input.addExtraArgs("-protocol_whitelist", PROTOCOLS.get("srt"), "-mode", "listener");
    srt.passphrase().ifPresent(secret -> input.addExtraArgs("-passphrase", secret.reveal()));
    input.addExtraArgs("-probesize", "65536", "-analyzeduration", "500000");
  }

  private static void pull(FFmpegFileInputBuilder input, Url url, PictureForm pictureForm) {
    String scheme = url.uri().getScheme().toLowerCase(Locale.ROOT);
    input.addExtraArgs("-protocol_whitelist", PROTOCOLS.get(scheme));
    if (pictureForm == PictureForm.COPIED_LATE) {
      input.addExtraArgs("-probesize", "1000000", "-analyzeduration", "5000000");
    } else {
      input.addExtraArgs("-probesize", "65536", "-analyzeduration", "500000");
    }
    url.passphrase().ifPresent(secret -> input.addExtraArgs("-passphrase", secret.reveal()));
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
      case COPIED, COPIED_LATE -> output.setVideoCodec("copy");
      case AS_JPEG -> output.addExtraArgs(jpeg(BEST_JPEG).toArray(String[]::new));
    }
    return nut(output).done().build();
  }

  /** A moving picture with running milliseconds, and a tone. */
  private static List<String> testPattern(
      TestPattern pattern, boolean withSound, String h264Encoder, int threads) {
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
    output.addExtraArgs(threads(threads).toArray(String[]::new));
    output.addExtraArgs("-bf", "0", "-pix_fmt", "yuv420p");
    output.addExtraArgs("-g", Integer.toString(pattern.fps()), "-b:v", "1500k");
    return nut(output).done().build();
  }

  /**
   * One track in NUT on stdin, encoded, in NUT on stdout.
   *
   * @param fromMicros earlier pictures are decoded, but not encoded: the encoder catches up
   * @param threads that decode and that encode pictures, 1 to 64
   */
  static List<String> encoder(Encoding encoding, long fromMicros, int threads) {
    FFmpegBuilder builder = builder().addExtraArgs("-copyts");
    if (encoding instanceof Encoding.H264 h264) {
      for (String argument : hardwareDevice(h264.encoderName())) {
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
    output.addExtraArgs(codec(encoding, fromMicros, threads).toArray(String[]::new));
    return nut(output).done().build();
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

  private static List<String> jpeg(int quality) {
    return List.of("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", Integer.toString(quality));
  }

  private static List<String> h264(Encoding.H264 h264, String from, int threads) {
    String encoder = h264.encoderName();
    boolean isHardware = HardwareEncoders.NAMES.contains(encoder);
    List<String> args = new ArrayList<>(picture(from, h264.size(), threads));
    if (isHardware) {
      int filters = args.size() - 1;
      args.set(filters, args.get(filters) + hardwareFilter(encoder));
    }
    args.addAll(exactTimes());
    args.addAll(h264(encoder));
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

  private static List<String> h264(String encoderName) {
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
  private static List<String> hardwareDevice(String encoderName) {
    return switch (encoderName) {
      case "h264_vaapi" ->
          List.of("-init_hw_device", "vaapi=hardware", "-filter_hw_device", "hardware");
      case "h264_qsv" ->
          List.of("-init_hw_device", "qsv=hardware", "-filter_hw_device", "hardware");
      default -> List.of();
    };
  }

  /** What brings a picture to where an encoder wants it, behind other filters. */
  private static String hardwareFilter(String encoderName) {
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
    args.addAll(h264(encoderName));
    args.addAll(List.of("-bf", "0", "-g", "25"));
    args.addAll(rate(1_000_000));
    args.addAll(List.of("-f", "null", "-"));
    return args;
  }

  private static List<String> picture(String select, Size size, int threads) {
    return filtered(select, "scale=" + size.width() + ":" + size.height(), threads);
  }

  private static List<String> filtered(String select, String scale, int threads) {
    String filter = "select=" + select + "," + scale + ",setsar=1";
    List<String> args = new ArrayList<>(List.of("-an"));
    args.addAll(threads(threads));
    args.addAll(List.of("-vf", filter));
    return args;
  }

  /** Several encode slices of one picture: with a picture each, they would hold as many. */
  private static List<String> threads(int threads) {
    String number = Integer.toString(threads);
    return threads == 1
        ? List.of("-threads", number)
        : List.of("-threads", number, "-thread_type", "slice");
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
