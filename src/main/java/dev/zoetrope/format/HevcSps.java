package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.OptionalInt;

/**
 * What an HEVC sequence parameter set says about profile and size.
 *
 * @param subLayers sps_max_sub_layers_minus1 + 1
 * @param temporalIdNested sps_temporal_id_nesting_flag
 * @param profileTierLevel the first 12 bytes of profile_tier_level: profile space, tier, profile
 *     (1), compatibility flags (4), constraint flags (6), level (1)
 * @param id sps_seq_parameter_set_id
 * @param chromaFormat chroma_format_idc: 1 for 4:2:0
 * @param bitDepthLuma 8 to 16
 * @param bitDepthChroma 8 to 16
 * @param width in pixels, cropped
 * @param height in pixels, cropped
 * @param reorderedPictures how many pictures may come before one that is shown earlier; empty if
 *     not told
 * @see "ITU-T H.265, 7.3.2.2, 7.3.3"
 */
record HevcSps(
    int subLayers,
    boolean temporalIdNested,
    Bytes profileTierLevel,
    int id,
    int chromaFormat,
    int bitDepthLuma,
    int bitDepthChroma,
    int width,
    int height,
    OptionalInt reorderedPictures) {
  private static final int MOST_REORDERED = 16;

  /** Reads a whole NAL unit, its two header bytes included. */
  static HevcSps read(Bytes nal) throws MalformedMediaException {
    BitReader in = BitReader.ofNal("HEVC SPS", nal);
    in.skip(16 + 4); // nal_unit_header, sps_video_parameter_set_id
    int subLayers = in.bits(3) + 1;
    boolean temporalIdNested = in.flag();
    byte[] profileTierLevel = new byte[12];
    for (int i = 0; i < profileTierLevel.length; i++) {
      profileTierLevel[i] = (byte) in.bits(8);
    }
    skipSubLayers(in, subLayers - 1);
    int id = in.ue();
    int chromaFormat = in.ue();
    boolean separatePlanes = chromaFormat == 3 && in.flag();
    long width = in.ue();
    long height = in.ue();
    if (in.flag()) { // conformance_window_flag
      boolean hasChroma = chromaFormat != 0 && !separatePlanes;
      long unitX = hasChroma && chromaFormat != 3 ? 2 : 1;
      long unitY = hasChroma && chromaFormat == 1 ? 2 : 1;
      width -= unitX * ((long) in.ue() + in.ue());
      height -= unitY * ((long) in.ue() + in.ue());
    }
    int bitDepthLuma = 8 + in.ue();
    int bitDepthChroma = 8 + in.ue();
    PictureSize.check("HEVC SPS", width, height);
    if (id > 15 || chromaFormat > 3 || bitDepthLuma > 15 || bitDepthChroma > 15) {
      throw new MalformedMediaException(
          "HEVC SPS: id " + id + ", chroma format " + chromaFormat + ", " + bitDepthLuma + " bits");
    }
    return new HevcSps(
        subLayers,
        temporalIdNested,
        Bytes.owning(profileTierLevel),
        id,
        chromaFormat,
        bitDepthLuma,
        bitDepthChroma,
        (int) width,
        (int) height,
        readReorderedPictures(in, subLayers));
  }

  /** Of the highest sub-layer; a broken rest tells nothing, and is no reason to refuse it all. */
  private static OptionalInt readReorderedPictures(BitReader in, int subLayers) {
    try {
      in.ue(); // log2_max_pic_order_cnt_lsb_minus4
      boolean ofAll = in.flag(); // sps_sub_layer_ordering_info_present_flag
      int reordered = 0;
      for (int i = ofAll ? 0 : subLayers - 1; i < subLayers; i++) {
        in.ue(); // sps_max_dec_pic_buffering_minus1
        reordered = in.ue(); // sps_max_num_reorder_pics
        in.ue(); // sps_max_latency_increase_plus1
      }
      return reordered > MOST_REORDERED ? OptionalInt.empty() : OptionalInt.of(reordered);
    } catch (MalformedMediaException e) {
      return OptionalInt.empty(); // as good as not told
    }
  }

  /** general_profile_idc. */
  int profile() {
    return profileTierLevel.at(0) & 0x1f;
  }

  private static void skipSubLayers(BitReader in, int count) throws MalformedMediaException {
    if (count == 0) {
      return;
    }
    int present = in.bits(16); // sub_layer_profile_present_flag, sub_layer_level_present_flag
    for (int i = 0; i < count; i++) {
      int flags = present >> (14 - 2 * i);
      in.skip(((flags & 2) != 0 ? 88 : 0) + ((flags & 1) != 0 ? 8 : 0));
    }
  }
}
