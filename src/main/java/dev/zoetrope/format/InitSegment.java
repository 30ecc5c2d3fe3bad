package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Track;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The init segment ({@code ftyp}, {@code moov}) of a run's tracks, or of some of them, and its
 * media type. The same tracks always give the same bytes.
 *
 * @param mime {@code video/mp4; codecs="…"}; {@code audio/mp4} without a picture
 * @param bytes the boxes
 * @see "ISO/IEC 14496-12, 8.2 to 8.4, 8.8.1 to 8.8.3"
 */
record InitSegment(String mime, Bytes bytes) {
  /** Ticks a second of the picture. */
  static final int VIDEO_TIMESCALE = 90_000;

  private static final int[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

  static InitSegment of(List<Track> tracks) {
    List<SampleEntry> entries = tracks.stream().map(SampleEntry::of).toList();
    String codecs = entries.stream().map(SampleEntry::codecs).collect(Collectors.joining(","));
    boolean hasVideo = tracks.stream().anyMatch(Track::isVideo);
    String mime = (hasVideo ? "video" : "audio") + "/mp4; codecs=\"" + codecs + "\"";

    BoxWriter out = new BoxWriter();
    out.box("ftyp").ascii("iso6").u32(1).ascii("iso6iso5mp41").end();
    out.box("moov");
    movieHeader(out);
    for (int i = 0; i < tracks.size(); i++) {
      track(out, tracks.get(i), entries.get(i).box());
    }
    out.box("mvex");
    for (Track track : tracks) {
      out.fullBox("trex", 0, 0).u32(trackId(track)).u32(1);
      out.u32(0).u32(0).u32(0).end(); // default duration, size, flags: each fragment has its own
    }
    return new InitSegment(mime, out.end().end().toBytes());
  }

  /** 1 for the picture, 2 for the sound, whichever of them there are. */
  static int trackId(Track track) {
    return track.isVideo() ? 1 : 2;
  }

  /** Ticks a second of a track's times. */
  static int timescale(Track track) {
    return track.isVideo() ? VIDEO_TIMESCALE : track.sampleRate();
  }

  private static void movieHeader(BoxWriter out) {
    out.fullBox("mvhd", 0, 0).u32(0).u32(0); // creation_time, modification_time
    out.u32(1000).u32(0); // timescale, duration
    out.u32(0x10000).u16(0x100).zeros(10); // rate, volume, reserved
    matrix(out);
    out.zeros(24).u32(3).end(); // pre_defined, next_track_ID
  }

  private static void matrix(BoxWriter out) {
    for (int value : UNITY_MATRIX) {
      out.u32(value);
    }
  }

  private static void track(BoxWriter out, Track track, Bytes sampleEntry) {
    out.box("trak");
    out.fullBox("tkhd", 0, 3).u32(0).u32(0); // enabled, in movie; creation, modification
    out.u32(trackId(track)).u32(0).u32(0).zeros(8); // reserved, duration, reserved
    out.u16(0).u16(0).u16(track.isVideo() ? 0 : 0x100).u16(0); // layer, group, volume
    matrix(out);
    out.u32(track.width() << 16).u32(track.height() << 16).end();
    out.box("mdia");
    out.fullBox("mdhd", 0, 0).u32(0).u32(0).u32(timescale(track)).u32(0);
    out.u16(0x55c4).u16(0).end(); // language: und
    out.fullBox("hdlr", 0, 0).u32(0).ascii(track.isVideo() ? "vide" : "soun").zeros(12);
    out.u8(0).end(); // name
    out.box("minf");
    if (track.isVideo()) {
      out.fullBox("vmhd", 0, 1).zeros(8).end(); // graphicsmode, opcolor
    } else {
      out.fullBox("smhd", 0, 0).u32(0).end(); // balance
    }
    out.box("dinf").fullBox("dref", 0, 0).u32(1);
    out.fullBox("url ", 0, 1).end().end().end(); // in this very file
    out.box("stbl");
    out.fullBox("stsd", 0, 0).u32(1).bytes(sampleEntry).end();
    out.fullBox("stts", 0, 0).u32(0).end();
    out.fullBox("stsc", 0, 0).u32(0).end();
    out.fullBox("stsz", 0, 0).u32(0).u32(0).end();
    out.fullBox("stco", 0, 0).u32(0).end();
    out.end().end().end().end(); // stbl, minf, mdia, trak
  }
}
