package dev.zoetrope;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A moving picture and a tone by ffmpeg, in real time, brought to a {@link PublisherSocket}. */
final class LiveClip implements AutoCloseable {
  private static final int LIMIT_SECONDS = 30;
  private static final int PIECE_BYTES = 16 << 10;

  private static final List<String> H264 =
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
  private static final List<String> VP8 =
      List.of("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus");

  private final Process ffmpeg;
  private final Thread bringing;
  private final AtomicLong bytes = new AtomicLong();

  private LiveClip(PublisherSocket publisher, String format, List<String> length)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error"));
    command.addAll(List.of("-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25"));
    command.addAll(List.of("-re", "-f", "lavfi", "-i", "sine=frequency=440"));
    command.addAll(length);
    command.addAll(format.equals("webm") ? VP8 : H264);
    if (format.equals("mp4")) {
      command.addAll(List.of("-movflags", "frag_keyframe+empty_moov+default_base_moof"));
    }
    command.addAll(List.of("-flush_packets", "1", "-f", format, "pipe:1"));
    ffmpeg = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    bringing = new Thread(() -> bring(publisher), "live clip");
    bringing.setDaemon(true);
    bringing.start();
  }

  /** Without an end. */
  static LiveClip endless(PublisherSocket publisher, String format) throws IOException {
    return new LiveClip(publisher, format, List.of());
  }

  /** So many seconds. */
  static LiveClip of(PublisherSocket publisher, String format, int seconds) throws IOException {
    return new LiveClip(publisher, format, List.of("-t", Integer.toString(seconds)));
  }

  private void bring(PublisherSocket publisher) {
    byte[] piece = new byte[PIECE_BYTES];
    try (InputStream out = ffmpeg.getInputStream()) {
      for (int count = out.read(piece); count >= 0; count = out.read(piece)) {
        publisher
            .bring(Arrays.copyOf(piece, count))
            .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
            .join();
        bytes.addAndGet(count);
      }
    } catch (IOException | CompletionException e) {
      // the test has ended one of the two
    }
  }

  /** How many it brought. */
  long bytes() {
    return bytes.get();
  }

  /** Waits until all is brought. */
  void await() throws InterruptedException, TimeoutException {
    bringing.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    if (bringing.isAlive()) {
      throw new TimeoutException("the clip does not end");
    }
  }

  /** What is on the way is brought still. */
  @Override
  public void close() {
    ffmpeg.destroyForcibly();
    try {
      bringing.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
