package dev.zoetrope.web;

import dev.zoetrope.door.Line;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.door.SocketLine;
import java.nio.ByteBuffer;

/** A WebSocket that says why there is nothing, and ends. */
final class LineRefusal implements Occupant {
  private final int code;
  private final String reason;
  private volatile SocketLine socket; // null before the line is there

  private LineRefusal(int code, String reason) {
    this.code = code;
    this.reason = LiveEndpoint.fitting(reason);
  }

  /** Of who wanted one source. */
  static LineRefusal ofViewer(OutcomeException why) {
    return new LineRefusal(why.outcome().closeCode(), why.getMessage());
  }

  /** Of a node. */
  static LineRefusal ofNode(OutcomeException why) {
    return new LineRefusal(why.outcome().subscriptionCode(), why.getMessage());
  }

  @Override
  public void opened(Line line) {
    socket = new SocketLine(line);
    socket.close(code, reason);
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
