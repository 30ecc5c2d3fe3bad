package dev.zoetrope.media;

/**
 * How one kind of client gets the fragments of a format: plain, between multipart boundaries, with
 * time stamps, one track only. Stateless and shared by all viewers of that kind.
 */
public interface Framing {
  /**
   * What goes out once, before a viewer's first fragment, and again when a run begins that {@link
   * #continues} does not take up.
   *
   * @param first the fragment that will follow
   */
  Bytes head(Run run, Fragment first);

  /**
   * The bytes of one fragment; empty where this client does not get it.
   *
   * @param joining whether this viewer starts here, or goes on here after being lapped
   */
  Bytes frame(Fragment fragment, boolean joining);

  /** What makes the whole complete once no fragment follows any more; mostly nothing. */
  default Bytes tail() {
    return Bytes.EMPTY;
  }

  /** Whether a client in the midst of {@code before} can go on with {@code after} unchanged. */
  boolean continues(Run before, Run after);

  /** The response's media type, with parameters. */
  String contentType(Run run);
}
