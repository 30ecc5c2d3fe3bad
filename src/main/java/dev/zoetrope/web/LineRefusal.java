package dev.zoetrope.web;

import dev.zoetrope.door.Line;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.door.SocketLine;
import java.nio.ByteBuffer;

/** A WebSocket that says why there is nothing, and ends. */
final class LineRefusal implements Occupant {
  private final OutcomeException why;
  private volatile SocketLine socket; // null before the line is there

  LineRefusal(OutcomeException why) {
    this.why = why;
  }

  @Override
  public void opened(Line line) {
    socket = new SocketLine(line);
    socket.close(why.outcome().closeCode(), LiveEndpoint.fitting(why.getMessage()));
  }

  @Override
  public void moved() {
    // all is said
  }

  @Override
  public void received(ByteBuffer bytes) {
    socket.received(bytes);
  }

  @Override
  public void tick() {
    socket.tick();
  }

  @Override
  public void closed() {
    // nothing is held
  }
}
