package dev.zoetrope.feed;

import dev.zoetrope.media.Piece;
import dev.zoetrope.media.Run;

/**
 * What stands in one slot of a feed. It carries its run, so that no reader checks the run apart
 * from the piece.
 *
 * @param sequence counts the pieces of the feed, from 0; tells whether the slot was overwritten
 * @param run the uninterrupted stretch it belongs to
 * @param piece the packet or fragment
 * @param <T> packets or fragments
 */
public record Entry<T extends Piece>(long sequence, Run run, T piece) {}
