package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;

/**
 * What attempts at one source work with.
 *
 * @param changed called when the capture's thread has something to see; any thread
 */
record Rig(Workshop workshop, Inputs inputs, OnAir onAir, Runnable changed) {
  /** As {@link System#nanoTime}. */
  long now() {
    return workshop.nanoTime().getAsLong();
  }

  Admission admission() {
    return new Admission(workshop.gate(), changed);
  }

  /** What a source is read from that nobody publishes: see {@link Inputs#open}. */
  Input open(CaptureTask task, Handover handover) throws IOException {
    return inputs.open(task.id(), task.source(), handover, task.settings().limits());
  }

  Attempt attempt(CaptureTask task, Input input, Handover handover, Sink<Packet> viewers) {
    String name = task.id().value();
    return new Attempt(name, input, handover, viewers, workshop.nanoTime(), changed);
  }
}
