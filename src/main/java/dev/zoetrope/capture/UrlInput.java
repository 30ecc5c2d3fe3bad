package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Url;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * An address that is pulled: its process is started once {@link WayOut} has looked where it leads,
 * on a thread {@code look up <source>} of its own, which nobody has to wait for.
 */
final class UrlInput implements Input {
  /** Starts the process. */
  @FunctionalInterface
  interface Opening {
    Input open() throws IOException;
  }

  private final Url url;
  private final String name;
  private final WayOut wayOut;
  private final Opening opening;
  private final CompletableFuture<Void> looked = new CompletableFuture<>();

  private volatile Input input; // null before it is started
  private volatile String failure = ""; // of the look
  private boolean closed; // guarded by this

  /**
   * @param name of the source, for threads
   */
  UrlInput(Url url, String name, WayOut wayOut, Opening opening) {
    this.url = url;
    this.name = name;
    this.wayOut = wayOut;
    this.opening = opening;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    Ffmpeg.daemon("look up " + name, this::look).start();
    try {
      looked.get();
    } catch (CancellationException e) {
      return; // it is closed
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException why) {
        failure = String.valueOf(why.getMessage());
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    }
    Input opened;
    synchronized (this) {
      if (closed) {
        return;
      }
      opened = opening.open();
      input = opened;
    }
    opened.read(sink);
  }

  private void look() {
    try {
      wayOut.check(url);
      looked.complete(null);
    } catch (IOException | RuntimeException e) {
      looked.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      looked.completeExceptionally(e);
    }
  }

  @Override
  public List<String> log() {
    Input started = input;
    if (started != null) {
      return started.log();
    }
    return failure.isEmpty() ? List.of() : List.of(url.maskedIn(failure));
  }

  @Override
  public void survive() {
    Input started = input;
    if (started != null) {
      started.survive();
    }
  }

  @Override
  public List<String> complaints() {
    Input started = input;
    return started == null ? log() : started.complaints();
  }

  @Override
  public void giveUp() {
    Input started = end();
    if (started != null) {
      started.giveUp();
    }
  }

  @Override
  public void close() {
    Input started = end();
    if (started != null) {
      started.close();
    }
  }

  private synchronized Input end() {
    closed = true;
    looked.cancel(false);
    return input;
  }
}
