package dev.zoetrope.config;

import dev.zoetrope.access.TrustedProxies;
import dev.zoetrope.alert.Webhook;
import dev.zoetrope.capture.DeniedHosts;
import dev.zoetrope.channel.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is set for the server as a whole. Immutable.
 *
 * @param startsAtATime how many captures may start at a time, 1 to 64
 * @param rtmpPort where RTMP publishers come to, 1 to 65535; 0 for nowhere
 * @param hardware whether encoders of the machine's hardware are looked for
 * @param fastDoor whether connections are taken over from the container where it can be done
 * @param publicMetrics whether anybody may read {@code /metrics}
 * @param webhooks who is told of lost sources
 * @param denyHosts what sources never connect to
 * @param ffmpeg the program to use, absolute; empty to look for one
 * @param node what people call this node; empty for the machine's name
 * @param trustedProxies whose word counts on where requests come from
 * @param jsonLogs whether the launcher's log is for programs
 */
public record ServerSettings(
    Limits limits,
    int startsAtATime,
    int rtmpPort,
    boolean hardware,
    boolean fastDoor,
    boolean publicMetrics,
    List<Webhook> webhooks,
    DeniedHosts denyHosts,
    Optional<Path> ffmpeg,
    Optional<String> node,
    TrustedProxies trustedProxies,
    boolean jsonLogs) {
  public ServerSettings {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(denyHosts, "denyHosts");
    Objects.requireNonNull(ffmpeg, "ffmpeg");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(trustedProxies, "trustedProxies");
    webhooks = List.copyOf(webhooks);
  }
}
