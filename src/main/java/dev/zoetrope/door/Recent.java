package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.util.IdentityHashMap;
import java.util.Map.Entry;
import java.util.function.BiFunction;

/**
 * What was made lately of pieces that many viewers get one after the other. For one thread.
 *
 * @param <V> what is made of a piece
 */
final class Recent<V> {
  private static final class Slot<V> {
    private final V value;
    private long asked; // the newest time, counted

    private Slot(V value) {
      this.value = value;
    }
  }

  private final int size;
  private final BiFunction<Bytes, V, V> make;
  private final IdentityHashMap<Bytes, Slot<V>> slots = new IdentityHashMap<>();
  private long count;

  /**
   * @param size how many are kept: those that were asked for last
   * @param make of a piece and of the value that is given up for it, null if there is none
   */
  Recent(int size, BiFunction<Bytes, V, V> make) {
    this.size = size;
    this.make = make;
  }

  V of(Bytes piece) {
    Slot<V> slot = slots.get(piece);
    if (slot == null) {
      slot = new Slot<>(make.apply(piece, giveUp()));
      slots.put(piece, slot);
    }
    count++;
    slot.asked = count;
    return slot.value;
  }

  private V giveUp() {
    if (slots.size() < size) {
      return null;
    }
    Bytes oldest = null;
    long asked = Long.MAX_VALUE;
    for (Entry<Bytes, Slot<V>> entry : slots.entrySet()) {
      if (entry.getValue().asked < asked) {
        asked = entry.getValue().asked;
        oldest = entry.getKey();
      }
    }
    return slots.remove(oldest).value;
  }
}
