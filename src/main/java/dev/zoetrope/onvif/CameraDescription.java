package dev.zoetrope.onvif;

import java.time.Duration;
import java.util.List;

/**
 * What a camera says of itself. What it does not say is empty.
 *
 * @param clockAhead how far its clock is ahead of this node's; negative if behind, 0 if unknown
 * @param streams in the camera's order, the main stream usually first; at least one
 */
public record CameraDescription(
    String manufacturer,
    String model,
    String firmware,
    String serial,
    Duration clockAhead,
    List<StreamProfile> streams) {
  public CameraDescription {
    streams = List.copyOf(streams);
    if (streams.isEmpty()) {
      throw new IllegalArgumentException("a camera without a stream");
    }
  }
}
