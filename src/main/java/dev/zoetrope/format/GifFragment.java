package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;

/**
 * One image of an endless GIF, in two forms: the changes, for those who watch already, and the full
 * picture, for those who join here.
 *
 * <p>The full form is made when the first viewer asks for it, once, and shared by all who join at
 * this fragment. Any thread; the first to ask for the full form works for some milliseconds while
 * others who want the same wait for it. A full picture shows what watchers see; where a pixel still
 * has a colour of an earlier palette, the nearest colour of the present palette.
 */
public final class GifFragment implements Fragment {
  private final long ptsMicros;
  private final long captureMicros;
  private final int size;
  private final Image changes;
  private final boolean isJoinPoint;

  // Guarded by this; null once the full form is made, which then takes its place.
  private GifCanvas canvas;

  private volatile Image full;

  /** An image with and without its time stamp. */
  private static final class Image {
    final Bytes stamped;
    final Bytes plain;

    Image(Bytes stamped, int stampSize) {
      this.stamped = stamped;
      this.plain = stamped.slice(stampSize, stamped.size());
    }
  }

  private GifFragment(
      long ptsMicros, long captureMicros, int size, Image changes, Image full, GifCanvas canvas) {
    this.ptsMicros = ptsMicros;
    this.captureMicros = captureMicros;
    this.size = size;
    this.changes = changes;
    this.full = full;
    this.canvas = canvas;
    isJoinPoint = full != null || canvas != null;
  }

  /** One whose image covers the whole screen already. */
  static GifFragment ofFull(long ptsMicros, long captureMicros, Bytes stamped, int stampSize) {
    Image image = new Image(stamped, stampSize);
    return new GifFragment(ptsMicros, captureMicros, stamped.size(), image, image, null);
  }

  /**
   * One whose image holds changes only.
   *
   * @param stamped the time stamp, then the image
   * @param canvas what its watchers see after it
   */
  static GifFragment ofChanges(
      long ptsMicros, long captureMicros, Bytes stamped, int stampSize, GifCanvas canvas) {
    int size = stamped.size() + canvas.size();
    Image image = new Image(stamped, stampSize);
    return new GifFragment(ptsMicros, captureMicros, size, image, null, canvas);
  }

  /**
   * One of another node.
   *
   * @param whole the full picture; empty where nobody can join here
   */
  static GifFragment ofBoth(
      long ptsMicros,
      long captureMicros,
      Bytes changes,
      int changesStamp,
      Bytes whole,
      int wholeStamp) {
    Image image = new Image(changes, changesStamp);
    Image full = whole.isEmpty() ? null : new Image(whole, wholeStamp);
    int size = changes.size() + whole.size();
    return new GifFragment(ptsMicros, captureMicros, size, image, full, null);
  }

  @Override
  public long ptsMicros() {
    return ptsMicros;
  }

  @Override
  public long captureMicros() {
    return captureMicros;
  }

  @Override
  public Codec.Kind kind() {
    return Codec.Kind.VIDEO;
  }

  /** Whether there is a full form: always but for some of another node's. */
  @Override
  public boolean isJoinPoint() {
    return isJoinPoint;
  }

  /**
   * The changes and the canvas from which the full form is made; that is about as large as the
   * canvas, whose place it takes.
   */
  @Override
  public int size() {
    return size;
  }

  /** The changes, without a time stamp. */
  @Override
  public Bytes bytes() {
    return changes.plain;
  }

  /** The changes, after a comment block with the capture time. */
  Bytes stampedBytes() {
    return changes.stamped;
  }

  /** The full picture. */
  Bytes fullBytes() {
    return full().plain;
  }

  /** The full picture, after a comment block with the capture time. */
  Bytes stampedFullBytes() {
    return full().stamped;
  }

  private Image full() {
    Image made = full;
    return made != null ? made : makeFull();
  }

  private synchronized Image makeFull() {
    if (full == null) {
      Bytes stamp = changes.stamped.slice(0, changes.stamped.size() - changes.plain.size());
      full = new Image(canvas.image(stamp), stamp.size());
      canvas = null;
    }
    return full;
  }
}
