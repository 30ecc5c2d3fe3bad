package dev.zoetrope.publish;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Media of the real ffmpeg as RTMP messages: type, time, payload. */
record FlvClip(List<Tag> tags) {
  private static final int LIMIT_SECONDS = 60;

  /** One message. */
  record Tag(int type, int timestamp, Bytes payload) {
    boolean isVideo() {
      return type == Message.VIDEO;
    }
  }

  List<Tag> video() {
    return tags.stream().filter(Tag::isVideo).toList();
  }

  List<Tag> audio() {
    return tags.stream().filter(tag -> tag.type() == Message.AUDIO).toList();
  }

  /** Pictures of 64x48 and sound, a second of both, as ffmpeg's FLV muxer has them. */
  static FlvClip h264(Path folder, String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=64x48:rate=25:duration=1",
                "-f",
                "lavfi",
                "-i",
                "sine=sample_rate=44100:duration=1",
                "-c:v",
                "libx264",
                "-g",
                "10",
                "-c:a",
                "aac"));
    command.addAll(List.of(options));
    command.addAll(List.of("-f", "flv"));
    byte[] flv = encode(folder, command);
    Fields in = new Fields("FLV", Bytes.owning(flv));
    in.bytes(9 + 4); // header, PreviousTagSize0
    List<Tag> tags = new ArrayList<>();
    while (in.left() > 0) {
      int type = in.u8();
      int size = in.u24();
      int timestamp = in.u24() | in.u8() << 24;
      in.u24(); // StreamID
      tags.add(new Tag(type, timestamp, in.bytes(size)));
      in.u32(); // PreviousTagSize
    }
    return new FlvClip(tags);
  }

  /** Pictures of 64x48 as enhanced RTMP has them, a second long. */
  static FlvClip enhanced(Path folder, String fourcc, String... encoder)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=1"));
    command.addAll(List.of(encoder));
    command.addAll(List.of("-pix_fmt", "yuv420p", "-g", "10", "-f", "mp4"));
    Path mp4 = Files.createTempFile(folder, "clip", ".mp4");
    Files.write(mp4, encode(folder, command));
    List<String> copy =
        List.of("-i", mp4.toString(), "-c", "copy", "-f", "nut", "-write_index", "0");
    Bytes name = Bytes.owning(fourcc.getBytes(StandardCharsets.US_ASCII));
    List<Tag> tags = new ArrayList<>();
    new NutReader(() -> 0)
        .read(
            new ByteArrayInputStream(encode(folder, copy)),
            new Sink<Packet>() {
              @Override
              public void begin(Run run) {
                Bytes configuration = run.video().orElseThrow().extradata();
                Bytes head = Bytes.of(0x80 | 1 << 4); // keyframe, SequenceStart
                tags.add(new Tag(Message.VIDEO, 0, Bytes.concat(head, name, configuration)));
              }

              @Override
              public void accept(Packet packet) {
                tags.add(frame(fourcc, name, packet));
              }
            });
    return new FlvClip(tags);
  }

  private static Tag frame(String fourcc, Bytes name, Packet packet) {
    int dts = (int) Math.floorDiv(packet.dtsMicros(), 1000) + 1000;
    int composition = (int) Math.floorDiv(packet.ptsMicros(), 1000) + 1000 - dts;
    int frameType = packet.isKeyframe() ? 1 : 2;
    boolean hasComposition = fourcc.equals("hvc1") && composition != 0;
    int packetType = fourcc.equals("hvc1") && composition == 0 ? 3 : 1; // CodedFramesX, CodedFrames
    Bytes time =
        hasComposition ? Bytes.of(composition >> 16, composition >> 8, composition) : Bytes.EMPTY;
    Bytes head = Bytes.of(0x80 | frameType << 4 | packetType);
    return new Tag(Message.VIDEO, dts, Bytes.concat(head, name, time, packet.data()));
  }

  private static byte[] encode(Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(folder, "clip", ".out");
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin", "-y"));
    command.addAll(arguments);
    command.add(file.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("ffmpeg " + arguments);
      }
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllBytes(file);
  }
}
