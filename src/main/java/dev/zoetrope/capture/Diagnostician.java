package dev.zoetrope.capture;

import dev.zoetrope.media.Source;
import java.util.List;

/** stub */
final class Diagnostician {
  private Diagnostician() {}

  static Diagnosis of(Source source, List<String> stderr, String end) {
    return new Diagnosis(Diagnosis.Cause.UNKNOWN, end, "");
  }
}
