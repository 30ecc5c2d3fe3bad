package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.util.HexFormat;

/**
 * The Huffman tables that a JPEG without any means, as a DHT segment.
 *
 * @see "ITU-T T.81, B.2.4.2 (DHT), K.3 (typical tables for 8-bit samples)"
 */
final class JpegHuffmanTables {
  private static final String LUMINANCE_DC =
      "0000010501010101010100000000000000000102030405060708090a0b";
  private static final String LUMINANCE_AC =
      "100002010303020403050504040000017d010203000411051221314106135161"
          + "07227114328191a1082342b1c11552d1f02433627282090a161718191a252627"
          + "28292a3435363738393a434445464748494a535455565758595a636465666768"
          + "696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6"
          + "a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1"
          + "e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa";
  private static final String CHROMINANCE_DC =
      "0100030101010101010101010000000000000102030405060708090a0b";
  private static final String CHROMINANCE_AC =
      "1100020102040403040705040400010277000102031104052131061241510761"
          + "711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a"
          + "262728292a35363738393a434445464748494a535455565758595a6364656667"
          + "68696a737475767778797a82838485868788898a92939495969798999aa2a3a4"
          + "a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9"
          + "dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";

  /** Marker, Lh, then per table: Tc and Th, 16 numbers of codes, the values. */
  static final Bytes SEGMENT =
      Bytes.owning(
          HexFormat.of()
              .parseHex(
                  "ffc401a2" + LUMINANCE_DC + LUMINANCE_AC + CHROMINANCE_DC + CHROMINANCE_AC));

  private JpegHuffmanTables() {}
}
