package dev.zoetrope.capture;

/**
 * What the processes of one source may take. Immutable.
 *
 * @param nice added to the server's own nice level, 0 to 19
 * @param cpuPercent of one core, over 10 s, that one process may use, 1 to 6400; 0 for any
 * @param memoryBytes of real memory that one process may hold, at least 16 MiB; 0 for any
 */
public record ProcessLimits(int nice, int cpuPercent, long memoryBytes) {
  /** The least ceiling of memory. */
  public static final long LEAST_MEMORY_BYTES = 16L << 20;

  /** Nothing is limited. */
  public static final ProcessLimits NONE = new ProcessLimits(0, 0, 0);

  public ProcessLimits {
    if (nice < 0 || nice > 19) {
      throw new IllegalArgumentException("nice: expected 0 to 19, got " + nice);
    }
    if (cpuPercent < 0 || cpuPercent > 6400) {
      throw new IllegalArgumentException("cpuPercent: expected 0 to 6400, got " + cpuPercent);
    }
    if (memoryBytes != 0 && memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException("memory: expected 16 MiB or more, got " + memoryBytes);
    }
  }
}
