package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Decides as JSMpeg 6.1.2's demuxer does when a picture or sound frame is complete. */
final class JsmpegDemuxer {
  final List<Bytes> complete = new ArrayList<>();
  private final int pid;
  private final ByteArrayOutputStream current = new ByteArrayOutputStream();
  private boolean isStreamKnown;
  private int totalLength;

  JsmpegDemuxer(int pid) {
    this.pid = pid;
  }

  void write(Bytes stream) {
    for (int at = 0; at + 188 <= stream.size(); at += 188) {
      Bytes packet = stream.slice(at, at + 188);
      if (((packet.at(1) & 0x1f) << 8 | packet.at(2)) == pid) {
        parse(packet);
      }
    }
  }

  private void parse(Bytes packet) {
    boolean payloadStart = (packet.at(1) & 0x40) != 0;
    boolean hasField = (packet.at(3) & 0x20) != 0;
    if (payloadStart && isStreamKnown && current.size() > 0) {
      finish();
    }
    int at = hasField ? 5 + packet.at(4) : 4;
    if (payloadStart) {
      isStreamKnown = true;
      int packetLength = packet.at(at + 4) << 8 | packet.at(at + 5);
      int headerLength = packet.at(at + 8);
      totalLength = packetLength == 0 ? 0 : packetLength - headerLength - 3;
      at += 9 + headerLength;
    }
    current.writeBytes(packet.slice(at, 188).toArray());
    boolean isWhole = totalLength != 0 && current.size() >= totalLength;
    boolean hasPadding = !payloadStart && hasField;
    if (isWhole || hasPadding) {
      finish();
    }
  }

  private void finish() {
    complete.add(Bytes.owning(current.toByteArray()));
    current.reset();
    totalLength = 0;
  }
}
