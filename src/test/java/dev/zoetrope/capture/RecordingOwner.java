package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Remembers what happened; watches always, and has no picture. */
final class RecordingOwner implements CaptureOwner {
  final List<Incident> incidents = new CopyOnWriteArrayList<>();

  /** What it does on the capture's thread, with each of them. */
  volatile Consumer<Incident> reaction = incident -> {};

  @Override
  public void happened(Incident incident, Optional<Diagnosis> why) {
    incidents.add(incident);
    reaction.accept(incident);
  }

  List<Incident.Kind> kinds() {
    return incidents.stream().map(Incident::kind).toList();
  }

  @Override
  public Optional<Bytes> newestPicture(long captureMicros) {
    return Optional.empty();
  }

  @Override
  public boolean isWatched() {
    return true;
  }
}
