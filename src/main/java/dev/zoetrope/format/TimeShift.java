package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Track;
import java.util.List;

/** PLACEHOLDER until merged. */
public final class TimeShift {
  private TimeShift() {}

  public static Bytes later(Format format, List<Track> tracks, Bytes fragment, long micros) {
    return fragment;
  }
}
