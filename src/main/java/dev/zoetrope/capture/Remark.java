package dev.zoetrope.capture;

import java.util.Objects;

/**
 * Something about a source that people should know before they choose it. Immutable.
 *
 * @param words what it is, a sentence without a full stop
 * @param advice what to do about it, a sentence
 */
public record Remark(String words, String advice) {
  public Remark {
    Objects.requireNonNull(words, "words");
    Objects.requireNonNull(advice, "advice");
  }
}
