package dev.zoetrope.capture;

import dev.zoetrope.media.Track;

/** What an encoder makes of one track. Settings only; {@link EncoderCommand} knows the flags. */
sealed interface Encoding {

  /**
   * Pictures as JPEG.
   *
   * @param quality ffmpeg's {@code -q:v}, 2 (best) to 31
   */
  record Mjpeg(Size size, int quality) implements Encoding {}

  /**
   * Pictures as raw RGB, for the GIF encoder.
   *
   * @param fps most pictures a second, at least 1
   */
  record Rgb(Size size, int fps) implements Encoding {}

  /**
   * MPEG-1 video.
   *
   * @param fps about how many pictures a second will come, 1 to 60: one of them is a keyframe
   */
  record Mpeg1(Size size, long bitsPerSecond, int fps) implements Encoding {}

  /**
   * H.264 video, by the named ffmpeg encoder.
   *
   * @param fps about how many pictures a second will come, 1 to 60: bits are shared out by it
   */
  record H264(Size size, long bitsPerSecond, int fps, String encoderName) implements Encoding {}

  /** MP2 sound, stereo at 44100 Hz. */
  record Mp2() implements Encoding {}

  /** AAC-LC sound, stereo at 48000 Hz. */
  record Aac() implements Encoding {}

  /**
   * Pixels of the encoded picture; both even.
   *
   * @param width 2 or more
   * @param height 2 or more
   */
  record Size(int width, int height) {

    /** The track's size, no wider than {@code maxWidth}, never enlarged, aspect kept, even. */
    public static Size within(int maxWidth, Track track) {
      int width = Math.min(maxWidth, track.width());
      long height = Math.round((double) width * track.height() / track.width());
      return new Size(even(width), even((int) height));
    }

    private static int even(int pixels) {
      return Math.max(2, pixels & ~1);
    }
  }
}
