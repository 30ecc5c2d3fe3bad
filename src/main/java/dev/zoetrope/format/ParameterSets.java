package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The parameter sets of an H.264 or HEVC stream, and how they are written into {@code avcC} and
 * {@code hvcC}. Immutable.
 *
 * @param syntax H.264 or HEVC
 * @param lengthSize how many bytes a NAL unit's length takes in samples: 1, 2 or 4
 * @param sets whole NAL units, one per type and id
 * @see "ISO/IEC 14496-15, 5.3.3.1 (avcC), 8.3.3.1 (hvcC)"
 */
record ParameterSets(NalSyntax syntax, int lengthSize, List<Bytes> sets) {
  private static final int H264_SPS = 7;
  private static final int HEVC_SPS = 33;

  ParameterSets {
    sets = List.copyOf(sets);
  }

  /** None yet, for a stream in Annex B form. */
  static ParameterSets none(NalSyntax syntax) {
    return new ParameterSets(syntax, 4, List.of());
  }

  /** Whether extradata is {@code avcC} or {@code hvcC}, and packets have lengths. */
  static boolean isRecord(NalSyntax syntax, Bytes extradata) {
    return extradata.size() >= (syntax == NalSyntax.H264 ? 7 : 23)
        && (extradata.at(0) != 0 || !AnnexB.hasStartCode(extradata));
  }

  /** The sets of ffmpeg's extradata: {@code avcC}, {@code hvcC} or Annex B. */
  static ParameterSets read(NalSyntax syntax, Bytes extradata) throws MalformedMediaException {
    if (isRecord(syntax, extradata)) {
      return syntax == NalSyntax.H264 ? readAvcC(extradata) : readHvcC(extradata);
    }
    ParameterSets found = none(syntax);
    Ranges units = new Ranges();
    AnnexB.split(extradata, units);
    for (int i = 0; i < units.count(); i++) {
      found = found.withSet(extradata.slice(units.from(i), units.to(i)));
    }
    return found;
  }

  private static ParameterSets readAvcC(Bytes record) throws MalformedMediaException {
    ByteReader in = new ByteReader("avcC", record);
    in.skip(4); // configurationVersion, AVCProfileIndication, compatibility, AVCLevelIndication
    ParameterSets found = new ParameterSets(NalSyntax.H264, lengthSize(in.u8()), List.of());
    for (int kind = 0; kind < 2; kind++) {
      // numOfSequenceParameterSets has 3 reserved bits in front
      int count = kind == 0 ? in.u8() & 0x1f : in.u8();
      for (int i = 0; i < count; i++) {
        found = found.withSet(in.bytes(in.u16()));
      }
    }
    return found;
  }

  private static ParameterSets readHvcC(Bytes record) throws MalformedMediaException {
    ByteReader in = new ByteReader("hvcC", record);
    in.skip(21);
    ParameterSets found = new ParameterSets(NalSyntax.HEVC, lengthSize(in.u8()), List.of());
    int arrays = in.u8(); // numOfArrays
    for (int array = 0; array < arrays; array++) {
      in.skip(1); // array_completeness, NAL_unit_type
      int count = in.u16();
      for (int i = 0; i < count; i++) {
        found = found.withSet(in.bytes(in.u16()));
      }
    }
    return found;
  }

  private static int lengthSize(int field) throws MalformedMediaException {
    int size = (field & 3) + 1;
    if (size == 3) {
      throw new MalformedMediaException("avcC or hvcC: NAL unit lengths of 3 bytes");
    }
    return size;
  }

  /** Whether this very set is among them. */
  boolean contains(Bytes set) {
    return sets.contains(set);
  }

  /**
   * With one more, which replaces the one of its type and id; unchanged if {@code nal} is none, or
   * is known.
   */
  ParameterSets withSet(Bytes nal) throws MalformedMediaException {
    Bytes set = withoutTrailingZeros(nal);
    if (set.size() < 2
        || syntax.use(set.at(0), set.at(1)) != NalSyntax.Use.PARAMETER_SET
        || contains(set)) {
      return this;
    }
    if (set.size() > 65535) {
      throw new MalformedMediaException("parameter set of " + set.size() + " bytes");
    }
    List<Bytes> changed = new ArrayList<>(sets);
    int place = indexOf(set);
    // A copy of its own, so that a few bytes do not keep a whole frame in memory.
    Bytes own = Bytes.owning(set.toArray());
    if (place < 0) {
      changed.add(own);
    } else {
      changed.set(place, own);
    }
    return new ParameterSets(syntax, lengthSize, changed);
  }

  private int indexOf(Bytes set) throws MalformedMediaException {
    int type = syntax.type(set);
    int id = syntax.id(set);
    for (int i = 0; i < sets.size(); i++) {
      if (syntax.type(sets.get(i)) == type && syntax.id(sets.get(i)) == id) {
        return i;
      }
    }
    return -1;
  }

  private static Bytes withoutTrailingZeros(Bytes nal) {
    int end = nal.size();
    while (end > 0 && nal.at(end - 1) == 0) {
      end--;
    }
    return end == nal.size() ? nal : nal.slice(0, end);
  }

  /** Whether there is one of each type that a decoder needs. */
  boolean isComplete() {
    for (int type : syntax.needed()) {
      if (ofType(type).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Those of one nal_unit_type. */
  private List<Bytes> ofType(int type) {
    return sets.stream().filter(set -> syntax.type(set) == type).toList();
  }

  /** The first SPS of a complete H.264 stream. */
  H264Sps h264Sps() throws MalformedMediaException {
    return H264Sps.read(ofType(H264_SPS).get(0));
  }

  /** The first SPS of a complete HEVC stream. */
  HevcSps hevcSps() throws MalformedMediaException {
    return HevcSps.read(ofType(HEVC_SPS).get(0));
  }

  /** The content of {@code avcC} or {@code hvcC}; complete streams only. */
  Bytes toRecord() throws MalformedMediaException {
    return syntax == NalSyntax.H264 ? toAvcC() : toHvcC();
  }

  private Bytes toAvcC() throws MalformedMediaException {
    H264Sps sps = h264Sps();
    BoxWriter out = new BoxWriter();
    out.u8(1).u8(sps.profile()).u8(sps.constraints()).u8(sps.level());
    out.u8(0xfc | lengthSize - 1);
    List<Bytes> sequenceSets = limit(ofType(H264_SPS), 31);
    out.u8(0xe0 | sequenceSets.size());
    writeSets(out, sequenceSets);
    List<Bytes> pictureSets = limit(ofType(8), 255);
    out.u8(pictureSets.size());
    writeSets(out, pictureSets);
    if (sps.profile() != 66 && sps.profile() != 77 && sps.profile() != 88) {
      out.u8(0xfc | sps.chromaFormat());
      out.u8(0xf8 | (sps.bitDepthLuma() - 8)).u8(0xf8 | (sps.bitDepthChroma() - 8));
      out.u8(0); // numOfSequenceParameterSetExt
    }
    return out.toBytes();
  }

  private Bytes toHvcC() throws MalformedMediaException {
    HevcSps sps = hevcSps();
    BoxWriter out = new BoxWriter();
    out.u8(1).bytes(sps.profileTierLevel());
    out.u16(0xf000); // min_spatial_segmentation_idc: unknown
    out.u8(0xfc); // parallelismType: unknown
    out.u8(0xfc | sps.chromaFormat());
    out.u8(0xf8 | sps.bitDepthLuma() - 8).u8(0xf8 | sps.bitDepthChroma() - 8);
    out.u16(0); // avgFrameRate: unknown
    int nested = sps.temporalIdNested() ? 1 : 0;
    out.u8(sps.subLayers() << 3 | nested << 2 | lengthSize - 1); // constantFrameRate: unknown
    out.u8(syntax.needed().size());
    for (int type : syntax.needed()) {
      List<Bytes> array = ofType(type);
      out.u8(0x80 | type).u16(array.size()); // array_completeness, as hvc1 requires
      writeSets(out, array);
    }
    return out.toBytes();
  }

  private static List<Bytes> limit(List<Bytes> sets, int most) {
    return sets.subList(0, Math.min(sets.size(), most));
  }

  private static void writeSets(BoxWriter out, List<Bytes> sets) {
    for (Bytes set : sets) {
      out.u16(set.size()).bytes(set);
    }
  }

  /**
   * The codecs parameter: {@code avc1.PPCCLL} or {@code hvc1.…}.
   *
   * @see "RFC 6381, 3.3; ISO/IEC 14496-15, annex E"
   */
  String codecs() throws MalformedMediaException {
    if (syntax == NalSyntax.H264) {
      H264Sps sps = h264Sps();
      return String.format(
          Locale.ROOT, "avc1.%02x%02x%02x", sps.profile(), sps.constraints(), sps.level());
    }
    Bytes profile = hevcSps().profileTierLevel();
    StringBuilder text = new StringBuilder("hvc1.");
    int space = profile.at(0) >> 6; // general_profile_space
    if (space > 0) {
      text.append((char) ('A' + space - 1));
    }
    text.append(profile.at(0) & 0x1f); // general_profile_idc
    int compatibility =
        profile.at(1) << 24 | profile.at(2) << 16 | profile.at(3) << 8 | profile.at(4);
    text.append('.').append(Integer.toHexString(Integer.reverse(compatibility)));
    boolean highTier = (profile.at(0) & 0x20) != 0; // general_tier_flag
    text.append('.').append(highTier ? 'H' : 'L').append(profile.at(11));
    int end = 11;
    while (end > 5 && profile.at(end - 1) == 0) {
      end--; // trailing constraint bytes that are zero are left out
    }
    for (int i = 5; i < end; i++) {
      text.append('.').append(Integer.toHexString(profile.at(i)));
    }
    return text.toString();
  }
}
