package dev.zoetrope.bench.fanout;

import dev.zoetrope.bench.fanout.FrameReader.Frames;
import java.util.function.Consumer;

/** A format and how it is watched: at the server, and at the yardstick. */
enum Way {
  MJPEG("/live/pictures.mjpeg", "/mjpeg", 25, Transport.HTTP),
  GIF("/live/pictures.gif?stamp=1", "/gif", 10, Transport.HTTP),
  MPEG1("/live/video/mpeg1", "/ws/ts", 25, Transport.WEB_SOCKET),
  FMP4("/live/video/fmp4", "/ws/mp4", 25, Transport.WEB_SOCKET);

  enum Transport {
    HTTP,
    WEB_SOCKET
  }

  final String serverPath;
  final String yardstickPath;
  final int fps;
  final Transport transport;

  Way(String serverPath, String yardstickPath, int fps, Transport transport) {
    this.serverPath = serverPath;
    this.yardstickPath = yardstickPath;
    this.fps = fps;
    this.transport = transport;
  }

  /** What reads its stream, behind the response's head. */
  FrameReader reader(String boundary, Frames frames, Consumer<byte[]> pings)
      throws BadStreamException {
    return switch (this) {
      case MJPEG -> new MultipartFrames(boundary, frames);
      case GIF -> new GifFrames(frames);
      case MPEG1 -> new WebSocketFrames(new TsMessages(frames), pings);
      case FMP4 -> new WebSocketFrames(new Mp4Messages(frames), pings);
    };
  }
}
