package dev.zoetrope.capture;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/** Packets from an ffmpeg process that writes NUT on stdout. */
final class FfmpegInput implements Input {
  private final FfmpegProcess process;
  private final NutReader reader;
  private volatile boolean closed;

  /**
   * @param arguments of ffmpeg: {@link FfmpegCommand#capture}
   * @param name of the source, for threads
   */
  FfmpegInput(Ffmpeg ffmpeg, List<String> arguments, String name, LongSupplier wallMicros)
      throws IOException {
    process = new FfmpegProcess(ffmpeg, arguments, name);
    process.stdin().close();
    reader = new NutReader(wallMicros);
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    try {
      reader.read(process.stdout(), sink);
    } catch (IOException e) {
      if (!closed) {
        process.close();
        throw failure(e.getMessage(), e);
      }
    }
    if (!closed) {
      throw failure("the source ended", null);
    }
  }

  private IOException failure(String otherwise, IOException cause) throws InterruptedException {
    String words = process.lastWords().orElse(otherwise);
    // Not the last of its words: "Error initializing output stream" comes behind.
    boolean isSoundMissing =
        process.tail().stream().anyMatch(line -> line.contains("sample rate not set"));
    return isSoundMissing ? new SoundMissingException(words) : new IOException(words, cause);
  }

  @Override
  public void close() {
    closed = true;
    process.close();
  }
}
