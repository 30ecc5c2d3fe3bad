package dev.zoetrope.web;

import dev.zoetrope.channel.Channels;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;

/**
 * The body of a request that is read as a whole before anything is done with it: without a thread
 * that waits, and for 10 s at most, where it is not large.
 *
 * <p>It comes to the servlet twice: as long as {@link #isAwaited}, whoever may send it has it read;
 * then the container begins the request anew, and {@link #of} has it.
 */
public final class WholeBody implements BodyTaker {
  private static final String ATTRIBUTE = WholeBody.class.getName();
  private static final Set<String> HAVE_BODIES = Set.of("POST", "PUT", "PATCH");
  private static final byte[] NONE = {};

  /** How a door says no. */
  public interface Refusal {
    /** In its own form. */
    Answer of(int status, String words);
  }

  private final HttpServletRequest request;
  private final int mostBytes;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Upload upload; // set before it begins

  private WholeBody(HttpServletRequest request, int mostBytes) {
    this.request = request;
    this.mostBytes = mostBytes;
  }

  /** Whether there will be a body, as the head says; in HTTP/2 it need not. */
  static boolean isAnnounced(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader("Transfer-Encoding") != null
        || (request.getContentLengthLong() < 0
            && request.getProtocol().startsWith("HTTP/2")
            && HAVE_BODIES.contains(request.getMethod()));
  }

  /** Whether there is a body that has not been read yet. */
  public static boolean isAwaited(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) == null && isAnnounced(request);
  }

  /** What was read; empty if there was nothing to be read. */
  public static byte[] of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof byte[] read ? read.clone() : NONE;
  }

  /**
   * Reads it, then has the container begin the request anew. On the request's thread.
   *
   * @param refusal for one that is too large, or comes too slowly: the connection is closed
   */
  public static void read(
      HttpServletRequest request, Channels channels, int mostBytes, Refusal refusal)
      throws IOException {
    WholeBody body = new WholeBody(request, mostBytes);
    body.upload =
        new Upload(
            request,
            channels,
            UploadPace.WHOLE,
            why -> refusal.of(why.outcome().httpStatus(), why.getMessage()));
    body.upload.begin(body);
  }

  /** Answers without reading it, and closes the connection. On the request's thread. */
  public static void leave(HttpServletRequest request, Channels channels, Answer answer)
      throws IOException {
    Upload.refuse(request, channels, answer);
  }

  @Override
  public void take(byte[] chunk, int count) throws OutcomeException {
    if (bytes.size() + count > mostBytes) {
      throw new OutcomeException(Outcome.TOO_LARGE, "expected at most " + size());
    }
    bytes.write(chunk, 0, count);
  }

  private String size() {
    return mostBytes < 1 << 20 ? (mostBytes >> 10) + " KiB" : (mostBytes >> 20) + " MiB";
  }

  @Override
  public void end() {
    request.setAttribute(ATTRIBUTE, bytes.toByteArray());
    upload.dispatch();
  }

  @Override
  public void abandon(String why) {
    // nothing was begun
  }
}
