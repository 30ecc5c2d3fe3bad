package dev.zoetrope.config;

import dev.zoetrope.channel.Limits;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What is set for the server as a whole. Immutable.
 *
 * @param ffmpeg the program to use, absolute; empty to look for one
 */
public record ServerSettings(Limits limits, Optional<Path> ffmpeg) {
  public ServerSettings {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(ffmpeg, "ffmpeg");
  }
}
