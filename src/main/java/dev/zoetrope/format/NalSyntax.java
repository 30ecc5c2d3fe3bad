package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.List;

/** Where H.264 and HEVC differ in how NAL units are told apart. */
enum NalSyntax {
  /** ITU-T H.264, 7.3.1 and table 7-1. */
  H264 {
    @Override
    Use use(int first, int second) {
      return switch (first & 0x1f) {
        case 1, 2, 3, 4, 5 -> Use.SLICE;
        case 7, 8 -> Use.PARAMETER_SET;
        case 9, 12 -> Use.NEEDLESS;
        default -> Use.OTHER;
      };
    }

    @Override
    int type(Bytes nal) {
      return nal.at(0) & 0x1f;
    }

    @Override
    int id(Bytes set) throws MalformedMediaException {
      if (type(set) == 7) {
        return H264Sps.read(set).id();
      }
      BitReader in = BitReader.ofNal("H.264 PPS", set);
      in.skip(8); // nal_unit header
      return in.ue(); // pic_parameter_set_id
    }

    @Override
    List<Integer> needed() {
      return List.of(7, 8);
    }
  },

  /** ITU-T H.265, 7.3.1.2 and table 7-1. */
  HEVC {
    @Override
    Use use(int first, int second) {
      int layer = (first & 1) << 5 | second >> 3; // nuh_layer_id
      int type = first >> 1 & 0x3f;
      return switch (type) {
        case 32, 33, 34 -> layer == 0 ? Use.PARAMETER_SET : Use.OTHER;
        case 35, 38 -> Use.NEEDLESS;
        default -> type < 32 ? Use.SLICE : Use.OTHER;
      };
    }

    @Override
    int type(Bytes nal) {
      return nal.at(0) >> 1 & 0x3f;
    }

    @Override
    int id(Bytes set) throws MalformedMediaException {
      if (type(set) == 33) {
        return HevcSps.read(set).id();
      }
      BitReader in = BitReader.ofNal("HEVC parameter set", set);
      in.skip(16); // nal_unit_header
      // vps_video_parameter_set_id or pps_pic_parameter_set_id
      return type(set) == 32 ? in.bits(4) : in.ue();
    }

    @Override
    List<Integer> needed() {
      return List.of(32, 33, 34);
    }
  };

  /** What a NAL unit is to a packager. */
  enum Use {
    /** A part of the picture. */
    SLICE,
    /** VPS, SPS or PPS: belongs into the sample entry. */
    PARAMETER_SET,
    /** Access unit delimiter or filler: MP4 samples do without. */
    NEEDLESS,
    /** SEI and all the rest: travels with the picture. */
    OTHER
  }

  /** What the NAL unit is that begins with these two bytes. */
  abstract Use use(int first, int second);

  /** nal_unit_type of a unit of at least one byte. */
  abstract int type(Bytes nal);

  /** The id of a parameter set among those of its type; reads an SPS whole. */
  abstract int id(Bytes set) throws MalformedMediaException;

  /** The types of parameter sets without which nothing decodes. */
  abstract List<Integer> needed();
}
