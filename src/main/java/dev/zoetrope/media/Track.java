package dev.zoetrope.media;

import java.util.Objects;

/**
 * One picture or sound track of a run, as its container's header describes it.
 *
 * @param index position among the run's tracks, from 0
 * @param codec how its packets are coded
 * @param fourcc the container's own four (rarely two) bytes for the codec; it lets a codec that we
 *     do not know travel on to ffmpeg unchanged
 * @param extradata what a decoder needs before the first packet, as ffmpeg keeps it: avcC or Annex
 *     B parameter sets, AudioSpecificConfig, …; empty where the codec has none or the source gave
 *     none
 * @param width of the picture in pixels; 0 for sound
 * @param height of the picture in pixels; 0 for sound
 * @param sampleRate of the sound in Hz; 0 for pictures
 * @param channels of the sound; 0 for pictures
 * @param decodeDelay how many packets may come in decoding order before one that is shown earlier:
 *     0 without B-frames
 */
public record Track(
    int index,
    Codec codec,
    Bytes fourcc,
    Bytes extradata,
    int width,
    int height,
    int sampleRate,
    int channels,
    int decodeDelay) {

  public Track {
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(fourcc, "fourcc");
    Objects.requireNonNull(extradata, "extradata");
    if (codec.kind() == Codec.Kind.VIDEO && (width <= 0 || height <= 0)) {
      throw new IllegalArgumentException("picture track of " + width + "x" + height + " pixels");
    }
    if (codec.kind() == Codec.Kind.AUDIO && (sampleRate <= 0 || channels <= 0)) {
      throw new IllegalArgumentException(
          "sound track of " + sampleRate + " Hz, " + channels + " channels");
    }
  }

  /** A picture track without B-frames. */
  public static Track video(
      int index, Codec codec, Bytes fourcc, Bytes extradata, int width, int height) {
    return new Track(index, codec, fourcc, extradata, width, height, 0, 0, 0);
  }

  /** A sound track. */
  public static Track audio(
      int index, Codec codec, Bytes fourcc, Bytes extradata, int sampleRate, int channels) {
    return new Track(index, codec, fourcc, extradata, 0, 0, sampleRate, channels, 0);
  }

  /** Whether this is the picture. */
  public boolean isVideo() {
    return codec.kind() == Codec.Kind.VIDEO;
  }

  /** The same track at another place among its run's tracks. */
  public Track withIndex(int newIndex) {
    return new Track(
        newIndex, codec, fourcc, extradata, width, height, sampleRate, channels, decodeDelay);
  }
}
