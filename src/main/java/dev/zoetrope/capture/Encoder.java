package dev.zoetrope.capture;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.format.NutWriter;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * The ffmpeg that makes one track whose codec the source does not already have: packets in on
 * stdin, packets out on stdout. For one run of the capture.
 *
 * <p>{@link #write} belongs to one thread, which it may block; what comes out is given to the sink
 * on the encoder's own thread, with the capture time of the packet that went in with it.
 */
final class Encoder implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Encoder.class.getName());

  /** Capture times kept for packets that are inside the encoder; it holds a few frames at most. */
  private static final int MAX_TIMES = 1024;

  private final Ffmpeg ffmpeg;
  private final String name;
  private final Encoding encoding;
  private final ChildProcess process;
  private final NutWriter writer;
  private final Track track; // as the only one
  private final NavigableMap<Long, Long> captureMicros = new ConcurrentSkipListMap<>(); // by pts
  private final Thread reader;
  private volatile boolean closed;

  /** Starts it, without limits of what it may take. */
  public Encoder(
      Ffmpeg ffmpeg,
      String name,
      Encoding encoding,
      Track input,
      long fromMicros,
      LongSupplier wallMicros,
      Sink<Packet> sink)
      throws IOException {
    this(ffmpeg, name, encoding, input, fromMicros, ProcessLimits.NONE, wallMicros, sink);
  }

  /**
   * Starts it.
   *
   * @param name for threads and logs: {@code gate/mjpeg}
   * @param input the one track that {@link #write} will bring
   * @param fromMicros earlier pictures are decoded but not encoded: it catches up with the present
   * @param sink gets the encoded track; its run has index 0 only
   * @throws IOException if ffmpeg cannot be started
   */
  public Encoder(
      Ffmpeg ffmpeg,
      String name,
      Encoding encoding,
      Track input,
      long fromMicros,
      ProcessLimits limits,
      LongSupplier wallMicros,
      Sink<Packet> sink)
      throws IOException {
    this.ffmpeg = ffmpeg;
    this.name = name;
    this.encoding = encoding;
    process =
        new ChildProcess(
            ffmpeg.children(),
            ffmpeg.program(),
            EncoderCommand.of(encoding, fromMicros, limits.threads()),
            name,
            limits);
    track = input.withIndex(0);
    try {
      writer = new NutWriter(process.stdin(), List.of(track), frameRate(encoding));
    } catch (IOException e) {
      process.kill();
      throw e;
    }
    Sink<Packet> timed = new Timed(sink);
    reader = Ffmpeg.daemon("encoder " + name, () -> read(new NutReader(wallMicros), timed));
    reader.start();
    EncoderRun.note(name, "started");
  }

  /**
   * The next packet of the input track. Blocks while the encoder does not keep up.
   *
   * @throws IOException if the encoder has ended; the message says why, for people
   */
  public void write(Packet packet) throws IOException {
    captureMicros.put(packet.ptsMicros(), packet.captureMicros());
    if (captureMicros.size() > MAX_TIMES) {
      captureMicros.pollFirstEntry();
    }
    try {
      writer.write(packet.of(track));
    } catch (IOException e) {
      throw new IOException(lastWords(), e);
    }
  }

  /** libx264 goes by times, and the others of ours need none. */
  private static OptionalInt frameRate(Encoding encoding) {
    return encoding instanceof Encoding.H264 h264 && !h264.encoderName().equals("libx264")
        ? OptionalInt.of(h264.fps())
        : OptionalInt.empty();
  }

  private void read(NutReader nut, Sink<Packet> sink) {
    try {
      nut.read(process.stdout(), sink);
    } catch (IOException e) {
      if (!closed) {
        LOG.log(Level.WARNING, "encoder {0}: {1}", name, e.getMessage());
      }
    } catch (RuntimeException e) { // ours: the rendition has to begin anew
      LOG.log(Level.ERROR, "encoder " + name + " broke an invariant", e);
    }
    EncoderRun.note(name, "ended");
    boolean failed = !closed && process.excess().isEmpty();
    process.kill(); // so that write() fails at once, rather than blocks for ever
    if (failed && encoding instanceof Encoding.H264 h264) {
      ffmpeg.hardwareFailed(h264.encoderName(), lastWords());
    }
  }

  private String lastWords() {
    return process.lastWords().orElse("ended without a word");
  }

  /** Ends the process and its thread. Idempotent, any thread but its own. */
  @Override
  public void close() {
    closed = true;
    process.kill();
    Ffmpeg.join(reader);
  }

  /** Gives each encoded packet the capture time of the input packet nearest in pts. */
  private final class Timed implements Sink<Packet> {
    private final Sink<Packet> next;

    Timed(Sink<Packet> next) {
      this.next = next;
    }

    @Override
    public void begin(Run run) {
      next.begin(run);
    }

    @Override
    public void accept(Packet packet) {
      Map.Entry<Long, Long> nearest = nearest(packet.ptsMicros());
      long micros = nearest == null ? packet.captureMicros() : nearest.getValue();
      next.accept(packet.capturedAt(micros));
    }

    private Map.Entry<Long, Long> nearest(long ptsMicros) {
      Map.Entry<Long, Long> before = captureMicros.floorEntry(ptsMicros);
      Map.Entry<Long, Long> after = captureMicros.ceilingEntry(ptsMicros);
      if (before == null || after == null) {
        return before == null ? after : before;
      }
      return ptsMicros - before.getKey() <= after.getKey() - ptsMicros ? before : after;
    }
  }
}
