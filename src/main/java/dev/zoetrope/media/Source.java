package dev.zoetrope.media;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where pictures come from, as configured. */
public sealed interface Source {

  /** The word of the configuration key {@code kind}. */
  String kind();

  /**
   * Our own moving picture with running milliseconds and a tone.
   *
   * @param width pixels, even, 16 to 3840
   * @param height pixels, even, 16 to 2160
   * @param fps frames a second, 1 to 60
   */
  record TestPattern(int width, int height, int fps) implements Source {
    @Override
    public String kind() {
      return "test-pattern";
    }
  }

  /**
   * Media files, played one after the other in real time.
   *
   * @param paths absolute, canonical, below the media folder; at least one
   * @param loop whether they begin again after the last
   */
  record MediaFiles(List<Path> paths, boolean loop) implements Source {
    public MediaFiles {
      paths = List.copyOf(paths);
      if (paths.isEmpty()) {
        throw new IllegalArgumentException("kind file without a file");
      }
    }

    @Override
    public String kind() {
      return "file";
    }
  }

  /**
   * A stream that is pulled: rtmp, rtmps, rtsp, rtsps, http, https, srt or udp.
   *
   * @param uri with credentials, if any; {@link #toString} leaves them out
   */
  record Url(URI uri) implements Source {
    private static final String PASSPHRASE = "passphrase=";

    @Override
    public String kind() {
      return "url";
    }

    /** Without user, password, query and fragment: what may stand in a log. */
    public String masked() {
      String host = Optional.ofNullable(uri.getHost()).orElse("");
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      String path = Optional.ofNullable(uri.getPath()).orElse("");
      return uri.getScheme() + "://" + host + port + path;
    }

    /** SRT's passphrase in plain text: ffmpeg does not decode what stands in an address. */
    public Optional<Secret> passphrase() {
      return settings()
          .filter(Url::isPassphrase)
          .map(setting -> setting.substring(PASSPHRASE.length()))
          .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
          .filter(value -> !value.isEmpty())
          .findFirst()
          .map(Secret::new);
    }

    /** The address without SRT's passphrase. */
    public URI withoutPassphrase() {
      if (settings().noneMatch(Url::isPassphrase)) {
        return uri;
      }
      String rest =
          settings().filter(setting -> !isPassphrase(setting)).collect(Collectors.joining("&"));
      String text = uri.toString();
      return URI.create(text.substring(0, text.indexOf('?')) + (rest.isEmpty() ? "" : "?" + rest));
    }

    /** What stands in an SRT address behind the question mark. */
    private Stream<String> settings() {
      boolean isSrt = "srt".equalsIgnoreCase(uri.getScheme());
      return isSrt && uri.getRawQuery() != null
          ? Stream.of(uri.getRawQuery().split("&", -1))
          : Stream.empty();
    }

    private static boolean isPassphrase(String setting) {
      return setting.startsWith(PASSPHRASE);
    }

    /** {@code text}, for instance an error message, with this address masked in it. */
    public String maskedIn(String text) {
      String clean =
          text.replace(uri.toString(), masked()).replace(withoutPassphrase().toString(), masked());
      if (passphrase().isPresent()) {
        clean = clean.replace(passphrase().get().reveal(), "…");
      }
      if (uri.getRawUserInfo() != null) {
        clean = clean.replace(uri.getRawUserInfo() + "@", "");
      }
      return uri.getRawQuery() == null ? clean : clean.replace("?" + uri.getRawQuery(), "");
    }

    @Override
    public String toString() {
      return "Url[" + masked() + "]";
    }
  }

  /**
   * The pictures of a folder: JPEG, PNG, GIF.
   *
   * @param path absolute, canonical, below the media folder
   * @param fps pictures a second where {@code mode} is LOOP, 1 to 60
   */
  record Folder(Path path, int fps, Mode mode) implements Source {
    /** Which of the pictures are shown. */
    public enum Mode {
      /** Those that are there, in natural order, again and again. */
      LOOP,
      /** The newest, and each that is added or replaced, as soon as it is whole. */
      WATCH
    }

    @Override
    public String kind() {
      return "folder";
    }
  }

  /** A source that somebody brings to us. */
  sealed interface Published extends Source {
    /** What a publisher has to know. */
    Secret key();

    /** Whether a second publisher takes the place of the first, rather than being refused. */
    boolean takeOver();
  }

  /** Published to the RTMP server of this node as the stream named like the source. */
  record RtmpPublish(Secret key, boolean takeOver) implements Published {
    @Override
    public String kind() {
      return "rtmp-publish";
    }
  }

  /** Published as the endless body of {@code POST /publish/{id}}. */
  record HttpPublish(Secret key, boolean takeOver) implements Published {
    @Override
    public String kind() {
      return "http-publish";
    }
  }

  /**
   * Single pictures, published by {@code PUT /publish/{id}/picture}.
   *
   * @param lostAfter how long the newest one is shown before the source counts as lost, 1 s to 1 d
   */
  record Pictures(Secret key, boolean takeOver, Duration lostAfter) implements Published {
    @Override
    public String kind() {
      return "pictures";
    }
  }

  /**
   * Published by SRT: a caller comes to a port of this source's own.
   *
   * @param port UDP, 1 to 65535
   * @param passphrase 10 to 79 characters, as SRT wants it; empty for none
   */
  record SrtPublish(int port, Optional<Secret> passphrase) implements Source {
    @Override
    public String kind() {
      return "srt-publish";
    }
  }

  /**
   * A camera at this machine, by Video4Linux.
   *
   * @param device {@code /dev/video0} and the like
   * @param width pixels wanted, even, 16 to 3840; the device may choose another size
   * @param height pixels wanted, even, 16 to 2160
   * @param fps frames a second wanted, 1 to 60
   * @param pixels how the device is asked to deliver
   */
  record Webcam(Path device, int width, int height, int fps, Pixels pixels) implements Source {
    /** How a device delivers its pictures. */
    public enum Pixels {
      /** H.264 if the device has it at this size, else MJPEG, else raw. */
      AUTO,
      H264,
      MJPEG,
      RAW
    }

    @Override
    public String kind() {
      return "webcam";
    }
  }

  /**
   * A Raspberry Pi's camera, by rpicam-vid, libcamera-vid or raspivid.
   *
   * @param camera which one, from 0
   * @param width pixels, even, 16 to 3840
   * @param height pixels, even, 16 to 2160
   * @param fps frames a second, 1 to 60
   * @param bitsPerSecond of its H.264
   * @param rotation degrees: 0 or 180
   * @param keyframeSeconds between keyframes, 1 to 10
   */
  record PiCamera(
      int camera,
      int width,
      int height,
      int fps,
      long bitsPerSecond,
      int rotation,
      boolean flipHorizontally,
      boolean flipVertically,
      int keyframeSeconds)
      implements Source {
    @Override
    public String kind() {
      return "pi-camera";
    }
  }

  /**
   * A display of this machine, by X11.
   *
   * @param display as X names it: {@code :0} or {@code :0.0}
   * @param left of the part that is shown, in pixels
   * @param top of the part that is shown, in pixels
   * @param width pixels, even, 16 to 3840
   * @param height pixels, even, 16 to 2160
   * @param fps frames a second, 1 to 60
   */
  record Screen(String display, int left, int top, int width, int height, int fps)
      implements Source {
    @Override
    public String kind() {
      return "screen";
    }
  }

  /**
   * A source of another node, or all of them.
   *
   * @param origins where it is had from, the preferred one first; at least one
   * @param source its id there; empty where all that the origins offer are mirrored
   * @param prefix of the ids here where all are mirrored; may be empty
   * @param form what is taken of it
   */
  record Relay(List<Origin> origins, Optional<SourceId> source, String prefix, Form form)
      implements Source {
    /** What is taken of a source of another node. */
    public enum Form {
      /** Its renditions as they are there. */
      RENDITIONS,
      /** Its packets: renditions are made here, as of a camera. */
      PACKETS
    }

    public Relay {
      origins = List.copyOf(origins);
      if (origins.isEmpty()) {
        throw new IllegalArgumentException("kind relay without an origin");
      }
      if (!prefix.isEmpty() && (source.isPresent() || !SourceId.isValid(prefix))) {
        throw new IllegalArgumentException("kind relay with the prefix " + prefix);
      }
    }

    @Override
    public String kind() {
      return "relay";
    }
  }
}
