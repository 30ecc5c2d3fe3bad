package dev.zoetrope.channel;

/**
 * What a source's renditions of one format gave out so far, also those that have stopped since.
 *
 * @param viewers connected now
 * @param fragments made
 * @param bytesOut that viewers have got, in their plain form
 * @param skipped fragments that slow viewers did not get
 * @param stalled viewers that were closed because they took nothing
 */
public record FormatStats(int viewers, long fragments, long bytesOut, long skipped, long stalled) {
  static final FormatStats NONE = new FormatStats(0, 0, 0, 0, 0);

  FormatStats plus(FormatStats other) {
    return new FormatStats(
        viewers + other.viewers,
        fragments + other.fragments,
        bytesOut + other.bytesOut,
        skipped + other.skipped,
        stalled + other.stalled);
  }

  FormatStats withoutViewers() {
    return new FormatStats(0, fragments, bytesOut, skipped, stalled);
  }
}
