package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.util.Arrays;

/**
 * GIF's LZW with 8 bits a pixel: codes of 9 to 12 bits, the lowest bit first, in sub-blocks of at
 * most 255 bytes. Writes into an array of its own that is reused. Not thread-safe.
 *
 * <p>The caller walks: it keeps the string found so far as a code, asks for its {@link #child} and
 * where there is none {@link #emit}s it. So the caller may choose among the pixels that are good
 * enough one that goes on with a known string.
 *
 * @see "GIF89a specification, 15, 22 and appendix F"
 */
final class GifLzw {
  /** What {@link #child} answers where there is none. */
  static final int NONE = -1;

  private static final int MIN_CODE_SIZE = 8;
  private static final int CLEAR = 1 << MIN_CODE_SIZE;
  private static final int END = CLEAR + 1;
  private static final int MAX_CODES = 1 << 12;
  private static final int MAX_SUB_BLOCK = 255;

  // Open addressing, at most half full. An entry: 12 bits parent, 8 bits pixel, 12 bits code.
  private static final int SLOTS_LOG = 13;
  private static final int SLOTS = 1 << SLOTS_LOG;
  private final int[] slots = new int[SLOTS];

  // Per code, the last pixels of its children modulo 64: most questions are answered by it alone.
  private final long[] children = new long[MAX_CODES];

  private final byte[] out;
  private int position;
  private int blockStart;
  private int bits;
  private int bitCount;
  private int nextCode;
  private int codeSize;

  /**
   * @param maxPixels most pixels of one image
   * @param room bytes kept free besides, for what is written around the images
   */
  GifLzw(int maxPixels, int room) {
    // A code of 12 bits for each pixel and a clear code for each 3838, and the sub-blocks' lengths.
    long most = maxPixels * 12L / 8;
    most += most / 1000 + 16;
    most += most / MAX_SUB_BLOCK + 16;
    out = new byte[Math.toIntExact(most + room)];
  }

  /** The array written to: valid from 0 to {@link #position}, until the next {@link #rewind}. */
  byte[] array() {
    return out;
  }

  int position() {
    return position;
  }

  /** Starts over at the beginning of the array. */
  void rewind() {
    position = 0;
  }

  /** One byte around the images. */
  void put(int value) {
    out[position++] = (byte) value;
  }

  /** Two bytes around the images, the lower first. */
  void putShort(int value) {
    put(value);
    put(value >> 8);
  }

  /** Bytes around the images. */
  void put(Bytes bytes) {
    bytes.copyTo(out, position);
    position += bytes.size();
  }

  /** Begins an image's data: the minimum code size, then a clear code. */
  void begin() {
    put(MIN_CODE_SIZE);
    blockStart = position++;
    bits = 0;
    bitCount = 0;
    clearStrings();
    putCode(CLEAR);
  }

  /** The code of the string {@code code} followed by {@code pixel}, or {@link #NONE}. */
  int child(int code, int pixel) {
    if ((children[code] >>> pixel & 1) == 0) {
      return NONE;
    }
    int key = code << 8 | pixel;
    int slot = slotOf(key);
    while (slots[slot] != 0) {
      if (slots[slot] >>> 12 == key) {
        return slots[slot] & 0xfff;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return NONE;
  }

  /** Whether any string goes on from {@code code}. */
  boolean hasChildren(int code) {
    return children[code] != 0;
  }

  /** Whether {@link #child} may find one; if not, there is none. */
  boolean mayHaveChild(int code, int pixel) {
    return (children[code] >>> pixel & 1) != 0;
  }

  /** Writes {@code code}, and makes it with {@code pixel}, not a child so far, a known string. */
  void emit(int code, int pixel) {
    putCode(code);
    if (nextCode == MAX_CODES) {
      putCode(CLEAR);
      clearStrings();
      return;
    }
    int key = code << 8 | pixel;
    int slot = slotOf(key);
    while (slots[slot] != 0) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    slots[slot] = key << 12 | nextCode;
    children[code] |= 1L << pixel;
    // The reader is one string behind: it needs the longer code only after this one.
    if (nextCode == 1 << codeSize) {
      codeSize++;
    }
    nextCode++;
  }

  /** Ends an image's data with the last string's code. */
  void end(int code) {
    putCode(code);
    // The reader makes a string of this code too, and may then expect a longer one.
    if (nextCode < MAX_CODES && nextCode == 1 << codeSize) {
      codeSize++;
    }
    putCode(END);
    if (bitCount > 0) {
      putData(bits);
    }
    out[blockStart] = (byte) (position - blockStart - 1);
    out[position++] = 0; // block terminator
  }

  private static int slotOf(int key) {
    return (key * 0x9E3779B1) >>> (32 - SLOTS_LOG);
  }

  private void clearStrings() {
    Arrays.fill(slots, 0);
    Arrays.fill(children, 0);
    nextCode = END + 1;
    codeSize = MIN_CODE_SIZE + 1;
  }

  private void putCode(int code) {
    bits |= code << bitCount;
    bitCount += codeSize;
    while (bitCount >= 8) {
      putData(bits);
      bits >>>= 8;
      bitCount -= 8;
    }
  }

  private void putData(int value) {
    if (position - blockStart - 1 == MAX_SUB_BLOCK) {
      out[blockStart] = (byte) MAX_SUB_BLOCK;
      blockStart = position++;
    }
    out[position++] = (byte) value;
  }
}
