package dev.zoetrope.channel;

import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.PiCamera;
import dev.zoetrope.media.Source.SrtPublish;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.Source.Webcam;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a source needs of this machine, and only one can have at a time. Immutable; equal for
 * sources that would disturb each other.
 *
 * @param what for people: {@code the camera /dev/video0}
 */
public record Claim(String what) {

  /** That of {@code source}; empty where it can be read twice. */
  public static Optional<Claim> of(Source source) {
    if (source instanceof Webcam webcam) {
      return Optional.of(new Claim("the camera " + real(webcam.device())));
    }
    if (source instanceof PiCamera camera) {
      return Optional.of(new Claim("the Pi's camera " + camera.camera()));
    }
    if (source instanceof SrtPublish srt) {
      return Optional.of(udpPort(srt.port()));
    }
    return source instanceof Url url && isListenedOn(url.uri())
        ? Optional.of(udpPort(url.uri().getPort()))
        : Optional.empty();
  }

  /** A device has several names. */
  private static Path real(Path device) {
    try {
      return device.toRealPath();
    } catch (IOException e) {
      return device; // not there: its name has to do
    }
  }

  private static Claim udpPort(int port) {
    return new Claim("UDP port " + port);
  }

  private static boolean isListenedOn(URI uri) {
    String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "udp" -> true;
      case "srt" -> query.contains("mode=listener");
      default -> false;
    };
  }

  /** The source that has it at this moment. */
  public Optional<Channel> holder(Channels channels) {
    return channels.all().stream()
        .filter(channel -> isCaptured(channel.stats().capture().state()))
        .filter(channel -> of(channel.settings().source()).equals(Optional.of(this)))
        .findFirst();
  }

  private static boolean isCaptured(CaptureState state) {
    return switch (state) {
      case STARTING, LIVE, STALLED, WAITING, FAILED -> true;
      case IDLE, ENDED -> false;
    };
  }
}
