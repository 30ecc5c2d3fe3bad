package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

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
 * @see "ITU-T H.264, 7.3.2.1.1"
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
    int height) {

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
    skipPictureOrderCount(in);
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
        (int) height);
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

  private static void skipPictureOrderCount(BitReader in) throws MalformedMediaException {
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
  }
}
