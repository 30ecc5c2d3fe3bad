package dev.zoetrope.media;

/**
 * The smallest piece of a rendition that is handed on whole: one JPEG, one GIF image, one movie
 * fragment ({@code moof} and {@code mdat}), one MPEG-TS access unit.
 *
 * <p>Implementations are immutable as seen from outside and shared by all viewers; a form that is
 * made only when the first viewer asks for it is made once. What exactly goes to a client is the
 * {@link Framing}'s choice among the fragment's forms.
 */
public interface Fragment extends Piece {
  /** When it is shown, in microseconds on the run's clock. */
  long ptsMicros();

  /** The picture or the sound. */
  Codec.Kind kind();

  /** The plain form: as in a file of the format, without what a transport adds. */
  Bytes bytes();
}
