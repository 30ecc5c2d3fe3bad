package dev.zoetrope.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import java.util.Arrays;

/**
 * Endless multipart of JPEG pictures, {@code multipart/x-mixed-replace}.
 *
 * <p>A parser knows that a picture is complete when it sees what follows; so the delimiter line
 * goes out right after each picture, not before the next one. Frames must be {@link JpegFragment}s.
 * Stateless, any thread.
 *
 * @see "RFC 2046, 5.1.1 (delimiter, boundary)"
 */
public enum MultipartJpeg implements Framing {
  /**
   * For {@code <img>}: the next part's header, too, goes out right after each picture, since
   * Chromium paints only then. It has no length, which is not known yet.
   */
  IMAGE_ELEMENT {
    @Override
    public Bytes head(Run run, Fragment first) {
      return IMAGE_ELEMENT_HEAD;
    }

    @Override
    public Bytes frame(Fragment fragment, boolean joining) {
      return ((JpegFragment) fragment).imageElementPart();
    }
  },

  /**
   * For everybody else: each part has Content-Type, Content-Length and X-Timestamp, the time of
   * capture in seconds since 1970 with six decimals.
   */
  TIMED_PARTS {
    @Override
    public Bytes head(Run run, Fragment first) {
      return TIMED_PARTS_HEAD;
    }

    @Override
    public Bytes frame(Fragment fragment, boolean joining) {
      return ((JpegFragment) fragment).timedPart();
    }
  };

  /**
   * Stands between the parts. No picture that holds it gets this far ({@link #boundaryOccursIn}),
   * so that nobody who sends pictures can slip a part of another type into the response.
   */
  static final String BOUNDARY = "zoetrope-d41fe0c7a3925b68";

  /** Media type of the feed and of the response. */
  static final String MIME = "multipart/x-mixed-replace; boundary=" + BOUNDARY;

  private static final byte[] DASH_BOUNDARY = ("--" + BOUNDARY).getBytes(US_ASCII);
  static final byte[] DELIMITER = ("\r\n--" + BOUNDARY + "\r\n").getBytes(US_ASCII);
  static final byte[] NEXT_HEADER = "Content-Type: image/jpeg\r\n\r\n".getBytes(US_ASCII);

  private static final Bytes TIMED_PARTS_HEAD =
      Bytes.owning(("--" + BOUNDARY + "\r\n").getBytes(US_ASCII));
  private static final Bytes IMAGE_ELEMENT_HEAD =
      Bytes.concat(TIMED_PARTS_HEAD, Bytes.copyOf(NEXT_HEADER, 0, NEXT_HEADER.length));

  private static final Bytes TAIL =
      Bytes.owning(("\r\n--" + BOUNDARY + "--\r\n").getBytes(US_ASCII));

  /** By a byte's value: how far the window may move on when its last byte has that value. */
  private static final byte[] SHIFTS = shifts();

  /** The framing for a request's Accept header; empty without one. */
  public static MultipartJpeg ofAccept(String accept) {
    return accept.regionMatches(true, 0, "image/", 0, 6) ? IMAGE_ELEMENT : TIMED_PARTS;
  }

  /** The last delimiter. It ends a part that has begun already, and stays empty. */
  @Override
  public Bytes tail() {
    return TAIL;
  }

  /** Always: pictures follow one another, whatever they are of. */
  @Override
  public boolean continues(Run before, Run after) {
    return true;
  }

  @Override
  public String contentType(Run run) {
    return MIME;
  }

  /**
   * Whether {@code --boundary} stands in {@code array} between {@code from} and {@code to}; with or
   * without a line break before it, as browsers look for it without. Looks at about every 27th byte
   * only (Horspool).
   */
  static boolean boundaryOccursIn(byte[] array, int from, int to) {
    int length = DASH_BOUNDARY.length;
    int last = from + length - 1;
    while (last < to) {
      int i = 0;
      while (i < length && array[last - i] == DASH_BOUNDARY[length - 1 - i]) {
        i++;
      }
      if (i == length) {
        return true;
      }
      last += SHIFTS[array[last] & 0xff];
    }
    return false;
  }

  private static byte[] shifts() {
    int length = DASH_BOUNDARY.length;
    byte[] shifts = new byte[256];
    Arrays.fill(shifts, (byte) length);
    for (int i = 0; i < length - 1; i++) {
      shifts[DASH_BOUNDARY[i]] = (byte) (length - 1 - i);
    }
    return shifts;
  }
}
