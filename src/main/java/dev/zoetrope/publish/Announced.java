package dev.zoetrope.publish;

/**
 * What a publisher's metadata says about the stream to come.
 *
 * @param isKnown whether there was metadata
 * @param width of the picture, 0 if not told
 * @param height of the picture, 0 if not told
 * @see "Adobe Flash Video File Format 10.1, E.5 (onMetaData)"
 */
record Announced(boolean isKnown, boolean hasVideo, boolean hasAudio, int width, int height) {
  static final Announced NOTHING = new Announced(false, false, false, 0, 0);
  private static final int MOST_PIXELS = 65535;

  static Announced of(Amf.Table metadata) {
    boolean hasVideo =
        metadata.entries().containsKey("videocodecid") || metadata.entries().containsKey("width");
    boolean hasAudio =
        metadata.entries().containsKey("audiocodecid")
            || metadata.entries().containsKey("audiosamplerate");
    return new Announced(
        true, hasVideo, hasAudio, side(metadata, "width"), side(metadata, "height"));
  }

  private static int side(Amf.Table metadata, String key) {
    int pixels = metadata.number(key);
    return pixels > MOST_PIXELS ? 0 : Math.max(0, pixels);
  }

  /** Whether a track of this kind may still come. */
  boolean mayHaveVideo() {
    return !isKnown || hasVideo;
  }

  /** Whether a track of this kind may still come. */
  boolean mayHaveAudio() {
    return !isKnown || hasAudio;
  }

  /** The same, but no sound is waited for. */
  Announced withoutAudio() {
    return new Announced(true, mayHaveVideo(), false, width, height);
  }
}
