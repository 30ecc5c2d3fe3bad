package dev.zoetrope.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether one process takes more than it may. Confined to one thread, which asks it about once a
 * second.
 *
 * <p>Memory is what is resident, as Linux tells it; elsewhere it is not limited.
 */
final class ProcessMeter {
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]{1,15}) kB");

  private final ProcessHandle process;
  private final String program;
  private final ProcessLimits limits;
  private final Deque<Sample> samples = new ArrayDeque<>(); // the oldest is the window's length old

  private record Sample(long nanos, long cpuNanos) {}

  /**
   * @param program its name, for people
   */
  ProcessMeter(ProcessHandle process, String program, ProcessLimits limits) {
    this.process = process;
    this.program = program;
    this.limits = limits;
  }

  /** Whether there is anything to ask. */
  static boolean hasCeiling(ProcessLimits limits) {
    return limits.cpuPercent() > 0 || limits.memoryBytes() > 0;
  }

  /** What it takes too much of, for people; empty if it does not, or has ended. */
  Optional<String> excess(long nanoTime) {
    return excessOfMemory().or(() -> excessOfCpu(nanoTime));
  }

  private Optional<String> excessOfMemory() {
    if (limits.memoryBytes() == 0) {
      return Optional.empty();
    }
    return residentBytes()
        .filter(bytes -> bytes > limits.memoryBytes())
        .map(
            bytes ->
                String.format(
                    Locale.ROOT,
                    "killed: %s took %d MiB of memory, its limit is %d MiB",
                    program,
                    bytes >> 20,
                    limits.memoryBytes() >> 20));
  }

  private Optional<Long> residentBytes() {
    try {
      Matcher matcher =
          RESIDENT.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
      return matcher.find()
          ? Optional.of(Long.parseLong(matcher.group(1)) << 10)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it has just ended
    }
  }

  private Optional<String> excessOfCpu(long nanoTime) {
    Optional<Duration> used = process.info().totalCpuDuration();
    if (limits.cpuPercent() == 0 || used.isEmpty()) {
      return Optional.empty();
    }
    Sample now = new Sample(nanoTime, used.get().toNanos());
    samples.addLast(now);
    Sample oldest = samples.getFirst();
    if (now.nanos - oldest.nanos < WINDOW.toNanos()) {
      return Optional.empty();
    }
    samples.removeFirst();
    long percent = 100 * (now.cpuNanos - oldest.cpuNanos) / (now.nanos - oldest.nanos);
    return percent <= limits.cpuPercent()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "killed: %s took %d %% of a core over %d s, its limit is %d %%",
                program,
                percent,
                WINDOW.toSeconds(),
                limits.cpuPercent()));
  }
}
