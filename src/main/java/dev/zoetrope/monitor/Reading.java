package dev.zoetrope.monitor;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.ChannelStats;
import dev.zoetrope.channel.FormatStats;
import dev.zoetrope.channel.Turnover;
import dev.zoetrope.media.SourceId;

/**
 * How a source is at one moment, and what it has moved so far.
 *
 * @param stats what it is doing
 * @param turnover counters since the channel began
 */
public record Reading(SourceId id, ChannelStats stats, Turnover turnover) {
  static Reading of(Channel channel) {
    return new Reading(channel.id(), channel.stats(), channel.turnover());
  }

  /** That its viewers have got so far. */
  long bytesOut() {
    return turnover.formats().values().stream().mapToLong(FormatStats::bytesOut).sum();
  }
}
