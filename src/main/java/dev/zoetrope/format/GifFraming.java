package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;

/** How viewers get an endless GIF. Takes {@link GifFragment}s only. */
public enum GifFraming implements Framing {
  /** The images alone. */
  PLAIN,

  /** Before each image a comment block {@code X-Timestamp: <seconds since 1970>.<micros>}. */
  STAMPED;

  private static final Bytes TRAILER = Bytes.of(0x3B);

  /** Header, logical screen descriptor, loop extension; the full picture follows as a fragment. */
  @Override
  public Bytes head(Run run, Fragment first) {
    return run.init();
  }

  @Override
  public Bytes frame(Fragment fragment, boolean joining) {
    GifFragment image = (GifFragment) fragment;
    return switch (this) {
      case PLAIN -> joining ? image.fullBytes() : image.bytes();
      case STAMPED -> joining ? image.stampedFullBytes() : image.stampedBytes();
    };
  }

  /** The trailer: GIF89a, 27. */
  @Override
  public Bytes tail() {
    return TRAILER;
  }

  /** Always: a GIF that has begun can only go on, in the size it has. */
  @Override
  public boolean continues(Run before, Run after) {
    return true;
  }

  @Override
  public String contentType(Run run) {
    return "image/gif";
  }
}
