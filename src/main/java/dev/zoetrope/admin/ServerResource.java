package dev.zoetrope.admin;

import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.FormatStats;
import dev.zoetrope.channel.Limits;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import javax.management.JMException;
import javax.management.ObjectName;

/** {@code GET /api/v1/server}: what this server is, has, and takes. */
final class ServerResource {
  private final Channels channels;
  private final Installation installation;
  private final ServletContext context;

  ServerResource(Channels channels, Installation installation, ServletContext context) {
    this.channels = channels;
    this.installation = installation;
    this.context = context;
  }

  JsonObject describe() throws Problem {
    JsonObjectBuilder server = Json.createObjectBuilder();
    try {
      server.add("version", version());
      server.add("ffmpeg", ffmpeg(channels.ffmpeg()));
      server.add("diskFree", Files.getFileStore(installation.home()).getUsableSpace());
    } catch (IOException e) {
      throw new Problem(500, "the server cannot be described: " + e.getMessage());
    }
    server
        .add("java", System.getProperty("java.vm.name") + " " + Runtime.version())
        .add("container", context.getServerInfo())
        .add("os", os())
        .add("startedAt", installation.startedAt().toString())
        .add("uptimeSeconds", Duration.between(installation.startedAt(), Instant.now()).toSeconds())
        .add("home", installation.home().toString())
        .add("fastDoor", installation.fastDoor())
        .add("rtmpPort", installation.rtmpPort().getAsInt())
        .add("limits", limits(channels.limits()))
        .add("viewers", channels.viewers())
        .add("refused", channels.refused())
        .add("stalled", channels.all().stream().mapToLong(ServerResource::stalled).sum());
    addMachine(server);
    return server.build();
  }

  private String version() throws IOException {
    try (InputStream in = context.getResourceAsStream("/META-INF/MANIFEST.MF")) {
      return in == null
          ? "unknown"
          : Optional.ofNullable(
                  new Manifest(in)
                      .getMainAttributes()
                      .getValue(Attributes.Name.IMPLEMENTATION_VERSION))
              .orElse("unknown");
    }
  }

  private static JsonObject ffmpeg(Ffmpeg ffmpeg) throws IOException {
    JsonArrayBuilder encoders = Json.createArrayBuilder();
    ffmpeg.encoders().forEach(trial -> encoders.add(DeviceResource.describe(trial)));
    return Json.createObjectBuilder()
        .add("path", ffmpeg.program().toString())
        .add("version", ffmpeg.version())
        .add("encoder", ffmpeg.h264Encoder())
        .add("hardwareEncoders", encoders)
        .build();
  }

  private static String os() {
    return String.join(
        " ",
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"));
  }

  private static JsonObject limits(Limits limits) {
    return Json.createObjectBuilder()
        .add("viewers", limits.viewersPerNode())
        .add("viewersPerSource", limits.viewersPerSource())
        .add("viewersPerAddress", limits.viewersPerAddress())
        .add("sources", limits.sources())
        .add("logBytes", limits.logBytesPerNode())
        .build();
  }

  private static long stalled(Channel channel) {
    return channel.turnover().formats().values().stream().mapToLong(FormatStats::stalled).sum();
  }

  /** What the system does not tell, as Windows some of it, is left out. */
  private static void addMachine(JsonObjectBuilder server) {
    server.add("cpus", Runtime.getRuntime().availableProcessors());
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load >= 0) {
      server.add("load", JsonNumber.of(load));
    }
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    server.add("heapUsed", heap.getUsed()).add("heapMost", heap.getMax());
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    server.add("directUsed", direct);
    fileDescriptors("OpenFileDescriptorCount").ifPresent(count -> server.add("files", count));
    fileDescriptors("MaxFileDescriptorCount").ifPresent(most -> server.add("filesMost", most));
  }

  private static OptionalLong fileDescriptors(String attribute) {
    try {
      ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
      Object value = ManagementFactory.getPlatformMBeanServer().getAttribute(system, attribute);
      return value instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (JMException e) {
      return OptionalLong.empty(); // this system does not count them
    }
  }
}
