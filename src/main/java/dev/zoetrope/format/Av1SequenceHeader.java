package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.Locale;

/**
 * What an AV1 sequence header says about profile and size.
 *
 * @param profile seq_profile
 * @param level seq_level_idx of the first operating point
 * @param tier seq_tier of the first operating point, 0 or 1
 * @param bitDepth 8, 10 or 12
 * @param monochrome mono_chrome
 * @param subsamplingX 0 or 1
 * @param subsamplingY 0 or 1
 * @param samplePosition chroma_sample_position
 * @param width max_frame_width_minus_1 + 1
 * @param height max_frame_height_minus_1 + 1
 * @see "AV1 Bitstream and Decoding Process Specification, 5.5"
 */
record Av1SequenceHeader(
    int profile,
    int level,
    int tier,
    int bitDepth,
    boolean monochrome,
    int subsamplingX,
    int subsamplingY,
    int samplePosition,
    int width,
    int height) {

  /** Reads the payload of an OBU of type 1. */
  static Av1SequenceHeader read(Bytes payload) throws MalformedMediaException {
    BitReader in = BitReader.of("AV1 sequence header", payload);
    int profile = in.bits(3);
    in.skip(1); // still_picture
    boolean reduced = in.flag(); // reduced_still_picture_header
    int level;
    int tier = 0;
    if (reduced) {
      level = in.bits(5);
    } else {
      int delayBits = 0; // buffer_delay_length_minus_1 + 1; 0 without a decoder model
      if (in.flag()) { // timing_info_present_flag
        delayBits = skipTimingInfo(in);
      }
      boolean hasDisplayDelay = in.flag();
      int points = in.bits(5) + 1; // operating_points_cnt_minus_1
      level = 0;
      for (int i = 0; i < points; i++) {
        in.skip(12); // operating_point_idc
        int pointLevel = in.bits(5);
        int pointTier = pointLevel > 7 ? in.bits(1) : 0;
        if (delayBits > 0 && in.flag()) { // decoder_model_present_for_this_op
          in.skip(2 * delayBits + 1); // operating_parameters_info
        }
        if (hasDisplayDelay && in.flag()) {
          in.skip(4); // initial_display_delay_minus_1
        }
        if (i == 0) {
          level = pointLevel;
          tier = pointTier;
        }
      }
    }
    int widthBits = in.bits(4) + 1;
    int heightBits = in.bits(4) + 1;
    int width = in.bits(widthBits) + 1;
    int height = in.bits(heightBits) + 1;
    PictureSize.check("AV1 sequence header", width, height);
    skipTools(in, reduced);
    return withColour(in, profile, level, tier, width, height);
  }

  /** Returns the length of delays in bits, 0 without a decoder model. */
  private static int skipTimingInfo(BitReader in) throws MalformedMediaException {
    in.skip(64); // num_units_in_display_tick, time_scale
    if (in.flag()) { // equal_picture_interval
      in.ue(); // num_ticks_per_picture_minus_1: uvlc() is written like ue(v)
    }
    if (!in.flag()) { // decoder_model_info_present_flag
      return 0;
    }
    int delayBits = in.bits(5) + 1;
    in.skip(32 + 5 + 5);
    return delayBits;
  }

  private static void skipTools(BitReader in, boolean reduced) throws MalformedMediaException {
    if (!reduced && in.flag()) { // frame_id_numbers_present_flag
      in.skip(4 + 3);
    }
    in.skip(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
    if (!reduced) {
      in.skip(4); // interintra, masked compound, warped motion, dual filter
      boolean hasOrderHint = in.flag();
      if (hasOrderHint) {
        in.skip(2); // enable_jnt_comp, enable_ref_frame_mvs
      }
      boolean chooseScreenContent = in.flag(); // seq_choose_screen_content_tools
      if ((chooseScreenContent || in.flag()) && !in.flag()) { // seq_choose_integer_mv
        in.skip(1); // seq_force_integer_mv
      }
      if (hasOrderHint) {
        in.skip(3); // order_hint_bits_minus_1
      }
    }
    in.skip(3); // enable_superres, enable_cdef, enable_restoration
  }

  /** color_config(), 5.5.2. */
  private static Av1SequenceHeader withColour(
      BitReader in, int profile, int level, int tier, int width, int height)
      throws MalformedMediaException {
    boolean high = in.flag(); // high_bitdepth
    int bitDepth = high ? profile == 2 && in.flag() ? 12 : 10 : 8;
    boolean monochrome = profile != 1 && in.flag();
    int colour = 0;
    if (in.flag()) { // color_description_present_flag
      colour = in.bits(24); // primaries, transfer, matrix
    }
    int subsamplingX = 1;
    int subsamplingY = 1;
    int samplePosition = 0;
    if (monochrome) {
      in.skip(1); // color_range
    } else if (colour == 0x010d00) { // BT.709, sRGB, identity
      subsamplingX = 0;
      subsamplingY = 0;
    } else {
      in.skip(1); // color_range
      if (profile == 1) {
        subsamplingX = 0;
        subsamplingY = 0;
      } else if (profile == 2) {
        subsamplingX = bitDepth == 12 ? in.bits(1) : 1;
        subsamplingY = bitDepth == 12 && subsamplingX == 1 ? in.bits(1) : 0;
      }
      if (subsamplingX == 1 && subsamplingY == 1) {
        samplePosition = in.bits(2);
      }
    }
    return new Av1SequenceHeader(
        profile,
        level,
        tier,
        bitDepth,
        monochrome,
        subsamplingX,
        subsamplingY,
        samplePosition,
        width,
        height);
  }

  /**
   * The content of {@code av1C}, with this header in it.
   *
   * @param payload what this was read from
   * @see "AV1 Codec ISO Media File Format Binding, 2.3"
   */
  Bytes toAv1C(Bytes payload) {
    BoxWriter out = new BoxWriter();
    out.u8(0x81); // marker, version
    out.u8(profile << 5 | level);
    out.u8(
        tier << 7
            | (bitDepth > 8 ? 0x40 : 0)
            | (bitDepth == 12 ? 0x20 : 0)
            | (monochrome ? 0x10 : 0)
            | subsamplingX << 3
            | subsamplingY << 2
            | samplePosition);
    out.u8(0); // initial_presentation_delay_present
    out.u8(Av1.SEQUENCE_HEADER << 3 | 2); // obu_header with obu_has_size_field
    int size = payload.size();
    while (size > 0x7f) {
      out.u8((size & 0x7f) | 0x80);
      size >>= 7;
    }
    return out.u8(size).bytes(payload).toBytes();
  }

  /** The codecs parameter: {@code av01.P.LLT.BB}. */
  String codecs() {
    return String.format(
        Locale.ROOT, "av01.%d.%02d%s.%02d", profile, level, tier == 0 ? "M" : "H", bitDepth);
  }
}
