package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;

/** Decides who may watch, or publish by a link: the one place for all doors. Thread-safe. */
public interface Gate {
  /**
   * Lets somebody in, or says why not.
   *
   * @param way {@code gif}, {@code mjpeg}, {@code jpg}, {@code ts}, {@code mp4}, {@code mpeg1},
   *     {@code fmp4}, …: the word of the address
   */
  Grant admit(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException;

  /**
   * Whether {@link #admit} would let somebody in, if there were a place left: nothing is held, and
   * no place of a link is taken.
   */
  void check(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException;

  /**
   * Lets somebody publish by a link that names it, or says why not. Whoever else they are does not
   * count, nor who may watch the source.
   *
   * @param link its value
   */
  Grant admitPublisher(String link, SourceId source) throws DeniedException;
}
