package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;

/**
 * How an init segment describes the samples of a track that {@link Samples#configured} made.
 *
 * @param codecs the codecs parameter of the media type
 * @param box the sample entry with its configuration box
 * @see "ISO/IEC 14496-12, 8.5.2, 12.1.3, 12.2.3"
 */
record SampleEntry(String codecs, Bytes box) {

  static SampleEntry of(Track track) {
    Bytes configuration = track.extradata();
    try {
      return switch (track.codec()) {
        case H264 ->
            video(
                track, "avc1", "avcC", ParameterSets.read(NalSyntax.H264, configuration).codecs());
        case HEVC ->
            video(
                track, "hvc1", "hvcC", ParameterSets.read(NalSyntax.HEVC, configuration).codecs());
        case AV1 ->
            video(
                track,
                "av01",
                "av1C",
                Av1SequenceHeader.read(Av1.sequenceHeader(configuration)).codecs());
        case VP9 -> video(track, "vp09", "vpcC", Vp9Header.codecs(configuration));
        case AAC -> aac(track, AacConfiguration.read(configuration));
        case OPUS -> opus(track);
        default -> throw new IllegalArgumentException("fMP4 does not carry " + track.codec());
      };
    } catch (MalformedMediaException e) {
      throw new IllegalArgumentException("not a track of an fMP4 run: " + track, e);
    }
  }

  private static SampleEntry video(Track track, String entry, String box, String codecs) {
    BoxWriter out = new BoxWriter().box(entry);
    out.zeros(6).u16(1); // reserved, data_reference_index
    out.zeros(16); // pre_defined, reserved
    out.u16(track.width()).u16(track.height());
    out.u32(0x480000).u32(0x480000); // 72 dpi
    out.u32(0).u16(1); // reserved, frame_count
    out.zeros(32); // compressorname
    out.u16(0x18).u16(-1); // depth, pre_defined
    out.box(box).bytes(track.extradata()).end();
    return new SampleEntry(codecs, out.end().toBytes());
  }

  private static BoxWriter audio(Track track, String entry) {
    BoxWriter out = new BoxWriter().box(entry);
    out.zeros(6).u16(1); // reserved, data_reference_index
    out.zeros(8); // reserved
    out.u16(track.channels()).u16(16); // channelcount, samplesize
    out.u32(0); // pre_defined, reserved
    // samplerate has 16 bits; the decoder's configuration tells those that need more.
    return out.u16(track.sampleRate() > 0xffff ? 0 : track.sampleRate()).u16(0);
  }

  /** ISO/IEC 14496-1, 7.2.6: descriptors within descriptors, each with tag and size. */
  private static SampleEntry aac(Track track, AacConfiguration configuration) {
    Bytes specific = configuration.bytes();
    BoxWriter out = audio(track, "mp4a").fullBox("esds", 0, 0);
    out.u8(3); // ES_DescrTag
    descriptorSize(out, 3 + 5 + 13 + 5 + specific.size() + 5 + 1);
    out.u16(0).u8(0); // ES_ID, flags and streamPriority
    out.u8(4); // DecoderConfigDescrTag
    descriptorSize(out, 13 + 5 + specific.size());
    out.u8(0x40).u8(0x15); // objectTypeIndication: MPEG-4 audio; streamType: audio
    out.zeros(3).u32(0).u32(0); // bufferSizeDB, maxBitrate, avgBitrate: unknown
    out.u8(5); // DecSpecificInfoTag
    descriptorSize(out, specific.size());
    out.bytes(specific);
    out.u8(6); // SLConfigDescrTag
    descriptorSize(out, 1);
    out.u8(2); // predefined: MP4
    return new SampleEntry(configuration.codecs(), out.end().end().toBytes());
  }

  /** Always four bytes of seven bits, so that sizes add up. */
  private static void descriptorSize(BoxWriter out, int size) {
    out.u8((size >> 21 & 0x7f) | 0x80).u8((size >> 14 & 0x7f) | 0x80);
    out.u8((size >> 7 & 0x7f) | 0x80).u8(size & 0x7f);
  }

  private static SampleEntry opus(Track track) {
    BoxWriter out = audio(track, "Opus").box("dOps").bytes(track.extradata()).end();
    return new SampleEntry("opus", out.end().toBytes());
  }
}
