package dev.zoetrope.web;

import dev.zoetrope.capture.BodyFormat;
import dev.zoetrope.capture.BodyInput;
import dev.zoetrope.media.Bytes;
import java.util.Optional;

/** Takes an endless body as a source's media: recognises it, then hands it to the capture. */
final class StreamTaker implements BodyTaker {
  private static final String EXPECTED =
      "expected MPEG-TS, Matroska or WebM, FLV or fragmented MP4, found ";

  /** Lets the input of a recognised body in. */
  @FunctionalInterface
  interface Entrance {
    BodyInput admit(BodyFormat format) throws OutcomeException;
  }

  private final Entrance entrance;
  private Bytes head = Bytes.EMPTY;
  private volatile BodyInput input; // null until the body is recognised
  private volatile String abandoned = ""; // why; empty unless it is

  StreamTaker(Entrance entrance) {
    this.entrance = entrance;
  }

  @Override
  public boolean isFull(Runnable goOn) {
    BodyInput admitted = input;
    return admitted != null && admitted.isFull(goOn);
  }

  @Override
  public void take(byte[] bytes, int count) throws OutcomeException {
    Bytes next = Bytes.copyOf(bytes, 0, count);
    if (input == null) {
      head = Bytes.concat(head, next);
      Optional<BodyFormat> format = BodyFormat.of(head);
      if (format.isEmpty()) {
        if (head.size() >= BodyFormat.DECISIVE_BYTES) {
          throw unknown();
        }
        return;
      }
      input = entrance.admit(format.get());
      if (!abandoned.isEmpty()) {
        input.abandon(abandoned);
      }
      next = head;
      head = Bytes.EMPTY;
    }
    boolean unused = input.bring(next); // if it is not wanted, the input's ending answers
  }

  private OutcomeException unknown() {
    return new OutcomeException(Outcome.UNKNOWN_MEDIA, EXPECTED + head);
  }

  /** How many bytes the source has read until now. Any thread. */
  long takenBytes() {
    BodyInput admitted = input;
    return admitted == null ? 0 : admitted.readBytes();
  }

  @Override
  public void end() throws OutcomeException {
    if (input == null) {
      throw unknown();
    }
    input.end();
  }

  @Override
  public void abandon(String why) {
    abandoned = why;
    BodyInput admitted = input;
    if (admitted != null) {
      admitted.abandon(why);
    }
  }
}
