package dev.zoetrope;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A viewer that comes back as players do: whatever ended its visit, it asks again a little later.
 * Thread-safe.
 *
 * @param <T> what a visit is
 */
final class Returning<T> implements AutoCloseable {
  private static final Duration BACK_OFF = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** How it asks, and how it sees that it has to ask again. */
  interface Manner<T> {
    T visit() throws IOException;

    boolean isOver(T visit);

    void end(T visit);
  }

  private final Manner<T> manner;
  private final List<T> visits = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  private Returning(String name, Manner<T> manner) {
    this.manner = manner;
    thread = new Thread(this::comeBack, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** By a WebSocket, with the subscriptions 1, 2, … as these say behind the source. */
  static Returning<ManySocket> bySocket(URI live, String source, List<String> wishes) {
    return new Returning<>(
        "returning to " + live,
        new Manner<>() {
          @Override
          public ManySocket visit() throws IOException {
            ManySocket socket = ManySocket.open(live);
            for (int number = 1; number <= wishes.size(); number++) {
              socket.subscribe(number, source, wishes.get(number - 1));
            }
            return socket;
          }

          @Override
          public boolean isOver(ManySocket visit) {
            return visit.socket().isClosed();
          }

          @Override
          public void end(ManySocket visit) {
            visit.close();
          }
        });
  }

  /** By an endless response. */
  static Returning<LiveStream> byStream(URI uri) {
    return new Returning<>(
        "returning to " + uri,
        new Manner<>() {
          @Override
          public LiveStream visit() throws IOException {
            LiveStream stream = LiveStream.open(uri);
            try {
              if (stream.head().statusCode() == 200) {
                return stream;
              }
            } catch (CompletionException e) {
              throw new IOException(e);
            }
            stream.close();
            throw new IOException("not yet");
          }

          @Override
          public boolean isOver(LiveStream visit) {
            return visit.hasEnded();
          }

          @Override
          public void end(LiveStream visit) {
            visit.close();
          }
        });
  }

  private void comeBack() {
    try {
      while (!closed) {
        try {
          T visit = manner.visit();
          visits.add(visit);
          while (!closed && !manner.isOver(visit)) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
          }
        } catch (IOException e) {
          // it is not back yet, which whoever waits for it sees
        }
        TimeUnit.NANOSECONDS.sleep(BACK_OFF.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close() wants the end
    }
  }

  /** All visits, the newest last. */
  List<T> visits() {
    return List.copyOf(visits);
  }

  /** Ends it, and all visits. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    visits.forEach(manner::end);
  }
}
