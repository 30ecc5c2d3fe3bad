package dev.zoetrope.bench;

import dev.zoetrope.format.FfmpegGif;
import dev.zoetrope.format.GifClip;
import dev.zoetrope.format.GifFraming;
import dev.zoetrope.format.GifRecording;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * GIF, ours against ffmpeg's (a fixed palette made from the whole clip, changes only, no dither) on
 * the same raw pictures: bytes, PSNR as ffmpeg decodes both, CPU time. The clip is the tree's own
 * or that of {@code -Dclip=}.
 *
 * <p>Ours is the CPU time of the packager's thread, warm, as in a server; ffmpeg's is user and
 * system time of a process that reads raw pictures and writes the GIF, the least of three runs.
 */
public final class GifBench {
  private static final int WARM_UPS = 8;
  private static final int RUNS = 3;

  private GifBench() {}

  public static void main(String[] arguments) throws IOException {
    GifClip clip = GifClip.load();
    int pictures = clip.pictures().size();
    FfmpegGif theirs = FfmpegGif.of(clip);
    GifRecording ours = encode(clip.pictures());
    for (int i = 0; i < WARM_UPS; i++) {
      ours = encode(clip.pictures());
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double least = Double.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long before = threads.getCurrentThreadCpuTime();
      ours = encode(clip.pictures());
      least = Math.min(least, (threads.getCurrentThreadCpuTime() - before) / 1e6 / pictures);
    }
    Bytes gif = ours.watch(GifFraming.PLAIN, 0);

    double ourPsnr = psnr(clip, gif);
    double theirPsnr = psnr(clip, theirs.bytes());
    double theirCpu = theirs.cpuMillisPerPicture();
    System.out.printf(
        "%-28s %12s %9s %12s%n", "GIF 320x180", "bytes/frame", "PSNR dB", "CPU ms/frame");
    print("ffmpeg, fixed palette, delta", theirs.bytes().size() / pictures, theirPsnr, theirCpu);
    print("zoetrope", gif.size() / pictures, ourPsnr, least);
    System.out.printf(
        "%-28s %11.2fx %+9.2f %11.2fx%n",
        "zoetrope to ffmpeg",
        (double) gif.size() / theirs.bytes().size(),
        ourPsnr - theirPsnr,
        least / theirCpu);
  }

  private static void print(String name, int bytes, double psnr, double cpu) {
    System.out.printf("%-28s %12d %9.2f %12.2f%n", name, bytes, psnr, cpu);
  }

  private static double psnr(GifClip clip, Bytes gif) throws IOException {
    return GifClip.psnr(clip.pictures(), GifClip.decode(gif, GifClip.WIDTH, GifClip.HEIGHT));
  }

  private static GifRecording encode(List<Bytes> pictures) {
    GifRecording recording = new GifRecording(0);
    Track track = GifClip.track(GifClip.WIDTH, GifClip.HEIGHT);
    recording.packager.begin(List.of(track));
    for (int i = 0; i < pictures.size(); i++) {
      recording.packager.accept(GifClip.packet(track, i, pictures.get(i)));
    }
    return recording;
  }
}
