package dev.zoetrope.door;

import java.nio.ByteBuffer;

/**
 * Who uses a {@link Line}. On the container's threads, but for {@link #tick}; must not block. Of
 * one occupant, {@link #opened} comes first and {@link #closed} last, where it comes at all.
 */
public interface Occupant {
  /** The socket is there. Comes once, or never: then {@link #closed} is all that comes. */
  void opened(Line line);

  /** The socket took bytes that had waited: there may be room. */
  void moved();

  /** The client said something; the buffer is only lent. */
  void received(ByteBuffer bytes);

  /** About once a second, on a thread of the timer. */
  void tick();

  /** The socket is closed, whoever closed it. Once. */
  void closed();
}
