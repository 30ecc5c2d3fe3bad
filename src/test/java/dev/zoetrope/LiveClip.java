package dev.zoetrope;

import java.io.IOException;
import java.io.InputStream;
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

  private final Process ffmpeg;
  private final Thread bringing;
  private final AtomicLong bytes = new AtomicLong();

  private LiveClip(PublisherSocket publisher, String format, String... length) throws IOException {
    List<String> command = Broadcast.command(format, "pipe:1", length);
    ffmpeg = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    bringing = new Thread(() -> bring(publisher), "live clip");
    bringing.setDaemon(true);
    bringing.start();
  }

  /** Without an end. */
  static LiveClip endless(PublisherSocket publisher, String format) throws IOException {
    return new LiveClip(publisher, format);
  }

  /** So many seconds. */
  static LiveClip of(PublisherSocket publisher, String format, int seconds) throws IOException {
    return new LiveClip(publisher, format, "-t", Integer.toString(seconds));
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
