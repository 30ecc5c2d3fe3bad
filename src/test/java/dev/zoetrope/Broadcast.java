package dev.zoetrope;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Real publishers: ffmpeg with a moving picture and a tone, in real time, until it is closed. */
final class Broadcast {
  private static final List<String> H264_AND_AAC =
      List.of(
          "-c:v",
          "libx264",
          "-preset",
          "ultrafast",
          "-tune",
          "zerolatency",
          "-g",
          "15",
          "-pix_fmt",
          "yuv420p",
          "-c:a",
          "aac");

  private Broadcast() {}

  /**
   * To the RTMP port of this machine.
   *
   * @param name of the stream, perhaps with a query
   */
  static Program rtmp(int port, String name) throws IOException {
    return start("-f", "flv", "rtmp://127.0.0.1:" + port + "/live/" + name);
  }

  /** To the SRT port of this machine. */
  static Program srt(int port, String passphrase) throws IOException {
    return start("-f", "mpegts", "-passphrase", passphrase, "srt://127.0.0.1:" + port);
  }

  /** To that address, in that format of ffmpeg. */
  static Program to(String format, String address) throws IOException {
    return start("-f", format, address);
  }

  private static Program start(String... output) throws IOException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error"));
    command.addAll(List.of("-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15"));
    command.addAll(List.of("-re", "-f", "lavfi", "-i", "sine=frequency=440"));
    command.addAll(H264_AND_AAC);
    command.addAll(List.of(output));
    return Program.start(command.toArray(String[]::new));
  }
}
