package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.List;

/** What a capture reads its packets from: an ffmpeg process, a folder, a publisher. */
public interface Input extends AutoCloseable {
  /**
   * Reads until the end of the source, on the caller's thread. Begins a run in {@code sink}, and
   * another whenever tracks change; packets come in decoding order, each with the time at which it
   * was read. Times may begin anywhere.
   *
   * @throws IOException when the source failed; the message says why, for people
   * @throws InterruptedException when the thread is interrupted
   */
  void read(Sink<Packet> sink) throws IOException, InterruptedException;

  /**
   * Whether it waits for somebody to come: then it may be silent before its first packet for as
   * long as it likes. Any thread.
   */
  default boolean mayWait() {
    return false;
  }

  /**
   * Whether {@link #read} itself finds out that the source is gone, and ends: then packets may come
   * as seldom as they like. Any thread.
   */
  default boolean watchesItself() {
    return false;
  }

  /** What its process wrote to stderr lately, without credentials. Any thread. */
  default List<String> log() {
    return List.of();
  }

  /**
   * Packets have come for a while: what its process wrote to stderr until now does not tell why it
   * will end. Any thread.
   */
  default void survive() {}

  /** What of {@link #log} may tell why it ended. Any thread. */
  default List<String> complaints() {
    return log();
  }

  /** The same as {@link #close}, for what hangs: a process has less time to end by itself. */
  default void giveUp() {
    close();
  }

  /** Lets {@link #read} come to its end. Any thread, idempotent. */
  @Override
  void close();
}
