package dev.zoetrope.capture;

/**
 * What the processes of one source may take. Immutable.
 *
 * @param nice added to the server's own nice level, 0 to 19
 * @param cpuPercent of one core, over 10 s, that one process may use, 1 to 6400; 0 for any
 * @param memoryBytes of real memory that one process may hold, at least 16 MiB; 0 for any
 * @param threads that an encoder works with, 1 to 64
 */
public record ProcessLimits(int nice, int cpuPercent, long memoryBytes, int threads) {
  /** The least ceiling of memory. */
  public static final long LEAST_MEMORY_BYTES = 16L << 20;

  /** The most threads. */
  public static final int MOST_THREADS = 64;

  /** Nothing is limited, and an encoder works with one thread. */
  public static final ProcessLimits NONE = new ProcessLimits(0, 0, 0);

  /** Encoders work with one thread. */
  public ProcessLimits(int nice, int cpuPercent, long memoryBytes) {
    this(nice, cpuPercent, memoryBytes, 1);
  }

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
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException("threads: expected 1 to 64, got " + threads);
    }
  }
}
