package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;

/** What a capture reads its packets from: an ffmpeg process, a folder. For one run. */
interface Input extends AutoCloseable {
  /**
   * Reads until the end of the source, on the caller's thread.
   *
   * @throws IOException when the source failed; the message says why, for people
   * @throws InterruptedException when the thread is interrupted
   */
  void read(Sink<Packet> sink) throws IOException, InterruptedException;

  /** Lets {@link #read} come to its end. Any thread, idempotent. */
  @Override
  void close();
}
