package dev.zoetrope.media;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

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
   * A media file, played in real time.
   *
   * @param path absolute, canonical, below the media folder
   * @param loop whether it begins again at its end
   */
  record MediaFile(Path path, boolean loop) implements Source {
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

    /** {@code text}, for instance an error message, with this address masked in it. */
    public String maskedIn(String text) {
      String clean = text.replace(uri.toString(), masked());
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
   * The JPEG pictures of a folder in natural order, again and again.
   *
   * @param path absolute, canonical, below the media folder
   * @param fps pictures a second, 1 to 60
   */
  record Folder(Path path, int fps) implements Source {
    @Override
    public String kind() {
      return "folder";
    }
  }
}
