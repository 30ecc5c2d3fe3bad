package dev.zoetrope.capture;

import dev.zoetrope.format.NutReader;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The endless body of a publisher: its bytes are brought by one thread, written to ffmpeg by a
 * thread of this input, and read as packets by the capture's.
 *
 * <p>A body cannot be asked for again: its beginning is kept until the first packet, so that ffmpeg
 * can be given it anew without the sound, or the picture as JPEG, where it has to be.
 */
public final class BodyInput implements Input {
  /** How a body came to its end. */
  public enum How {
    /** It was taken, to its end. */
    DONE,
    /** It holds nothing that can be shown. */
    UNREADABLE,
    /** The publisher went before its end. */
    LEFT,
    /** The server ended it: it stops, or somebody else took over. */
    CLOSED
  }

  /**
   * The end of a body.
   *
   * @param words for people
   */
  public record Ending(How how, String words) {}

  private final Ffmpeg ffmpeg;
  private final ProcessLimits limits;
  private final BodyFormat format;
  private final String name;
  private final LongSupplier wallMicros;
  private final BodyQueue queue = new BodyQueue();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private volatile boolean closed;
  private volatile boolean endedByPublisher;
  private volatile ChildProcess process; // null while none has been started

  /**
   * @param name of the source, for threads
   */
  public BodyInput(
      Ffmpeg ffmpeg,
      BodyFormat format,
      String name,
      ProcessLimits limits,
      LongSupplier wallMicros) {
    this.limits = limits;
    this.ffmpeg = ffmpeg;
    this.format = format;
    this.name = name;
    this.wallMicros = wallMicros;
  }

  /**
   * The next bytes of the body. Never waits.
   *
   * @return false if nothing more is wanted: {@link #ending} says why
   */
  public boolean bring(Bytes bytes) {
    return queue.put(bytes);
  }

  /**
   * Whether so much is there that has not been read that no more should be brought for now.
   *
   * @param goOn if so, called once when there is room: by the thread that takes it on, which may be
   *     kept, or by the one that ends it
   */
  public boolean isFull(Runnable goOn) {
    return queue.isFull(goOn);
  }

  /** How many bytes of what was brought are read until now; never fewer than before. */
  public long readBytes() {
    return queue.takenBytes();
  }

  /** The body has come to its end. Idempotent. */
  public void end() {
    queue.end("");
  }

  /**
   * The rest of the body will not come; whoever waits in {@link #bring} waits no longer.
   * Idempotent; nothing after {@link #end}.
   *
   * @param why for people
   */
  public void abandon(String why) {
    queue.end(why);
  }

  /** How the body comes to its end; completed on the thread that ends it. */
  public CompletionStage<Ending> ending() {
    return ending;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException {
    Watch watch = new Watch(sink);
    try {
      Handover handover = Handover.WHOLE;
      IOException failure = readOnce(watch, handover);
      while (!watch.hasPacket && !closed && queue.rewind()) {
        Optional<Handover> other = handover.after(failure);
        if (other.isEmpty()) {
          break;
        }
        handover = other.get();
        failure = readOnce(watch, handover);
      }
      throw fail(watch.hasPacket, failure);
    } finally {
      queue.close();
      ending.complete(new Ending(How.CLOSED, "the server stopped reading"));
    }
  }

  /** Says how it ended to the publisher, and to the capture. */
  private IOException fail(boolean hasPacket, IOException failure) {
    if (closed) {
      return failure;
    }
    Optional<String> leaving = queue.ending();
    if (leaving.isPresent() && !leaving.get().isEmpty()) {
      endedByPublisher = true;
      ending.complete(new Ending(How.LEFT, leaving.get()));
      return new IOException(leaving.get());
    }
    if (!hasPacket || leaving.isEmpty()) { // or ffmpeg ended before the body did
      String words = String.valueOf(failure.getMessage());
      ending.complete(new Ending(How.UNREADABLE, words));
      return failure;
    }
    endedByPublisher = true;
    String words = "the publisher ended the stream";
    ending.complete(new Ending(How.DONE, words));
    return new IOException(words);
  }

  /** Reads until ffmpeg has ended; why it did. */
  private IOException readOnce(Watch watch, Handover handover) throws IOException {
    ChildProcess started =
        new ChildProcess(
            ffmpeg.children(),
            ffmpeg.program(),
            CaptureCommand.body(format, handover),
            name,
            limits);
    process = started;
    Thread pump = Ffmpeg.daemon("publisher " + name, () -> pump(started.stdin()));
    String end = "the stream holds no picture";
    try {
      if (!closed) { // close() may have come before it could see the process
        pump.start();
        new NutReader(wallMicros).read(started.stdout(), watch);
      }
    } catch (IOException e) {
      end = String.valueOf(e.getMessage());
    } finally {
      started.close(); // so that the pump's write fails, too
      queue.wake();
      Ffmpeg.join(pump);
    }
    return closed ? new IOException("closed") : FfmpegInput.failure(started, end);
  }

  /** From the queue to ffmpeg's stdin, until either ends. */
  private void pump(OutputStream stdin) {
    try (stdin) {
      for (Optional<Bytes> next = queue.take(); next.isPresent(); next = queue.take()) {
        next.get().writeTo(stdin);
        stdin.flush();
      }
    } catch (IOException e) {
      // ffmpeg has ended: whoever reads its packets knows why
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<String> log() {
    ChildProcess running = process;
    return running == null ? List.of() : running.tail();
  }

  /** None where the publisher ended it: what ffmpeg says of a cut stream is no cause then. */
  @Override
  public List<String> complaints() {
    return endedByPublisher ? List.of() : log();
  }

  @Override
  public void close() {
    closed = true;
    queue.close();
    ending.complete(new Ending(How.CLOSED, "the server stopped reading"));
    ChildProcess running = process;
    if (running != null) {
      running.close();
    }
  }

  /** Sees that packets come. Confined to the capture's thread. */
  private final class Watch implements Sink<Packet> {
    private final Sink<Packet> next;
    private boolean hasPacket;

    Watch(Sink<Packet> next) {
      this.next = next;
    }

    @Override
    public void begin(Run run) {
      next.begin(run);
    }

    @Override
    public void accept(Packet packet) {
      if (!hasPacket) {
        hasPacket = true;
        queue.forgetBeginning();
      }
      next.accept(packet);
    }
  }
}
