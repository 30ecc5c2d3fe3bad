package dev.zoetrope.monitor;

import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.channel.ChannelStats;
import dev.zoetrope.channel.FormatStats;
import dev.zoetrope.channel.Turnover;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Readings of sources that are live, one viewer on MJPEG. */
final class TestReadings {
  private TestReadings() {}

  static Reading live(String id, long bytesIn, long bytesOut, long pictures) {
    CaptureStats capture =
        new CaptureStats(
            CaptureState.LIVE, Instant.EPOCH, 0, Optional.empty(), Optional.empty(), false);
    return new Reading(
        new SourceId(id),
        new ChannelStats(capture, 1, Map.of()),
        new Turnover(
            bytesIn,
            pictures,
            Map.of(
                Format.MJPEG,
                new FormatStats(1, pictures, bytesOut, 0, 0),
                Format.GIF,
                new FormatStats(0, 0, 0, 0, 0))));
  }
}
