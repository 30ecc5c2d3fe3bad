package dev.zoetrope.access;

import dev.zoetrope.media.Secret;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What is kept, in memory and in the store. Where the store cannot be read there is nobody, and
 * nothing can be changed, until it is mended. Thread-safe.
 */
final class Ledger {
  private static final Logger LOG = System.getLogger(Ledger.class.getName());

  /** What becomes of what is kept. */
  interface Change {
    Kept of(Kept before) throws RefusedException;
  }

  private final Store store;
  private volatile Kept kept; // written under this
  private volatile boolean isBroken; // written under this
  private boolean isDirty; // guarded by this: the store does not have all of it

  Ledger(Store store) {
    this.store = store;
    kept = new Kept(new Secret(RandomText.key()), Map.of(), Map.of(), Map.of(), Map.of());
    read();
  }

  private synchronized void read() {
    try {
      store.read().ifPresent(found -> kept = found);
      isBroken = false;
    } catch (IOException e) {
      isBroken = true;
      LOG.log(Level.ERROR, e.getMessage());
    }
  }

  Kept kept() {
    return kept;
  }

  /** Whether the store could not be read, so that it is not known who there is. */
  boolean isBroken() {
    return isBroken;
  }

  /** Writes the change, then has it take effect. */
  synchronized void change(Change change) throws RefusedException {
    Kept changed = change.of(kept);
    try {
      store.write(changed);
    } catch (IOException e) {
      throw notWritten("nothing is changed", e);
    }
    kept = changed;
    isDirty = false;
  }

  /** Has a change that takes rights away take effect, even if it cannot be written. */
  synchronized void restrict(Change change) throws RefusedException {
    kept = change.of(kept);
    isDirty = true;
    try {
      store.write(kept);
      isDirty = false;
    } catch (IOException e) {
      throw notWritten("it holds until the server stops, and will be tried again", e);
    }
  }

  private static RefusedException notWritten(String effect, IOException e) {
    return new RefusedException(
        RefusedException.Reason.NOT_WRITTEN, e.getMessage() + "; " + effect);
  }

  /** Has a change take effect that is written when there is time for it. */
  synchronized void note(UnaryOperator<Kept> change) {
    kept = change.apply(kept);
    isDirty = true;
  }

  /** Takes over what was changed by hand, if anything was; a mistake leaves all as it was. */
  synchronized boolean look() {
    if (!store.look()) {
      return false;
    }
    read();
    return !isBroken;
  }

  /** Writes what was noted. */
  synchronized void flush() {
    if (!isDirty || isBroken) {
      return;
    }
    try {
      store.write(kept);
      isDirty = false;
    } catch (IOException e) { // tried again; what matters was told to who changed it
      LOG.log(Level.DEBUG, e.getMessage());
    }
  }
}
