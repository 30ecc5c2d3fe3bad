package dev.zoetrope.capture;

import dev.zoetrope.format.Fmp4Packager;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in plain words what viewers will notice of a source, and what to do about it. Stateless. */
final class Remarks {
  /** Who begins to watch waits for a keyframe; on the average half of this. */
  private static final double LONG_KEYFRAME_SECONDS = 4;

  private static final double LEAST_USUAL_FPS = 5;
  private static final double MOST_USUAL_FPS = 60.5;
  private static final long FULL_HD_PIXELS = 1920 * 1088;
  private static final long HIGH_BITS_PER_SECOND = 16_000_000;

  private static final String CHOOSE_KEYFRAMES =
      "Set a keyframe interval (I-frame interval, GOP) of 1 to 2 s at the camera or encoder.";

  private final List<Remark> remarks = new ArrayList<>();

  private Remarks() {}

  /**
   * Of a source that was looked at.
   *
   * @param renditions those that are configured
   * @param seconds for how long it was looked at
   */
  static List<Remark> of(
      List<MeasuredTrack> tracks, List<ProbedRendition> renditions, double seconds) {
    Remarks found = new Remarks();
    for (MeasuredTrack track : tracks) {
      if (track.track().isVideo()) {
        found.keyframes(track, seconds);
        found.order(track);
        found.codec(track, renditions);
        found.size(track, renditions);
        found.rate(track);
      } else {
        found.sound(track, renditions);
      }
    }
    return found.remarks;
  }

  private void add(String words, String advice) {
    remarks.add(new Remark(words, advice));
  }

  private void keyframes(MeasuredTrack track, double seconds) {
    if (track.keyframeSeconds().isEmpty()) {
      add(
          "no second keyframe came within "
              + number(seconds)
              + " s: who begins to watch may wait for longer than that",
          CHOOSE_KEYFRAMES);
    } else if (track.longestKeyframeSeconds().getAsDouble() > LONG_KEYFRAME_SECONDS) {
      String longest = number(track.longestKeyframeSeconds().getAsDouble());
      add(
          "a keyframe comes only every " + longest + " s: who begins to watch waits for up to that",
          CHOOSE_KEYFRAMES);
    }
  }

  private void order(MeasuredTrack track) {
    if (track.isReordered()) {
      add(
          "it has B-frames, for which each picture waits for later ones: it is seen later",
          "Switch B-frames off at the camera or encoder, or choose the profile Baseline.");
    }
  }

  private void codec(MeasuredTrack track, List<ProbedRendition> renditions) {
    List<ProbedRendition> mp4 = ofFormat(renditions, Format.FMP4);
    boolean isCopied = mp4.stream().anyMatch(ProbedRendition::isCopied);
    boolean isEncodedForBrowsers =
        mp4.stream().anyMatch(each -> each.rendition().encode() == Encode.AUTO && !each.isCopied());
    Codec codec = track.track().codec();
    if (isCopied && codec == Codec.HEVC) {
      add(
          "H.265 is not played by every browser: Safari plays it, Chrome, Edge and new versions of"
              + " Firefox only where the viewer's device has a decoder for it",
          "Choose H.264 at the camera, or encode: always for fmp4; GIF, MJPEG and MPEG-1 play"
              + " everywhere.");
    } else if (isCopied && codec == Codec.AV1) {
      add(
          "AV1 is not played by every browser: Safari plays it only on devices with a decoder for"
              + " it",
          "Choose H.264, or encode: always for fmp4.");
    } else if (isEncodedForBrowsers) {
      add(
          track.name() + " is not what browsers play in MP4, and is encoded while watched",
          "That takes part of a core; H.264 with 8 bits and 4:2:0 would be passed on as it is.");
    }
    if (isCopied && track.bitsPerSecond() > HIGH_BITS_PER_SECOND) {
      add(
          "each viewer of fmp4 takes " + Math.round(track.bitsPerSecond() / 1e6) + " Mbit/s",
          "Choose a lower bitrate at the camera, or encode: always with a bitrate for fmp4.");
    }
  }

  private void size(MeasuredTrack measured, List<ProbedRendition> renditions) {
    Track track = measured.track();
    boolean isLarge = (long) track.width() * track.height() > FULL_HD_PIXELS;
    if (isLarge && !ofFormat(renditions, Format.GIF).isEmpty()) {
      add(
          track.width()
              + "x"
              + track.height()
              + " is very large for GIF: every pixel is decoded before it is made smaller, which"
              + " takes most of a core",
          "Use the camera's smaller second stream for GIF, or switch GIF off: renditions: {gif:"
              + " off}.");
    }
    if (measured.changesSize()) {
      add(
          "its pictures change their size",
          "Each change interrupts viewers for a moment; give all pictures one size.");
    }
  }

  private void rate(MeasuredTrack track) {
    if (track.stampedFps().isPresent()) {
      add(
          "pictures come at "
              + number(track.fps().orElse(0))
              + " a second, though their times say "
              + number(track.stampedFps().getAsDouble()),
          "Where MJPEG comes over HTTP, which has no times, nothing is wrong; else look at the"
              + " network, and at how busy the source is.");
    }
    double fps = track.fps().orElse(0);
    if (fps > 0 && fps < LEAST_USUAL_FPS) {
      add(
          "only " + number(fps) + " pictures come a second",
          "Where motion matters, raise the frame rate at the source.");
    } else if (fps > MOST_USUAL_FPS) {
      add(
          number(fps) + " pictures come a second, more than most screens show",
          "25 or 30 a second take less of the network and of every viewer.");
    }
    if (track.isUneven()) {
      add(
          "the distances between its pictures vary",
          "It plays; where motion is to be smooth, switch off variable frame rate and \"smart\""
              + " codecs (H.264+, Zipstream) at the camera.");
    }
  }

  private void sound(MeasuredTrack track, List<ProbedRendition> renditions) {
    boolean isNeeded = !ofFormat(renditions, Format.FMP4).isEmpty();
    if (isNeeded && !Fmp4Packager.canCarry(track.track())) {
      add(
          "its sound is " + track.name() + ", which browsers do not play in MP4",
          "It is encoded as AAC while watched, which takes little; AAC at the camera takes none.");
    }
  }

  private static List<ProbedRendition> ofFormat(List<ProbedRendition> renditions, Format format) {
    return renditions.stream().filter(each -> each.rendition().format() == format).toList();
  }

  private static String number(double value) {
    return value >= 10
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }
}
