package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what happened; watches always, and has no picture. */
final class RecordingOwner implements CaptureOwner {
  final List<Incident> incidents = new CopyOnWriteArrayList<>();

  @Override
  public void happened(Incident incident, Optional<Diagnosis> why) {
    incidents.add(incident);
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
