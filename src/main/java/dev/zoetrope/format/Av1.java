package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/**
 * Walks over the open bitstream units (OBU) of a packet in low-overhead form.
 *
 * @see "AV1 Bitstream and Decoding Process Specification, 5.3 and 6.2.2"
 */
final class Av1 {
  static final int SEQUENCE_HEADER = 1;
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int TILE_LIST = 8;
  private static final int PADDING = 15;

  private Av1() {}

  /**
   * Adds what belongs into an MP4 sample to {@code kept}, and returns the payload of the first
   * sequence header; empty without one.
   */
  static Bytes split(Bytes data, Ranges kept) throws MalformedMediaException {
    Bytes sequenceHeader = Bytes.EMPTY;
    int at = 0;
    int keptFrom = 0;
    while (at < data.size()) {
      int unit = at;
      int header = data.at(at++);
      int type = header >> 3 & 0xf;
      if ((header & 0x80) != 0) {
        throw new MalformedMediaException("AV1 at byte " + unit + ": forbidden bit is set");
      }
      if ((header & 4) != 0) {
        at++; // obu_extension_header
      }
      long size = data.size() - (long) at;
      if ((header & 2) != 0) { // obu_has_size_field
        size = 0;
        for (int i = 0; ; i++) { // leb128()
          if (at >= data.size() || i == 8) {
            throw new MalformedMediaException("AV1 at byte " + at + ": OBU size does not end");
          }
          int part = data.at(at++);
          size |= (part & 0x7fL) << (7 * i);
          if (part < 0x80) {
            break;
          }
        }
      }
      if (size < 0 || size > data.size() - at) {
        throw new MalformedMediaException(
            "AV1 at byte " + unit + ": OBU of " + size + " bytes in " + data.size());
      }
      int end = at + (int) size;
      if (type == SEQUENCE_HEADER && sequenceHeader.isEmpty()) {
        sequenceHeader = data.slice(at, end);
      } else if (type == TEMPORAL_DELIMITER || type == TILE_LIST || type == PADDING) {
        if (unit > keptFrom) {
          kept.add(keptFrom, unit);
        }
        keptFrom = end;
      }
      at = end;
    }
    if (data.size() > keptFrom) {
      kept.add(keptFrom, data.size());
    }
    return sequenceHeader;
  }

  /** The sequence header's payload in ffmpeg's extradata: {@code av1C} or bare OBUs; or empty. */
  static Bytes sequenceHeader(Bytes extradata) throws MalformedMediaException {
    boolean isRecord = extradata.size() >= 4 && extradata.at(0) == 0x81;
    return split(isRecord ? extradata.slice(4, extradata.size()) : extradata, new Ranges());
  }
}
