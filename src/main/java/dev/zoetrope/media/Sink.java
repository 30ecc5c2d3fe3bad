package dev.zoetrope.media;

/**
 * Takes packets or fragments in order, from one thread at a time.
 *
 * @param <T> packets or fragments
 */
public interface Sink<T extends Piece> {
  /** A run begins: before its first piece, and again at each restart or change of the tracks. */
  void begin(Run run);

  /** The next piece of the current run. Never blocks for long; never keeps the caller waiting. */
  void accept(T piece);
}
