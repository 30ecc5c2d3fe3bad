package dev.zoetrope.capture;

import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.Screen;
import dev.zoetrope.media.Source.SrtPublish;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.Source.Webcam;
import dev.zoetrope.media.Source.Webcam.Pixels;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.bramp.ffmpeg.builder.FFmpegBuilder;
import net.bramp.ffmpeg.builder.FFmpegFileInputBuilder;
import net.bramp.ffmpeg.builder.FFmpegOutputBuilder;

/**
 * ffmpeg's arguments, without the program's own name, where it reads a source. Pure.
 *
 * <p>Why each flag: docs/RATIONALE.md, "ffmpeg's flags".
 */
final class CaptureCommand {
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

  private CaptureCommand() {}

  /**
   * Packets of {@code source} in NUT on stdout; of files, the first one. Not for a {@link Webcam},
   * see {@link #webcam}.
   *
   * @param h264Encoder what the test pattern and a screen are made with
   * @param threads that they are made with, 1 to 64
   */
  static List<String> of(Source source, Handover handover, String h264Encoder, int threads) {
    if (source instanceof TestPattern pattern) {
      return testPattern(pattern, handover.withSound(), h264Encoder, threads);
    }
    if (source instanceof Screen screen) {
      return screen(screen, h264Encoder, threads);
    }
    FFmpegFileInputBuilder input;
    FFmpegBuilder builder = FfmpegFlags.builder();
    boolean isRtsp = false;
    if (source instanceof MediaFiles files) {
      input = file(builder, files.paths().get(0));
      input.readAtNativeFrameRate();
      if (files.loop()) {
        input.setStreamLoop(-1);
      }
    } else if (source instanceof Url url) {
      input = builder.addInput(url.withoutPassphrase().toString());
      pull(input, url, handover);
      isRtsp = scheme(url).startsWith("rtsp");
    } else if (source instanceof SrtPublish srt) {
      input = builder.addInput("srt://0.0.0.0:" + srt.port());
      listen(input, srt);
    } else {
      throw new AssertionError(source);
    }
    FFmpegOutputBuilder output = copy(input, handover);
    if (isRtsp) { // with B-frames the first packet has no pts, and copying fails
      output.addExtraArgs("-bsf:v", "setts=pts='if(eq(PTS,NOPTS),DTS,PTS)'");
    }
    return FfmpegFlags.nut(output);
  }

  /** Packets of a file in NUT on stdout, as fast as they are taken. */
  static List<String> wholeFile(Path path, Handover handover) {
    return FfmpegFlags.nut(copy(file(FfmpegFlags.builder(), path), handover));
  }

  /** Packets of a publisher's body on stdin, in NUT on stdout. */
  static List<String> body(BodyFormat format, Handover handover) {
    FFmpegFileInputBuilder input = FfmpegFlags.builder().addInput("pipe:0");
    input.setFormat(format.ffmpegName());
    input.addExtraArgs("-protocol_whitelist", "pipe");
    lookBriefly(input);
    return FfmpegFlags.nut(copy(input, handover));
  }

  private static FFmpegFileInputBuilder file(FFmpegBuilder builder, Path path) {
    FFmpegFileInputBuilder input = builder.addInput("file:" + path);
    input.addExtraArgs("-protocol_whitelist", "file", "-format_whitelist", FILE_FORMATS);
    return input;
  }

  private static FFmpegOutputBuilder copy(FFmpegFileInputBuilder input, Handover handover) {
    FFmpegOutputBuilder output = picture(input);
    if (handover.withSound()) {
      output.addExtraArgs("-map", "0:a:0?");
    }
    output.setAudioCodec("copy");
    switch (handover.pictures()) {
      case COPIED, COPIED_LATE -> output.setVideoCodec("copy");
      case AS_JPEG -> FfmpegFlags.add(output, FfmpegFlags.jpeg(BEST_JPEG));
    }
    return output;
  }

  /** An output with the first input's picture. */
  private static FFmpegOutputBuilder picture(FFmpegFileInputBuilder input) {
    FFmpegOutputBuilder output = input.done().addOutput("pipe:1");
    output.addExtraArgs("-map", "0:v:0");
    return output;
  }

  private static void pull(FFmpegFileInputBuilder input, Url url, Handover handover) {
    String scheme = scheme(url);
    input.addExtraArgs("-protocol_whitelist", PROTOCOLS.get(scheme));
    switch (handover.pictures()) {
      case COPIED, AS_JPEG -> lookBriefly(input);
      case COPIED_LATE ->
          input.addExtraArgs("-probesize", "1000000", "-analyzeduration", "5000000");
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

  private static String scheme(Url url) {
    return url.uri().getScheme().toLowerCase(Locale.ROOT);
  }

  private static boolean isPlayedBySegmentOrFile(Url url) {
    String path = String.valueOf(url.uri().getPath()).toLowerCase(Locale.ROOT);
    return path.matches(".*\\.(m3u8|mp4|mov|m4v|mkv|webm|avi|ogv)");
  }

  /** A caller is waited for as long as it takes, and brings MPEG-TS whatever it has. */
  private static void listen(FFmpegFileInputBuilder input, SrtPublish srt) {
    input.setFormat("mpegts");
    input.addExtraArgs("-protocol_whitelist", PROTOCOLS.get("srt"), "-mode", "listener");
    srt.passphrase().ifPresent(secret -> input.addExtraArgs("-passphrase", secret.reveal()));
    lookBriefly(input);
  }

  private static void lookBriefly(FFmpegFileInputBuilder input) {
    input.addExtraArgs("-probesize", "65536", "-analyzeduration", "500000");
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
    FFmpegFileInputBuilder input = FfmpegFlags.builder().addInput(webcam.device().toString());
    input.setFormat("v4l2");
    switch (pixels) {
      case H264 -> input.addExtraArgs("-input_format", "h264");
      case MJPEG -> input.addExtraArgs("-input_format", "mjpeg");
      case RAW -> input.addExtraArgs("-threads", "1"); // the first format that ffmpeg can read
      case AUTO -> throw new AssertionError(pixels);
    }
    takeAtOnce(input, webcam.width(), webcam.height(), webcam.fps());
    FFmpegOutputBuilder output = picture(input);
    if (pixels == Pixels.RAW) {
      FfmpegFlags.add(output, FfmpegFlags.threads(threads));
      FfmpegFlags.add(output, FfmpegFlags.exactTimes());
      FfmpegFlags.add(output, FfmpegFlags.jpeg(GOOD_JPEG));
    } else {
      output.setVideoCodec("copy");
    }
    return FfmpegFlags.nut(output);
  }

  private static List<String> screen(Screen screen, String h264Encoder, int threads) {
    FFmpegFileInputBuilder input =
        FfmpegFlags.builder().addInput(screen.display() + "+" + screen.left() + "," + screen.top());
    input.setFormat("x11grab");
    takeAtOnce(input, screen.width(), screen.height(), screen.fps());
    input.addExtraArgs("-threads", "1");
    FFmpegOutputBuilder output = picture(input);
    encode(output, screen.fps(), h264Encoder, threads);
    FfmpegFlags.add(output, FfmpegFlags.rate(screenRate(screen)));
    return FfmpegFlags.nut(output);
  }

  /** Of a device all is known before its first picture. */
  private static void takeAtOnce(FFmpegFileInputBuilder input, int width, int height, int fps) {
    input.addExtraArgs("-video_size", width + "x" + height);
    input.addExtraArgs("-framerate", Integer.toString(fps));
    input.addExtraArgs("-probesize", "32", "-analyzeduration", "0");
  }

  private static void encode(FFmpegOutputBuilder output, int fps, String h264Encoder, int threads) {
    FfmpegFlags.add(output, H264Flags.of(h264Encoder));
    FfmpegFlags.add(output, FfmpegFlags.threads(threads));
    output.addExtraArgs("-bf", "0", "-pix_fmt", "yuv420p");
    output.addExtraArgs("-g", FfmpegFlags.keyframeDistance(fps));
  }

  /** A tenth of a bit for each pixel of a second: text stays sharp. */
  private static long screenRate(Screen screen) {
    return Math.max(500_000, (long) screen.width() * screen.height() * screen.fps() / 10);
  }

  /** A moving picture with running milliseconds, and a tone. */
  private static List<String> testPattern(
      TestPattern pattern, boolean withSound, String h264Encoder, int threads) {
    String size = pattern.width() + "x" + pattern.height();
    FFmpegBuilder builder = FfmpegFlags.builder();
    FFmpegFileInputBuilder input =
        lavfi(builder, "testsrc2=size=" + size + ":rate=" + pattern.fps());
    if (withSound) {
      lavfi(builder, "sine=frequency=440:beep_factor=2:sample_rate=48000,volume=0.1");
    }
    FFmpegOutputBuilder output = picture(input);
    if (withSound) {
      output.addExtraArgs("-map", "1:a:0", "-c:a", "aac", "-ac", "2", "-b:a", "96k");
    }
    encode(output, pattern.fps(), h264Encoder, threads);
    output.addExtraArgs("-b:v", "1500k");
    return FfmpegFlags.nut(output);
  }

  private static FFmpegFileInputBuilder lavfi(FFmpegBuilder builder, String graph) {
    FFmpegFileInputBuilder input = builder.addInput(graph);
    input.readAtNativeFrameRate();
    input.setFormat("lavfi");
    return input;
  }
}
