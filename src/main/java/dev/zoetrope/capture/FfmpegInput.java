package dev.zoetrope.capture;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
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

  /** Between the end of stdout and that of the process. */
  private static final Duration END = Duration.ofSeconds(1);

  /** Whether the source comes by itself, or has to be waited for. */
  enum Beginning {
    BY_ITSELF,
    /** When somebody calls. */
    BY_CALLER
  }

  private final ChildProcess process;
  private final NutReader reader;
  private final Beginning beginning;
  private volatile boolean closed;
  private boolean endedWell; // confined to the reading thread

  /**
   * @param arguments of ffmpeg: {@link FfmpegCommand#capture}
   * @param name of the source, for threads
   */
  FfmpegInput(Ffmpeg ffmpeg, List<String> arguments, String name, LongSupplier wallMicros)
      throws IOException {
    this(ffmpeg, arguments, name, Beginning.BY_ITSELF, ProcessLimits.NONE, wallMicros);
  }

  FfmpegInput(
      Ffmpeg ffmpeg,
      List<String> arguments,
      String name,
      Beginning beginning,
      ProcessLimits limits,
      LongSupplier wallMicros)
      throws IOException {
    this.beginning = beginning;
    process = new ChildProcess(ffmpeg.children(), ffmpeg.program(), arguments, name, limits);
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
      endedWell = process.exitCode(END).equals(OptionalInt.of(0));
    } catch (IOException e) {
      end = String.valueOf(e.getMessage());
    }
    if (closed) {
      return;
    }
    process.close(); // it may go on where only its packets were unreadable
    String lastWords = process.lastWords().orElse(end);
    if (process.excess().isPresent()) {
      throw new OverLimitException(lastWords);
    }
    if (said(NO_TAG_FOR_PICTURE)) {
      throw new UncopiablePictureException(lastWords);
    }
    throw said(SOUND_MISSING) || said(NO_TAG_FOR_SOUND)
        ? new SoundMissingException(lastWords)
        : new IOException(lastWords);
  }

  private boolean said(String words) {
    return process.tail().stream().anyMatch(line -> line.contains(words));
  }

  /** Whether {@link #read} has failed only because ffmpeg was done. On the reading thread. */
  boolean hasEndedWell() {
    return endedWell;
  }

  /** Whether ffmpeg has not written its last packet yet. */
  boolean isRunning() {
    return process.isAlive();
  }

  /** The last lines of stderr. Any thread. */
  List<String> tail() {
    return process.tail();
  }

  @Override
  public boolean mayWait() {
    return beginning == Beginning.BY_CALLER;
  }

  @Override
  public void close() {
    closed = true;
    process.close();
  }
}
