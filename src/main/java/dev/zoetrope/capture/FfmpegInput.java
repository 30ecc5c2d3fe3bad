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
        throw new IOException(process.lastWords().orElse(e.getMessage()), e);
      }
    }
    if (!closed) {
      throw new IOException(process.lastWords().orElse("the source ended"));
    }
  }

  @Override
  public void close() {
    closed = true;
    process.close();
  }
}
