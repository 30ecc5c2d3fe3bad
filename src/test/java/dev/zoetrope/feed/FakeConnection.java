package dev.zoetrope.feed;

import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket with room for as many calls as the test gives it. What it got reads as {@code run 0},
 * {@code >name} for a fragment joined at, {@code name} for one that follows, {@code end LEFT}.
 */
final class FakeConnection implements Connection {
  static final Client CLIENT = new Client(7, "mjpeg", "192.0.2.7", Instant.EPOCH);

  final List<String> got = new ArrayList<>();
  int room = Integer.MAX_VALUE;
  boolean takesRuns = true;
  int flushes;
  long delayMicros;
  boolean isBroken;
  RuntimeException bug;

  @Override
  public boolean isReady() {
    return room > 0;
  }

  @Override
  public long delayMicros() {
    return delayMicros;
  }

  @Override
  public boolean begin(Run run, Fragment first) throws IOException {
    take("run " + run.number());
    return takesRuns;
  }

  @Override
  public void write(Fragment fragment, boolean joining) throws IOException {
    take((joining ? ">" : "") + ((TestFragment) fragment).name());
  }

  private void take(String what) throws IOException {
    if (room == 0) {
      throw new AssertionError(what + " without room");
    }
    if (isBroken) {
      throw new IOException("the client has gone");
    }
    if (bug != null) {
      throw bug;
    }
    room--;
    got.add(what);
  }

  @Override
  public void flush() {
    flushes++;
  }

  @Override
  public void close(Ending why) {
    got.add("end " + why);
  }
}
