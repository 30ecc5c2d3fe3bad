package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.io.IOException;

/**
 * For machines, {@code ?strict=1}: the source or nothing. Cards before its first picture are left
 * out, one after it ends the connection as a stream that restarts.
 */
final class SourceOnly implements Connection {
  private final Connection connection;
  private final Lease lease;

  // Confined to the viewer's worker.
  private Run run;
  private boolean begun; // for the client
  private boolean joins; // it waits for a join point
  private boolean ended;

  SourceOnly(Connection connection, Lease lease) {
    this.connection = connection;
    this.lease = lease;
  }

  @Override
  public boolean isReady() {
    return !ended && connection.isReady();
  }

  @Override
  public long delayMicros() {
    return connection.delayMicros();
  }

  @Override
  public boolean begin(Run next, Fragment first) throws IOException {
    run = next;
    if (!lease.isOfSource(first)) {
      return !begun;
    }
    begun = true;
    return connection.begin(next, first);
  }

  @Override
  public void write(Fragment fragment, boolean joining) throws IOException {
    if (!lease.isOfSource(fragment)) {
      if (begun) {
        end();
      }
      return;
    }
    if (!begun) { // the source took the card's place in the same run
      begun = true;
      joins = true;
      if (!connection.begin(run, fragment)) {
        end();
      }
    }
    boolean isFitting = !joins || fragment.isJoinPoint();
    if (isFitting && isReady()) {
      connection.write(fragment, joining || joins);
      joins = false;
    }
  }

  private void end() {
    ended = true;
    connection.close(Ending.STREAM_RESTARTED);
  }

  @Override
  public void flush() throws IOException {
    connection.flush();
  }

  @Override
  public void close(Ending why) {
    connection.close(why);
  }
}
