package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.OptionalInt;

/**
 * What an H.264 sequence parameter set says about profile and size.
 *
 * @param profile profile_idc
 * @param constraints the byte of constraint_set flags
 * @param level level_idc
 * @param id seq_parameter_set_id
 * @param chromaFormat chroma_format_idc: 1 for 4:2:0
 * @param bitDepthLuma 8 to 14
 * @param bitDepthChroma 8 to 14
 * @param width in pixels, cropped
 * @param height in pixels, cropped
 * @param reorderedFrames how many frames may come before one that is shown earlier; empty if not
 *     told
 * @see "ITU-T H.264, 7.3.2.1.1, E.1.1 (VUI)"
 */
record H264Sps(
    int profile,
    int constraints,
    int level,
    int id,
    int chromaFormat,
    int bitDepthLuma,
    int bitDepthChroma,
    int width,
    int height,
    OptionalInt reorderedFrames) {
  private static final int BASELINE = 66;
  private static final int MOST_REORDERED = 16;
  private static final int EXTENDED_SAR = 255;

  /** Reads a whole NAL unit, its header byte included. */
  static H264Sps read(Bytes nal) throws MalformedMediaException {
    BitReader in = BitReader.ofNal("H.264 SPS", nal);
    in.skip(8); // nal_unit header
    int profile = in.bits(8);
    int constraints = in.bits(8);
    int level = in.bits(8);
    int id = in.ue();
    int chromaFormat = 1;
    boolean separatePlanes = false;
    int bitDepthLuma = 8;
    int bitDepthChroma = 8;
    if (hasChromaFormat(profile)) {
      chromaFormat = in.ue();
      separatePlanes = chromaFormat == 3 && in.flag();
      bitDepthLuma = 8 + in.ue();
      bitDepthChroma = 8 + in.ue();
      in.skip(1); // qpprime_y_zero_transform_bypass_flag
      if (in.flag()) { // seq_scaling_matrix_present_flag
        skipScalingLists(in, chromaFormat == 3 ? 12 : 8);
      }
    }
    in.ue(); // log2_max_frame_num_minus4
    int orderCountType = skipPictureOrderCount(in);
    in.ue(); // max_num_ref_frames
    in.skip(1); // gaps_in_frame_num_value_allowed_flag
    long widthInMacroblocks = in.ue() + 1L;
    long heightInMapUnits = in.ue() + 1L;
    boolean framesOnly = in.flag();
    if (!framesOnly) {
      in.skip(1); // mb_adaptive_frame_field_flag
    }
    in.skip(1); // direct_8x8_inference_flag
    long fields = framesOnly ? 1 : 2;
    long width = widthInMacroblocks * 16;
    long height = heightInMapUnits * 16 * fields;
    if (in.flag()) { // frame_cropping_flag
      boolean hasChroma = chromaFormat != 0 && !separatePlanes;
      long unitX = hasChroma && chromaFormat != 3 ? 2 : 1;
      long unitY = (hasChroma && chromaFormat == 1 ? 2 : 1) * fields;
      width -= unitX * ((long) in.ue() + in.ue());
      height -= unitY * ((long) in.ue() + in.ue());
    }
    PictureSize.check("H.264 SPS", width, height);
    if (id > 31 || chromaFormat > 3 || bitDepthLuma > 14 || bitDepthChroma > 14) {
      throw new MalformedMediaException(
          "H.264 SPS: id "
              + id
              + ", chroma format "
              + chromaFormat
              + ", "
              + bitDepthLuma
              + " bits");
    }
    return new H264Sps(
        profile,
        constraints,
        level,
        id,
        chromaFormat,
        bitDepthLuma,
        bitDepthChroma,
        (int) width,
        (int) height,
        profile == BASELINE || orderCountType == 2 ? OptionalInt.of(0) : readReorderedFrames(in));
  }

  private static boolean hasChromaFormat(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  private static void skipScalingLists(BitReader in, int lists) throws MalformedMediaException {
    for (int i = 0; i < lists; i++) {
      if (!in.flag()) { // seq_scaling_list_present_flag
        continue;
      }
      int size = i < 6 ? 16 : 64;
      int last = 8;
      int next = 8;
      for (int j = 0; j < size && next != 0; j++) {
        next = (last + in.se()) & 0xff; // delta_scale
        last = next == 0 ? last : next;
      }
    }
  }

  /** Reads vui_parameters; broken ones tell nothing, and are no reason to refuse the rest. */
  private static OptionalInt readReorderedFrames(BitReader in) {
    try {
      if (in.flag()) { // vui_parameters_present_flag
        skipToRestrictions(in);
        if (in.flag()) { // bitstream_restriction_flag
          in.skip(1); // motion_vectors_over_pic_boundaries_flag
          in.ue(); // max_bytes_per_pic_denom
          in.ue(); // max_bits_per_mb_denom
          in.ue(); // log2_max_mv_length_horizontal
          in.ue(); // log2_max_mv_length_vertical
          int reordered = in.ue(); // max_num_reorder_frames
          return reordered > MOST_REORDERED ? OptionalInt.empty() : OptionalInt.of(reordered);
        }
      }
    } catch (MalformedMediaException e) {
      // As good as none.
    }
    return OptionalInt.empty();
  }

  private static void skipToRestrictions(BitReader in) throws MalformedMediaException {
    if (in.flag() && in.bits(8) == EXTENDED_SAR) { // aspect_ratio_idc
      in.skip(32); // sar_width, sar_height
    }
    if (in.flag()) { // overscan_info_present_flag
      in.skip(1);
    }
    if (in.flag()) { // video_signal_type_present_flag
      in.skip(3 + 1); // video_format, video_full_range_flag
      if (in.flag()) { // colour_description_present_flag
        in.skip(24);
      }
    }
    if (in.flag()) { // chroma_loc_info_present_flag
      in.ue();
      in.ue();
    }
    if (in.flag()) { // timing_info_present_flag
      in.skip(32 + 32 + 1);
    }
    boolean hasNalHrd = in.flag();
    if (hasNalHrd) {
      skipHrd(in);
    }
    boolean hasVclHrd = in.flag();
    if (hasVclHrd) {
      skipHrd(in);
    }
    if (hasNalHrd || hasVclHrd) {
      in.skip(1); // low_delay_hrd_flag
    }
    in.skip(1); // pic_struct_present_flag
  }

  /** E.1.2. */
  private static void skipHrd(BitReader in) throws MalformedMediaException {
    int count = in.ue() + 1; // cpb_cnt_minus1
    if (count > 32) {
      throw new MalformedMediaException("H.264 SPS: " + count + " coded picture buffers");
    }
    in.skip(4 + 4); // bit_rate_scale, cpb_size_scale
    for (int i = 0; i < count; i++) {
      in.ue(); // bit_rate_value_minus1
      in.ue(); // cpb_size_value_minus1
      in.skip(1); // cbr_flag
    }
    in.skip(5 + 5 + 5 + 5); // lengths of delays and of the time offset
  }

  /** Returns pic_order_cnt_type. */
  private static int skipPictureOrderCount(BitReader in) throws MalformedMediaException {
    int type = in.ue(); // pic_order_cnt_type
    if (type == 0) {
      in.ue(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      in.skip(1); // delta_pic_order_always_zero_flag
      in.se(); // offset_for_non_ref_pic
      in.se(); // offset_for_top_to_bottom_field
      int count = in.ue(); // num_ref_frames_in_pic_order_cnt_cycle
      if (count > 255) {
        throw new MalformedMediaException("H.264 SPS: picture order cycle of " + count);
      }
      for (int i = 0; i < count; i++) {
        in.se(); // offset_for_ref_frame
      }
    }
    return type;
  }
}
