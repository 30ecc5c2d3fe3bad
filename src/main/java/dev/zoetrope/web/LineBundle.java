package dev.zoetrope.web;

import dev.zoetrope.door.Line;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.door.SocketLine;
import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** A socket of several viewers, by the fast door. */
final class LineBundle implements Occupant, SharedSocket {
  private final Bundle bundle;
  private volatile SocketLine socket; // null before the line is there

  /**
   * @param making of what is said on it
   */
  LineBundle(Function<SharedSocket, Bundle> making) {
    bundle = making.apply(this);
  }

  @Override
  public void opened(Line line) {
    socket = new SocketLine(line, bundle, bundle.mostMessageBytes());
    bundle.opened();
  }

  @Override
  public void moved() {
    bundle.moved();
  }

  @Override
  public void received(ByteBuffer bytes) {
    socket.received(bytes);
  }

  /** The bundle has a time of its own: see {@link Bundles}. */
  @Override
  public void tick() {
    socket.tick();
  }

  @Override
  public void closed() {
    bundle.closed();
  }

  @Override
  public boolean isReady() {
    return socket.isReady();
  }

  @Override
  public boolean add(String text) {
    return socket.addText(text);
  }

  @Override
  public boolean add(Bytes tag, Bytes payload) {
    return socket.addTagged(tag, payload);
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public void push() {
    socket.push();
  }

  @Override
  public void close(Outcome outcome, String reason) {
    socket.close(outcome.subscriptionCode(), LiveEndpoint.fitting(reason));
  }

  @Override
  public void cut() {
    socket.cut();
  }
}
