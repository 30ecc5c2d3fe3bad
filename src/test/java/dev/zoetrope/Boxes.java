package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.zoetrope.media.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Reads the boxes of fragmented MP4: ISO/IEC 14496-12, 4.2. */
final class Boxes {
  private static final int HEADER = 8;
  private static final int SYNC_SAMPLE_FLAGS = 24; // in trun, behind its data_offset and duration

  private Boxes() {}

  /** A box: its type, and what is in it. */
  record Box(String type, Bytes payload) {}

  /** The boxes one after the other; the last may be cut off and is left out then. */
  static List<Box> read(Bytes bytes) {
    List<Box> boxes = new ArrayList<>();
    int at = 0;
    while (at + HEADER <= bytes.size()) {
      int size = u32(bytes, at);
      if (size < HEADER) {
        throw new AssertionError("box of " + size + " bytes at byte " + at);
      }
      if (at + size > bytes.size()) {
        break;
      }
      String type = new String(bytes.slice(at + 4, at + HEADER).toArray(), ISO_8859_1);
      boxes.add(new Box(type, bytes.slice(at + HEADER, at + size)));
      at += size;
    }
    return boxes;
  }

  /** The boxes' types, one after the other. */
  static List<String> types(Bytes bytes) {
    return read(bytes).stream().map(Box::type).toList();
  }

  /**
   * One movie fragment with one sample.
   *
   * @param sequence its sequence_number
   */
  record MovieFragment(int sequence, int trackId, boolean isSync) {}

  /** The movie fragments that are there whole. */
  static List<MovieFragment> fragments(Bytes bytes) {
    List<MovieFragment> fragments = new ArrayList<>();
    for (Box box : read(bytes)) {
      if (box.type.equals("moof")) {
        Bytes sequence = find(box.payload, "mfhd");
        Bytes traf = find(box.payload, "traf");
        int flags = u32(find(traf, "trun"), SYNC_SAMPLE_FLAGS - 4);
        boolean isSync = (flags & 0x10000) == 0; // sample_is_non_sync_sample
        fragments.add(new MovieFragment(u32(sequence, 4), u32(find(traf, "tfhd"), 4), isSync));
      }
    }
    return fragments;
  }

  /** What is in the first box of {@code type}. */
  static Bytes find(Bytes bytes, String type) {
    return read(bytes).stream()
        .filter(box -> box.type.equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type + " in " + types(bytes)))
        .payload;
  }

  private static int u32(Bytes bytes, int at) {
    return bytes.at(at) << 24 | bytes.at(at + 1) << 16 | bytes.at(at + 2) << 8 | bytes.at(at + 3);
  }
}
