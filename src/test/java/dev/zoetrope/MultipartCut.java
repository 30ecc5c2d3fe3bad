package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes the pictures out of multipart MJPEG whose parts say their length. */
final class MultipartCut {
  private static final String LENGTH = "Content-Length: ";

  private MultipartCut() {}

  /**
   * Where the body of a part is.
   *
   * @param end offset behind its last byte
   */
  record Part(int begin, int end) {}

  /** The bodies of the parts that are there whole, in order. */
  static List<byte[]> parts(byte[] body) {
    return read(body).stream().map(part -> Arrays.copyOfRange(body, part.begin, part.end)).toList();
  }

  /** The parts that are there whole, in order. */
  static List<Part> read(byte[] body) {
    List<Part> parts = new ArrayList<>();
    String text = new String(body, ISO_8859_1);
    int at = text.indexOf("--");
    while (at >= 0) {
      int headEnd = text.indexOf("\r\n\r\n", at);
      int length = text.indexOf(LENGTH, at);
      if (headEnd < 0) {
        break;
      }
      if (length < 0 || length > headEnd) {
        throw new AssertionError("a part without length: " + text.substring(at, headEnd));
      }
      int size =
          Integer.parseInt(text.substring(length + LENGTH.length(), text.indexOf("\r\n", length)));
      int begin = headEnd + 4;
      if (begin + size > body.length) {
        break;
      }
      parts.add(new Part(begin, begin + size));
      at = text.indexOf("--", begin + size);
    }
    return parts;
  }
}
