package dev.zoetrope.capture;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
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
   * @param arguments of ffmpeg: {@link CaptureCommand#of}
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
    this(ffmpeg, arguments, name, beginning, limits, wallMicros, line -> {});
  }

  /**
   * @param listener hears of each line that ffmpeg writes to stderr, on a thread of its own
   */
  FfmpegInput(
      Ffmpeg ffmpeg,
      List<String> arguments,
      String name,
      Beginning beginning,
      ProcessLimits limits,
      LongSupplier wallMicros,
      Consumer<String> listener)
      throws IOException {
    this.beginning = beginning;
    process =
        new ChildProcess(ffmpeg.children(), ffmpeg.program(), arguments, name, limits, listener);
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
    throw failure(process, end);
  }

  /**
   * Why a process that has ended gave nothing more.
   *
   * @param otherwise where it did not say
   */
  static IOException failure(ChildProcess ended, String otherwise) {
    String lastWords = ended.lastWords().orElse(otherwise);
    if (ended.excess().isPresent()) {
      return new OverLimitException(lastWords);
    }
    if (said(ended, NO_TAG_FOR_PICTURE)) {
      return new UncopiablePictureException(lastWords);
    }
    return said(ended, SOUND_MISSING) || said(ended, NO_TAG_FOR_SOUND)
        ? new SoundMissingException(lastWords)
        : new IOException(lastWords);
  }

  private static boolean said(ChildProcess ended, String words) {
    return ended.tail().stream().anyMatch(line -> line.contains(words));
  }

  /** Whether {@link #read} has failed only because ffmpeg was done. On the reading thread. */
  boolean hasEndedWell() {
    return endedWell;
  }

  /** Whether ffmpeg has not written its last packet yet. */
  boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public List<String> log() {
    return process.tail();
  }

  @Override
  public void survive() {
    process.survive();
  }

  @Override
  public List<String> complaints() {
    return process.complaints();
  }

  @Override
  public boolean mayWait() {
    return beginning == Beginning.BY_CALLER;
  }

  @Override
  public void giveUp() {
    closed = true;
    process.giveUp();
  }

  @Override
  public void close() {
    closed = true;
    process.close();
  }
}
