package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** NUT made and read by the real ffmpeg and ffprobe, and by us. */
final class NutClip {
  static final String PICTURE = "-f lavfi -i testsrc2=s=64x48:r=25 ";
  static final String SOUND = "-f lavfi -i sine=r=48000 ";

  private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

  /** A packet as ffprobe shows it; dts is empty where ffprobe does not know it. */
  record Probed(
      int stream,
      long ptsMicros,
      OptionalLong dtsMicros,
      boolean isKeyframe,
      int size,
      long endPosition) {}

  /** Keeps what it is given. */
  static final class Collected implements Sink<Packet> {
    final List<Run> runs = new ArrayList<>();
    final List<Packet> packets = new ArrayList<>();

    @Override
    public void begin(Run run) {
      runs.add(run);
    }

    @Override
    public void accept(Packet packet) {
      assertThat(runs).isNotEmpty();
      packets.add(packet);
    }

    List<Track> tracks() {
      return runs.get(0).tracks();
    }

    List<Packet> of(Track track) {
      return packets.stream().filter(packet -> packet.track().equals(track)).toList();
    }
  }

  private NutClip() {}

  /** What {@code ffmpeg ARGUMENTS -f nut} writes; made once. */
  static byte[] make(String arguments) {
    return MADE.computeIfAbsent(
        arguments, key -> ffmpeg(new byte[0], key + " -f nut -write_index 0 -flush_packets 1 -"));
  }

  /** The same in NUT, after a detour through another container, as a capture copies it. */
  static byte[] copied(String arguments, String container) {
    return MADE.computeIfAbsent(
        arguments + container,
        key -> {
          try {
            Path file = Files.createTempFile("nut", "." + container);
            ffmpeg(new byte[0], arguments + " -y -f " + container + " " + file);
            byte[] nut = ffmpeg(new byte[0], "-i " + file + " -c copy -f nut -write_index 0 -");
            Files.delete(file);
            return nut;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The output of ffmpeg that is given {@code input}. */
  static byte[] ffmpeg(byte[] input, String arguments) {
    return run(input, "ffmpeg -v error -bitexact " + arguments);
  }

  static byte[] run(byte[] input, String command) {
    try {
      Process process =
          new ProcessBuilder(Arrays.asList(command.trim().split(" +", -1)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(
              () -> {
                try (OutputStream stdin = process.getOutputStream()) {
                  stdin.write(input);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      byte[] output = process.getInputStream().readAllBytes();
      written.join();
      assertThat(process.waitFor()).as(command).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static List<Probed> probe(byte[] nut) {
    String entries = "packet=stream_index,pts,dts,size,pos,flags:stream=index,time_base";
    byte[] csv = run(nut, "ffprobe -v error -f nut -show_entries " + entries + " -of csv -");
    List<String[]> lines =
        new String(csv, StandardCharsets.US_ASCII)
            .lines()
            .map(line -> line.split(",", -1))
            .toList();
    Map<String, BigDecimal[]> timeBases = new HashMap<>();
    for (String[] line : lines) {
      if (line[0].equals("stream")) {
        String[] timeBase = line[2].split("/", -1);
        timeBases.put(
            line[1], new BigDecimal[] {new BigDecimal(timeBase[0]), new BigDecimal(timeBase[1])});
      }
    }
    return lines.stream()
        .filter(line -> line[0].equals("packet"))
        .map(line -> probed(line, timeBases.get(line[1])))
        .toList();
  }

  private static Probed probed(String[] fields, BigDecimal[] timeBase) {
    int size = Integer.parseInt(fields[4]);
    return new Probed(
        Integer.parseInt(fields[1]),
        micros(fields[2], timeBase),
        fields[3].equals("N/A")
            ? OptionalLong.empty()
            : OptionalLong.of(micros(fields[3], timeBase)),
        fields[6].startsWith("K"),
        size,
        Long.parseLong(fields[5]) + size);
  }

  private static long micros(String ticks, BigDecimal[] timeBase) {
    return new BigDecimal(ticks)
        .multiply(timeBase[0])
        .movePointRight(6)
        .divide(timeBase[1], 0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** MD5 of each decoded frame, in order of presentation. */
  static List<String> decodedFrames(byte[] nut, String stream) {
    String arguments = "-f nut -i - -map 0:" + stream + " -fps_mode passthrough -f framemd5 -";
    return new String(ffmpeg(nut, arguments), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).trim())
        .toList();
  }

  static Collected read(byte[] nut) throws IOException {
    return read(new ByteArrayInputStream(nut));
  }

  static Collected read(InputStream nut) throws IOException {
    Collected collected = new Collected();
    new NutReader(() -> 0).read(nut, collected);
    return collected;
  }

  /** What was read until the stream ended or was found damaged; fails on any other exception. */
  static Collected readDamaged(byte[] nut) {
    Collected collected = new Collected();
    try {
      new NutReader(() -> 0).read(new ByteArrayInputStream(nut), collected);
    } catch (MalformedMediaException e) {
      assertThat(e).hasMessageStartingWith("NUT at byte ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return collected;
  }

  static byte[] write(List<Track> tracks, List<Packet> packets) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NutWriter writer = new NutWriter(out, tracks);
    for (Packet packet : packets) {
      writer.write(packet);
    }
    return out.toByteArray();
  }
}
