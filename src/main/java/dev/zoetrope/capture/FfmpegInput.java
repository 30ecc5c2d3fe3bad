package dev.zoetrope.capture;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/** Packets from an ffmpeg process that writes NUT on stdout. */
final class FfmpegInput implements Input {
  /**
   * What ffmpeg says to sound that is announced in a transport stream and starts after the probe.
   */
  private static final String SOUND_MISSING = "sample rate not set";

  /** The picture is mapped first. */
  private static final String NO_TAG_FOR_PICTURE = "No codec tag defined for stream 0";

  private static final String NO_TAG_FOR_SOUND = "No codec tag defined for stream 1";

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
    try {
      process.stdin().close();
    } catch (IOException e) {
      process.close();
      throw e;
    }
    reader = new NutReader(wallMicros);
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException {
    String end = "the source ended";
    try {
      reader.read(process.stdout(), sink);
    } catch (IOException e) {
      end = String.valueOf(e.getMessage());
    }
    if (closed) {
      return;
    }
    process.close(); // it may go on where only its packets were unreadable
    throw failure(process, end);
  }

  /**
   * Why a process that has ended gave nothing more.
   *
   * @param otherwise where it did not say
   */
  static IOException failure(FfmpegProcess ended, String otherwise) {
    String lastWords = ended.lastWords().orElse(otherwise);
    if (said(ended, NO_TAG_FOR_PICTURE)) {
      return new UncopiablePictureException(lastWords);
    }
    return said(ended, SOUND_MISSING) || said(ended, NO_TAG_FOR_SOUND)
        ? new SoundMissingException(lastWords)
        : new IOException(lastWords);
  }

  @Override
  public List<String> log() {
    return process.tail();
  }

  private static boolean said(FfmpegProcess ended, String words) {
    return ended.tail().stream().anyMatch(line -> line.contains(words));
  }

  @Override
  public void close() {
    closed = true;
    process.close();
  }
}
