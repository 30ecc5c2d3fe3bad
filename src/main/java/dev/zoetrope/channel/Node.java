package dev.zoetrope.channel;

import dev.zoetrope.capture.Ffmpeg;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What a server gives to its channels.
 *
 * @param ffmpeg starts captures and encoders
 * @param wallMicros the time, in microseconds since 1970, UTC
 * @param workers where viewers advance; each runs one task at a time
 * @param timer for lingering; its tasks may block for a few seconds
 * @param limits how much is taken on
 */
public record Node(
    Ffmpeg ffmpeg,
    LongSupplier wallMicros,
    List<? extends Executor> workers,
    ScheduledExecutorService timer,
    Limits limits) {
  public Node {
    workers = List.copyOf(workers);
  }
}
