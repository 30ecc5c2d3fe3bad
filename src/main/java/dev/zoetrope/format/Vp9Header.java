package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.Locale;

/**
 * What the header of a VP9 keyframe says about profile, colour and size. VP9 has no extradata.
 *
 * @param profile 0 to 3
 * @param bitDepth 8, 10 or 12
 * @param colourSpace color_space, 0 (unknown) to 7 (RGB)
 * @param isFullRange color_range
 * @param subsamplingX 0 or 1
 * @param subsamplingY 0 or 1
 * @param width in pixels
 * @param height in pixels
 * @see "VP9 Bitstream and Decoding Process Specification, 6.2"
 */
record Vp9Header(
    int profile,
    int bitDepth,
    int colourSpace,
    boolean isFullRange,
    int subsamplingX,
    int subsamplingY,
    int width,
    int height) {
  static final int FRAME_MARKER = 2;
  private static final int RGB = 7;
  private static final int UNSPECIFIED = 2;

  /** Level, most luma samples a second, most luma samples a picture: annex A. */
  private static final long[][] LEVELS = {
    {10, 829_440, 36_864},
    {11, 2_764_800, 73_728},
    {20, 4_608_000, 122_880},
    {21, 9_216_000, 245_760},
    {30, 20_736_000, 552_960},
    {31, 36_864_000, 983_040},
    {40, 83_558_400, 2_228_224},
    {41, 160_432_128, 2_228_224},
    {50, 311_951_360, 8_912_896},
    {51, 588_251_136, 8_912_896},
    {52, 1_176_502_272, 8_912_896},
    {60, 1_176_502_272, 35_651_584},
    {61, 2_353_004_544L, 35_651_584},
  };

  private static final int HIGHEST_LEVEL = 62;

  /** The level depends on the frame rate, which no header tells: taken to be this one. */
  private static final int ASSUMED_FPS = 30;

  /** How many bytes of a frame the header takes at most, up to the size. */
  private static final int MOST_BYTES = 16;

  /** Reads the uncompressed header of a keyframe, or of a superframe that begins with one. */
  static Vp9Header read(Bytes frame) throws MalformedMediaException {
    BitReader in = BitReader.of("VP9 keyframe", frame.slice(0, Math.min(frame.size(), MOST_BYTES)));
    int profile = skipToFrameType(in);
    if (in.flag()) { // frame_type
      throw new MalformedMediaException("VP9 keyframe: is none");
    }
    in.skip(2); // show_frame, error_resilient_mode
    int sync = in.bits(24);
    if (sync != 0x498342) {
      throw new MalformedMediaException(
          "VP9 keyframe: sync code " + Integer.toHexString(sync) + ", expected 498342");
    }
    int bitDepth = profile >= 2 ? in.flag() ? 12 : 10 : 8; // ten_or_twelve_bit
    int colourSpace = in.bits(3);
    boolean isFullRange = colourSpace == RGB || in.flag();
    boolean odd = (profile & 1) == 1;
    int subsamplingX = odd ? 0 : 1;
    int subsamplingY = subsamplingX;
    if (odd && colourSpace != RGB) {
      subsamplingX = in.bits(1);
      subsamplingY = in.bits(1);
    }
    if (odd) {
      in.skip(1); // reserved_zero
    }
    int width = in.bits(16) + 1;
    int height = in.bits(16) + 1;
    PictureSize.check("VP9 keyframe", width, height);
    return new Vp9Header(
        profile, bitDepth, colourSpace, isFullRange, subsamplingX, subsamplingY, width, height);
  }

  private static int skipToFrameType(BitReader in) throws MalformedMediaException {
    int marker = in.bits(2);
    if (marker != FRAME_MARKER) {
      throw new MalformedMediaException(
          "VP9 frame: frame_marker " + marker + ", expected " + FRAME_MARKER);
    }
    int profile = in.bits(1) | in.bits(1) << 1;
    if (profile == 3) {
      in.skip(1); // reserved_zero
    }
    if (in.flag()) { // show_existing_frame
      throw new MalformedMediaException("VP9 frame: shows an existing frame");
    }
    return profile;
  }

  /**
   * The content of {@code vpcC}, version and flags included.
   *
   * @see "VP Codec ISO Media File Format Binding, VP Codec Configuration Box"
   */
  Bytes toVpcC() {
    BoxWriter out = new BoxWriter();
    out.u32(1 << 24).u8(profile).u8(level());
    int chroma = subsamplingX == 1 ? subsamplingY == 1 ? 1 : 2 : 3; // 4:2:0 colocated, 4:2:2, 4:4:4
    out.u8(bitDepth << 4 | chroma << 1 | (isFullRange ? 1 : 0));
    switch (colourSpace) { // primaries, transfer, matrix: ISO/IEC 23091-2
      case 1, 3 -> out.u8(6).u8(6).u8(6); // BT.601, SMPTE 170M
      case 2 -> out.u8(1).u8(1).u8(1); // BT.709
      case 4 -> out.u8(7).u8(7).u8(7); // SMPTE 240M
      case 5 -> out.u8(9).u8(bitDepth == 12 ? 15 : bitDepth == 10 ? 14 : 1).u8(9); // BT.2020
      case RGB -> out.u8(1).u8(13).u8(0);
      default -> out.u8(2).u8(2).u8(2); // unspecified
    }
    return out.u16(0).toBytes(); // codecInitializationDataSize
  }

  /**
   * The codecs parameter of a {@code vpcC}: {@code vp09.PP.LL.BB}, and the colour where it is known
   * or sampled otherwise than 4:2:0.
   */
  static String codecs(Bytes vpcC) {
    int depths = vpcC.at(6);
    String text =
        String.format(Locale.ROOT, "vp09.%02d.%02d.%02d", vpcC.at(4), vpcC.at(5), depths >> 4);
    int chroma = depths >> 1 & 7;
    if (vpcC.at(7) == UNSPECIFIED && chroma == 1) {
      return text;
    }
    return text
        + String.format(
            Locale.ROOT,
            ".%02d.%02d.%02d.%02d.%02d",
            chroma,
            vpcC.at(7),
            vpcC.at(8),
            vpcC.at(9),
            depths & 1);
  }

  private int level() {
    long samples = (long) width * height;
    for (long[] level : LEVELS) {
      if (samples * ASSUMED_FPS <= level[1] && samples <= level[2]) {
        return (int) level[0];
      }
    }
    return HIGHEST_LEVEL;
  }
}
