package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.PiCamera;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.Source.Screen;
import dev.zoetrope.media.Source.SrtPublish;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.Source.Webcam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the cause of a failure in what a program wrote to stderr, and says it in plain words.
 * Stateless.
 */
final class Diagnostician {
  /**
   * A line that tells a cause. Those further up tell more, and go before those further down,
   * whichever was written later.
   */
  private enum Sign {
    PASSPHRASE("(?i)incorrect passphrase|passphrase.*(wrong|mismatch)", Cause.WRONG_PASSWORD),
    UNAUTHORIZED("401 Unauthorized|\\b401\\b.*authori[sz]", Cause.WRONG_PASSWORD),
    RTMP_AUTHORIZATION(
        "(?i)code=403 need auth|authmod=|NetConnection\\.Connect\\.Rejected", Cause.WRONG_PASSWORD),
    FORBIDDEN("403 Forbidden", Cause.FORBIDDEN),
    NOT_FOUND(
        "404 (Not Found|Stream Not Found)|(?i)StreamNotFound|stream.?not.?found",
        Cause.NO_SUCH_STREAM),
    SERVER_ERROR("5XX Server Error|HTTP error 5\\d\\d|failed: 5\\d\\d ", Cause.SERVER_FAILED),
    CERTIFICATE(
        "(?i)certificate|unexpected TLS packet|TLS fatal alert|wrong version number|handshake fail|SSL routines",
        Cause.TLS),
    HOST_UNKNOWN(
        "(?i)failed to resolve hostname|name or service not known|temporary failure in name resolution",
        Cause.NO_SUCH_HOST),
    PI_CAMERA_BUSY(
        "(?i)pipeline handler in use|failed to acquire camera|camera is in use", Cause.DEVICE_BUSY),
    PI_CAMERA_MISSING(
        "(?i)no cameras available|camera is not detected|camera is not enabled",
        Cause.DEVICE_MISSING),
    USB_BANDWIDTH(
        "VIDIOC_STREAMON.*No space left|No space left on device.*VIDIOC|ioctl\\(VIDIOC_STREAMON\\): No space left",
        Cause.USB_BANDWIDTH),
    DEVICE_BUSY("(?i)device or resource busy", Cause.DEVICE_BUSY),
    DEVICE_MISSING(
        "Cannot open video device .*No such file|/dev/\\S+: No such (file|device)",
        Cause.DEVICE_MISSING),
    DEVICE_UNFIT(
        "VIDIOC_QUERYCAP|Not a video capture device|(?i)cannot find a proper format|The device does not support",
        Cause.DEVICE_UNFIT),
    NO_DISPLAY("(?i)cannot open display", Cause.NO_DISPLAY),
    OFF_SCREEN("outside the screen size", Cause.OFF_SCREEN),
    ADDRESS_IN_USE("(?i)address already in use", Cause.ADDRESS_IN_USE),
    REFUSED("(?i)connection refused", Cause.PORT_CLOSED),
    NO_ROUTE(
        "(?i)no route to host|host is (unreachable|down)|network is unreachable", Cause.HOST_DOWN),
    CUT(
        "(?i)moov atom not found|could not find codec parameters|EBML header parsing failed|end of file.*header",
        Cause.BROKEN_DATA),
    NOT_ON_WHITELIST("not on whitelist", Cause.BROKEN_DATA),
    NO_PICTURE("Stream map '[^']*' matches no streams", Cause.NO_PICTURE),
    NO_DECODER(
        "(?i)unknown codec|decoder .*not found|no decoder|unsupported codec|Unknown encoder",
        Cause.UNSUPPORTED_CODEC),
    NO_PERMISSION("(?i)permission denied|operation not permitted", Cause.NO_PERMISSION),
    NOT_STARTED("cannot be started: |none of .* is installed", Cause.NO_PROGRAM),
    NO_FILE(
        "(?i)no such file or directory|not in the media folder|no such folder", Cause.NO_SUCH_FILE),
    TIMED_OUT(
        "(?i)timed out|cannot read RTMP handshake|Connection to srt://.* failed", Cause.TIMED_OUT),
    INVALID("Invalid data found when processing input", Cause.BROKEN_DATA);

    private final Pattern pattern;
    private final Cause cause;

    Sign(String pattern, Cause cause) {
      this.pattern = Pattern.compile(pattern);
      this.cause = cause;
    }
  }

  /** What was written long before has been survived. */
  private static final int MOST_LINES = 12;

  private Diagnostician() {}

  /**
   * Why the source failed.
   *
   * @param stderr what its program wrote, without credentials, the oldest line first
   * @param failure how reading it ended
   */
  static Diagnosis of(Source source, List<String> stderr, IOException failure) {
    String end = String.valueOf(failure.getMessage());
    if (failure instanceof SourceEndedException) {
      return of(Cause.ENDED, end, "");
    }
    if (failure instanceof DeniedHostException) {
      return of(
          Cause.DENIED_HOST,
          end,
          "The list is denyHosts in zoetrope.yaml; the server's admin sets it.");
    }
    if (failure instanceof OverLimitException) {
      return of(
          Cause.OVER_LIMIT, end, "Raise the limit under process:, or make the source smaller.");
    }
    return of(source, stderr, end);
  }

  /** The same where no more than the words of the end is known. */
  static Diagnosis of(Source source, List<String> stderr, String end) {
    List<String> lately = stderr.subList(Math.max(0, stderr.size() - MOST_LINES), stderr.size());
    for (Sign sign : Sign.values()) {
      boolean isSeen =
          lately.stream().anyMatch(line -> sign.pattern.matcher(line).find())
              || sign.pattern.matcher(end).find();
      if (isSeen) {
        return explain(source, fitting(source, sign.cause), lastOf(source, stderr, end));
      }
    }
    return new Diagnosis(
        Cause.UNKNOWN, lastOf(source, stderr, end), "The log of this source tells more.");
  }

  /** What ffmpeg says in the same words of different things. */
  private static Cause fitting(Source source, Cause cause) {
    boolean isRtsp = source instanceof Url url && scheme(url).startsWith("rtsp");
    return cause == Cause.BROKEN_DATA && isRtsp ? Cause.TIMED_OUT : cause;
  }

  private static String lastOf(Source source, List<String> stderr, String end) {
    String last =
        stderr.stream()
            .filter(line -> !line.isBlank())
            .reduce((before, after) -> after)
            .map(String::strip)
            .orElse(end);
    return fitToShow(source, last);
  }

  /** Without credentials, and without where files lie: viewers are told it too. */
  private static String fitToShow(Source source, String message) {
    if (source instanceof Url url) {
      return url.maskedIn(message);
    }
    String fit = message;
    if (source instanceof MediaFiles files) {
      for (Path path : files.paths()) {
        fit = withNameOnly(fit, path);
      }
    }
    return source instanceof Folder folder ? withNameOnly(fit, folder.path()) : fit;
  }

  private static String withNameOnly(String message, Path path) {
    return message.replace("file:" + path, name(path)).replace(path.toString(), name(path));
  }

  private static Diagnosis explain(Source source, Cause cause, String last) {
    String place = place(source);
    return switch (cause) {
      case WRONG_PASSWORD -> wrongPassword(source, place);
      case FORBIDDEN ->
          of(
              cause,
              place + " knows who asks, and refuses",
              "Look at the camera which users may see the stream, and from which addresses.");
      case NO_SUCH_STREAM ->
          of(
              cause,
              place + " answers, but has no stream of this name",
              "Check the path of the address; the camera's manual, or its page, tells it.");
      case SERVER_FAILED ->
          of(
              cause,
              place + " answers with an error of its own",
              "Restart the camera or server, or look into its log.");
      case NO_SUCH_HOST ->
          of(
              cause,
              "nobody knows the host name of " + place,
              "Check how it is written, or use the number of the address.");
      case HOST_DOWN ->
          of(
              cause,
              place + " cannot be reached",
              "Check that it is switched on and in the same network.");
      case PORT_CLOSED ->
          of(
              cause,
              place + " is there, but does not accept connections",
              "Check the port, and whether the camera has this protocol switched on.");
      case TIMED_OUT ->
          of(
              cause,
              place + " does not answer",
              "Check the address, that it is switched on, and that no firewall is between.");
      case TLS ->
          of(
              cause,
              "no encrypted connection with " + place + " came about",
              "Its certificate is not trusted, or it does not speak TLS on this port.");
      case NO_SUCH_FILE ->
          of(
              cause,
              place + " is not in the media folder",
              "Put it there, or correct the path; it is played as soon as it is there.");
      case NO_PERMISSION ->
          of(
              cause,
              place + " may not be read by the server's user",
              source instanceof Webcam
                  ? "Add the user to the group video: usermod -aG video USER."
                  : "Change its owner or its permissions.");
      case BROKEN_DATA ->
          of(
              cause,
              place + " gives nothing that could be read as a video",
              source instanceof MediaFiles
                  ? "The file is damaged, cut off, or not a video; try it in a player."
                  : "Check that the address is that of the stream, and not of a page.");
      case NO_PICTURE ->
          of(cause, place + " has sound, but no picture", "Choose a source that has a picture.");
      case UNSUPPORTED_CODEC ->
          of(
              cause,
              place + " has a codec that this ffmpeg does not know",
              "Choose H.264 at the camera, or install a complete ffmpeg.");
      case DEVICE_MISSING ->
          of(
              cause,
              place + " is not there",
              source instanceof PiCamera
                  ? "Check the ribbon cable, and that rpicam-hello --list-cameras finds the camera."
                  : "Plug it in, or choose another device.");
      case DEVICE_BUSY ->
          of(
              cause,
              place + " is used by another program",
              "End that program; a camera can be read by one at a time.");
      case DEVICE_UNFIT ->
          of(
              cause,
              place + " is no camera, or does not have this format and size",
              "Choose another device, size or form of pixels.");
      case USB_BANDWIDTH ->
          of(
              cause,
              "the USB bus has no room left for " + place,
              "Choose a smaller size or pixels: mjpeg, or plug the cameras into different ports.");
      case NO_DISPLAY ->
          of(
              cause,
              place + " cannot be opened",
              "Check that it runs, and that the server's user may see it (xhost).");
      case OFF_SCREEN ->
          of(
              cause,
              "the part to be shown is not all on " + place,
              "Choose a smaller width or height, or less of left and top.");
      case ADDRESS_IN_USE ->
          of(
              cause,
              "another program already listens where this source does: " + place,
              "Choose another port, or end that program.");
      case NO_PROGRAM -> of(cause, last, "Install it, or say where it is.");
      case NOBODY_PUBLISHES,
          ENDED,
          STALLED,
          NO_START,
          DENIED_HOST,
          OVER_LIMIT,
          SERVER_ERROR,
          UNKNOWN ->
          of(Cause.UNKNOWN, last, "");
    };
  }

  private static Diagnosis wrongPassword(Source source, String place) {
    if (source instanceof SrtPublish || (source instanceof Url srt && scheme(srt).equals("srt"))) {
      return of(
          Cause.WRONG_PASSWORD,
          place + " refuses the passphrase",
          "Check it: both sides have to have the same one.");
    }
    if (source instanceof Url url && url.uri().getRawUserInfo() == null) {
      return of(
          Cause.WRONG_PASSWORD,
          place + " wants a user name and a password",
          "Give those that the camera has for its stream; its page or app knows them.");
    }
    return of(
        Cause.WRONG_PASSWORD,
        place + " refuses the user name or the password",
        "Check both: they are those of the camera. Some cameras lock an account after several wrong"
            + " tries.");
  }

  private static Diagnosis of(Cause cause, String words, String advice) {
    return new Diagnosis(cause, words, advice);
  }

  /** What people call it, without credentials and folders. */
  private static String place(Source source) {
    if (source instanceof Url url) {
      String host = Optional.ofNullable(url.uri().getHost()).orElse("the server");
      return "the server at " + (url.uri().getPort() < 0 ? host : host + ":" + url.uri().getPort());
    }
    if (source instanceof Relay relay) {
      return "the node at " + relay.origins().get(0).place();
    }
    if (source instanceof MediaFiles files) {
      return files.paths().size() == 1 ? "the file " + name(files.paths().get(0)) : "the playlist";
    }
    if (source instanceof Folder folder) {
      return "the folder " + name(folder.path());
    }
    if (source instanceof Webcam webcam) {
      return "the camera " + webcam.device();
    }
    if (source instanceof PiCamera) {
      return "the Pi's camera";
    }
    if (source instanceof Screen screen) {
      return "the display " + screen.display();
    }
    return source instanceof SrtPublish srt ? "UDP port " + srt.port() : "the publisher";
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static String scheme(Url url) {
    return url.uri().getScheme().toLowerCase(Locale.ROOT);
  }
}
