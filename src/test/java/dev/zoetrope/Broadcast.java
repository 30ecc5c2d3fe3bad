package dev.zoetrope;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Real publishers: ffmpeg with a moving picture and a tone, in real time, until it is closed. */
final class Broadcast {
  private static final String PICTURE = "testsrc2=size=320x180:rate=25";
  private static final List<String> H264_AND_AAC =
      List.of(
          "-c:v",
          "libx264",
          "-preset",
          "ultrafast",
          "-tune",
          "zerolatency",
          "-g",
          "25",
          "-pix_fmt",
          "yuv420p",
          "-c:a",
          "aac");
  private static final List<String> VP8_AND_OPUS =
      List.of("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus");

  private Broadcast() {}

  /**
   * To the RTMP port of this machine.
   *
   * @param name of the stream, perhaps with a query
   */
  static Program rtmp(int port, String name) throws IOException {
    return to("flv", "rtmp://127.0.0.1:" + port + "/live/" + name);
  }

  /** To the SRT port of this machine. */
  static Program srt(int port, String passphrase) throws IOException {
    return to("mpegts", "srt://127.0.0.1:" + port, "-passphrase", passphrase);
  }

  /** To that address, in that format of ffmpeg, with {@code options} of the output. */
  static Program to(String format, String address, String... options) throws IOException {
    return Program.start(command(format, address, options).toArray(String[]::new));
  }

  /**
   * What ffmpeg is told.
   *
   * @param format of ffmpeg; {@code webm} has the codecs of browsers, others H.264 and AAC
   */
  static List<String> command(String format, String address, String... options) {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error"));
    command.addAll(List.of("-re", "-f", "lavfi", "-i", PICTURE));
    command.addAll(List.of("-re", "-f", "lavfi", "-i", "sine=frequency=440"));
    command.addAll(format.equals("webm") ? VP8_AND_OPUS : H264_AND_AAC);
    if (format.equals("mp4")) {
      command.addAll(List.of("-movflags", "frag_keyframe+empty_moov+default_base_moof"));
    }
    command.addAll(List.of(options));
    command.addAll(List.of("-flush_packets", "1", "-f", format, address));
    return command;
  }
}
