package dev.zoetrope.monitor;

import dev.zoetrope.media.Format;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How a source is, for people. Rates are of the last seconds, with two digits that count, so that
 * what goes on steadily stays equal; NaN where nothing is known.
 *
 * @param state the word of its state: {@code live}
 * @param cause why it is not live, for programs
 * @param words the same for people
 * @param since when it began to be in that state
 * @param viewers connected now
 * @param ways the same by format, where there are any
 * @param bytesIn per second, from the source
 * @param bytesOut per second, to all viewers
 * @param fps pictures per second, from the source
 * @param cpu per cent of one core that its processes take
 */
public record Sample(
    SourceId id,
    String state,
    Optional<String> cause,
    Optional<String> words,
    Instant since,
    int viewers,
    Map<Format, Integer> ways,
    double bytesIn,
    double bytesOut,
    double fps,
    double cpu) {
  public Sample {
    ways = Map.copyOf(ways);
  }
}
