package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.ChannelStats;

/** What subscribers are told of a source: the words of {@code GET /live/}, at one moment. */
record SourceWords(String state, long sinceMillis, String cause, String advice, int viewers) {
  static SourceWords of(Channel channel) {
    ChannelStats stats = channel.stats();
    return new SourceWords(
        stats.state(),
        stats.capture().since().toEpochMilli(),
        stats.cause(),
        stats.advice(),
        stats.viewers());
  }

  /** Whether it says the same of the source itself; viewers come and go. */
  boolean isLike(SourceWords other) {
    return state.equals(other.state) && cause.equals(other.cause) && advice.equals(other.advice);
  }
}
