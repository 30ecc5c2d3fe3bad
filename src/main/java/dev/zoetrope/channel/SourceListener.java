package dev.zoetrope.channel;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import java.util.Optional;

/** Hears what happens to the sources of a node. */
@FunctionalInterface
public interface SourceListener {
  /**
   * Something happened to a source. On its capture's thread: must not wait.
   *
   * @param why what keeps it from being live; empty if nothing does, or nothing is known
   */
  void happened(SourceSettings source, Incident incident, Optional<Diagnosis> why);
}
