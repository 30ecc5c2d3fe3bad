package dev.zoetrope.access;

import java.io.IOException;
import java.util.Optional;

/** A store that is gone with the test, and fails when told to. */
final class MemoryStore implements Store {
  private Optional<Kept> kept = Optional.empty();
  private boolean isChanged;
  private boolean isFull;
  private boolean isBroken;

  /** What somebody changes by hand. */
  void change(Kept byHand) {
    kept = Optional.of(byHand);
    isChanged = true;
  }

  void fill(boolean full) {
    isFull = full;
  }

  void spoil() {
    isBroken = true;
    isChanged = true;
  }

  Kept kept() {
    return kept.orElseThrow();
  }

  @Override
  public Optional<Kept> read() throws IOException {
    isChanged = false;
    if (isBroken) {
      throw new IOException("broken");
    }
    return kept;
  }

  @Override
  public void write(Kept wanted) throws IOException {
    if (isFull || isBroken) {
      throw new IOException(isBroken ? "broken" : "No space left on device");
    }
    kept = Optional.of(wanted);
  }

  @Override
  public boolean look() {
    return isChanged;
  }
}
