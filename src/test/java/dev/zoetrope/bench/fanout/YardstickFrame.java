package dev.zoetrope.bench.fanout;

import java.nio.ByteBuffer;

/** A frame as it goes out, used again once nobody is sent it any more. One thread. */
final class YardstickFrame {
  final ByteBuffer bytes;
  long sequence;
  int users; // viewers in the midst of it

  YardstickFrame(int capacity) {
    bytes = ByteBuffer.allocateDirect(capacity);
  }
}
