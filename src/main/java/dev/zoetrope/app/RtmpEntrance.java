package dev.zoetrope.app;

import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.publish.RtmpServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where RTMP publishers come to: a port that is open once a source is published by RTMP, as nobody
 * has business there before. Thread-safe.
 */
final class RtmpEntrance implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RtmpEntrance.class.getName());

  private final Channels channels;

  // Guarded by this.
  private RtmpServer server; // null: it is not open
  private int port; // 0: none, or it cannot be had, or no more

  /**
   * @param port 0 for none
   */
  RtmpEntrance(Channels channels, int port) {
    this.channels = channels;
    this.port = port;
  }

  /** Opens it, if it is wanted by now and is not open. */
  synchronized void look() {
    boolean isWanted =
        server == null
            && port != 0
            && channels.all().stream().anyMatch(RtmpEntrance::isPublishedByRtmp);
    if (!isWanted) {
      return;
    }
    try {
      server = new RtmpServer(new InetSocketAddress(port), this::point, Ingest::wallMicros);
      LOG.log(Level.INFO, "RTMP publishers come to port {0}", Integer.toString(port));
    } catch (IOException e) { // the other sources go on
      port = 0; // told once
      LOG.log(Level.ERROR, e.getMessage());
    }
  }

  private static boolean isPublishedByRtmp(Channel channel) {
    return channel.settings().source() instanceof Source.RtmpPublish;
  }

  private PublishPoint point(String name) {
    Optional<Channel> channel =
        SourceId.isValid(name) ? channels.channel(new SourceId(name)) : Optional.empty();
    return channel
        .filter(RtmpEntrance::isPublishedByRtmp)
        .flatMap(Channel::publishPoint)
        .orElseGet(() -> channels.nowhere(name));
  }

  /** The port that is open; 0 for none. */
  synchronized int openPort() {
    return server == null ? 0 : port;
  }

  /** For good; publishers are ended. Idempotent. */
  @Override
  public synchronized void close() {
    port = 0;
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
