package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What was made lately of pieces that many viewers get one after the other. For one thread.
 *
 * @param <V> what is made of a piece
 */
final class Recent<V> {
  private final int size;
  private final BiFunction<Bytes, V, V> make;
  private final IdentityHashMap<Bytes, V> values = new IdentityHashMap<>();
  private final List<Bytes> keys = new ArrayList<>();
  private int oldest;

  /**
   * @param size how many are kept
   * @param make of a piece and of the value that is given up for it, null if there is none
   */
  Recent(int size, BiFunction<Bytes, V, V> make) {
    this.size = size;
    this.make = make;
  }

  V of(Bytes piece) {
    V value = values.get(piece);
    if (value == null) {
      value = make(piece);
      values.put(piece, value);
    }
    return value;
  }

  private V make(Bytes piece) {
    if (keys.size() < size) {
      keys.add(piece);
      return make.apply(piece, null);
    }
    V givenUp = values.remove(keys.set(oldest, piece));
    oldest = (oldest + 1) % size;
    return make.apply(piece, givenUp);
  }
}
