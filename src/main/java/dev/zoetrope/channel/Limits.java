package dev.zoetrope.channel;

/**
 * How much one node takes on before it refuses more. Immutable.
 *
 * @param viewersPerNode most viewers at a time, 1 to 1,000,000
 * @param viewersPerSource most viewers of one source at a time, 1 to 1,000,000
 * @param viewersPerAddress most viewers at a time from one network address, 1 to 1,000,000
 * @param sources most sources, 1 to 10,000
 * @param logBytesPerNode most bytes that the logs of all feeds hold together, 16 MiB to 1 TiB
 */
public record Limits(
    int viewersPerNode,
    int viewersPerSource,
    int viewersPerAddress,
    int sources,
    long logBytesPerNode) {

  /** The most that either limit of viewers can be set to. */
  public static final int MAX_VIEWERS = 1_000_000;

  /** The most that the limit of sources can be set to. */
  public static final int MAX_SOURCES = 10_000;

  /** The least room for logs: below it, a single feed's newest join point may not fit. */
  public static final long MIN_LOG_BYTES = 16L << 20;

  /** The most room for logs. */
  public static final long MAX_LOG_BYTES = 1L << 40;

  private static final long DEFAULT_LOG_BYTES = 1L << 30;

  public Limits {
    check("viewers", viewersPerNode, 1, MAX_VIEWERS);
    check("viewersPerSource", viewersPerSource, 1, MAX_VIEWERS);
    check("viewersPerAddress", viewersPerAddress, 1, MAX_VIEWERS);
    check("sources", sources, 1, MAX_SOURCES);
    check("logBytes", logBytesPerNode, MIN_LOG_BYTES, MAX_LOG_BYTES);
  }

  /** The limits where nothing else is said, for the heap of this process. */
  public static Limits defaults() {
    return defaultsFor(Runtime.getRuntime().maxMemory());
  }

  /**
   * The limits where nothing else is said. The logs live in the heap and may take half of it; the
   * other half is for connections and for what is on its way out. More than 1 GiB is never needed
   * for watching live. An address has no limit of its own: behind a proxy, all have the same.
   *
   * @param heapBytes the most the heap can grow to
   */
  public static Limits defaultsFor(long heapBytes) {
    long logBytes = Math.max(MIN_LOG_BYTES, Math.min(DEFAULT_LOG_BYTES, heapBytes / 2));
    return new Limits(5_000, 2_000, 5_000, 200, logBytes);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "limit " + name + ": expected " + least + " to " + most + ", got " + value);
    }
  }
}
