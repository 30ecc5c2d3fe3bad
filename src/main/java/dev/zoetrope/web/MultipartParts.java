package dev.zoetrope.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.zoetrope.capture.Picture;
import dev.zoetrope.media.Bytes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a multipart body apart as it comes, whatever the pieces it comes in. A part that says its
 * length is handed on with its last byte; one that does not, when the picture in it is seen to end
 * with what has come, else at the delimiter after it. One thread at a time.
 *
 * <p>A part has at most 64 MiB, its header 16 KiB; lines may end with a line feed alone.
 *
 * @see "RFC 2046, 5.1.1 (multipart); RFC 9110, 8.6 (Content-Length)"
 */
final class MultipartParts {
  /** The bytes of a part's header. */
  static final int MAX_HEADER_BYTES = 16 << 10;

  /** Before the first delimiter, or between a part and the next one. */
  static final int MAX_PADDING_BYTES = 64 << 10;

  private static final Pattern BOUNDARY =
      Pattern.compile("(?i);\\s*boundary=(?:\"([^\"]{1,200})\"|([^\\s;\"]{1,200}))");

  private static final int FIRST_CAPACITY = 64 << 10;

  /** Gets each part's body. */
  @FunctionalInterface
  interface Sink {
    void accept(Bytes part) throws OutcomeException;
  }

  private enum State {
    /** Before a delimiter: preamble, or what follows a part. */
    PADDING,
    /** Behind the delimiter's boundary, before the end of its line. */
    DELIMITER_LINE,
    HEADER,
    /** Of a length that is known. */
    BODY,
    /** Up to the next delimiter. */
    OPEN_BODY,
    /** Behind the last delimiter: nothing counts any more. */
    END
  }

  private final byte[] delimiter; // two hyphens and the boundary
  private final Sink sink;
  private State state = State.PADDING;
  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int from; // of what is not yet taken apart
  private int to;
  private int searched; // in an open body, so far from its beginning
  private int headerBytes; // of this part's header, so far
  private int length; // of a body that says it; else -1
  private boolean isField; // this part is a field of a form, no file

  /**
   * @param boundary as the media type says it; with or without the two hyphens before it
   */
  MultipartParts(String boundary, Sink sink) {
    String bare = boundary.startsWith("--") ? boundary.substring(2) : boundary;
    delimiter = ("--" + bare).getBytes(ISO_8859_1);
    this.sink = sink;
  }

  /** The boundary that a media type says; empty if it says none. */
  static Optional<String> boundary(String contentType) {
    Matcher found = BOUNDARY.matcher(contentType);
    if (!found.find()) {
      return Optional.empty();
    }
    return Optional.of(found.group(1) != null ? found.group(1) : found.group(2));
  }

  /**
   * The next bytes of the body.
   *
   * @throws OutcomeException if they cannot be a multipart body, or a part is too large, or the
   *     sink refuses one
   */
  void feed(byte[] bytes, int count) throws OutcomeException {
    append(bytes, count);
    while (step()) {
      // until what is there is not enough
    }
    if (state == State.END) {
      from = to;
    }
    if (state == State.OPEN_BODY) {
      takeIfWhole();
    }
  }

  /**
   * The body is over.
   *
   * @throws OutcomeException if it ends within a part
   */
  void end() throws OutcomeException {
    if (state == State.HEADER || state == State.BODY || state == State.OPEN_BODY) {
      throw bad("the multipart body ends within a part");
    }
  }

  private void append(byte[] bytes, int count) {
    if (to + count > buffer.length) {
      int held = to - from;
      byte[] target = held + count > buffer.length ? new byte[2 * (held + count)] : buffer;
      System.arraycopy(buffer, from, target, 0, held);
      buffer = target;
      from = 0;
      to = held;
    }
    System.arraycopy(bytes, 0, buffer, to, count);
    to += count;
  }

  /** Whether there was enough for a step. */
  private boolean step() throws OutcomeException {
    return switch (state) {
      case PADDING -> skipPadding();
      case DELIMITER_LINE -> readDelimiterLine();
      case HEADER -> readHeader();
      case BODY -> readBody();
      case OPEN_BODY -> readOpenBody();
      case END -> false;
    };
  }

  private boolean skipPadding() throws OutcomeException {
    int at = indexOf(delimiter, from);
    if (at < 0) {
      if (to - from > MAX_PADDING_BYTES) {
        throw bad(
            "no delimiter \""
                + Query.clean(new String(delimiter, ISO_8859_1))
                + "\" within 64 KiB");
      }
      return false;
    }
    from = at + delimiter.length;
    state = State.DELIMITER_LINE;
    return true;
  }

  private boolean readDelimiterLine() throws OutcomeException {
    if (to - from < 2) {
      return false;
    }
    if (buffer[from] == '-' && buffer[from + 1] == '-') {
      state = State.END;
      return false;
    }
    int lineEnd = indexOf((byte) '\n', from);
    if (lineEnd < 0) {
      checkHeaderBytes();
      return false;
    }
    from = lineEnd + 1;
    length = -1;
    isField = false;
    state = State.HEADER;
    return true;
  }

  private void checkHeaderBytes() throws OutcomeException {
    if (to - from > MAX_HEADER_BYTES) {
      throw bad("the header of a part has over 16 KiB");
    }
  }

  /** One line of it. */
  private boolean readHeader() throws OutcomeException {
    int lineEnd = indexOf((byte) '\n', from);
    if (lineEnd < 0) {
      checkHeaderBytes();
      return false;
    }
    headerBytes += lineEnd + 1 - from;
    if (headerBytes > MAX_HEADER_BYTES) {
      throw bad("the header of a part has over 16 KiB");
    }
    String line = new String(buffer, from, lineEnd - from, ISO_8859_1).strip();
    from = lineEnd + 1;
    if (line.isEmpty()) {
      headerBytes = 0;
      searched = 0;
      state = length >= 0 ? State.BODY : State.OPEN_BODY;
      return true;
    }
    readField(line);
    return true;
  }

  private void readField(String line) throws OutcomeException {
    String lower = line.toLowerCase(Locale.ROOT);
    if (lower.startsWith("content-length:")) {
      String value = line.substring("content-length:".length()).strip();
      if (!value.matches("\\d{1,9}")) {
        throw bad("a part's Content-Length: expected a number, got \"" + Query.clean(value) + "\"");
      }
      length = Integer.parseInt(value);
      checkLength(length);
    } else if (lower.startsWith("content-disposition:")) {
      isField = lower.contains("form-data") && !lower.contains("filename");
    }
  }

  private static void checkLength(int bytes) throws OutcomeException {
    if (bytes > Picture.MAX_BYTES) {
      throw new OutcomeException(Outcome.TOO_LARGE, "a part of over 64 MiB");
    }
  }

  private boolean readBody() throws OutcomeException {
    if (to - from < length) {
      return false;
    }
    handOn(from + length);
    from += length;
    state = State.PADDING;
    return true;
  }

  private boolean readOpenBody() throws OutcomeException {
    int at = indexOf(delimiter, from + searched);
    if (at < 0) {
      checkLength(to - from);
      searched = Math.max(0, to - from - delimiter.length + 1);
      return false;
    }
    handOn(withoutLineEnd(at));
    from = at + delimiter.length;
    state = State.DELIMITER_LINE;
    return true;
  }

  /** The line end before a delimiter belongs to it. */
  private int withoutLineEnd(int delimiterAt) {
    int end = delimiterAt;
    if (end > from && buffer[end - 1] == '\n') {
      end--;
      if (end > from && buffer[end - 1] == '\r') {
        end--;
      }
    }
    return end;
  }

  /** Many programs write the delimiter only before the next picture. */
  private void takeIfWhole() throws OutcomeException {
    int end = withoutLineEnd(to);
    boolean mayEnd = // of a JPEG, of a PNG
        end - from > 4 && (endsWith(end, 0xff, 0xd9) || endsWith(end, 0xae, 0x42, 0x60, 0x82));
    if (mayEnd && Picture.isWhole(Bytes.copyOf(buffer, from, end - from))) {
      handOn(end);
      from = end;
      state = State.PADDING;
    }
  }

  private boolean endsWith(int end, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if ((buffer[end - bytes.length + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private void handOn(int end) throws OutcomeException {
    if (!isField && end > from) {
      sink.accept(Bytes.owning(Arrays.copyOfRange(buffer, from, end)));
    }
  }

  private int indexOf(byte wanted, int start) {
    for (int at = start; at < to; at++) {
      if (buffer[at] == wanted) {
        return at;
      }
    }
    return -1;
  }

  private int indexOf(byte[] wanted, int start) {
    for (int at = start; at <= to - wanted.length; at++) {
      if (buffer[at] == wanted[0]
          && Arrays.equals(buffer, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static OutcomeException bad(String words) {
    return new OutcomeException(Outcome.BAD_REQUEST, words);
  }
}
