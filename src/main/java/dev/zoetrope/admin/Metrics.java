package dev.zoetrope.admin;

import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.FormatStats;
import dev.zoetrope.media.Format;
import dev.zoetrope.monitor.Monitor;
import dev.zoetrope.monitor.Reading;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The server's figures in the words of Prometheus, as of the monitor's last tick. Labels are
 * sources and formats, so as many as those. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
  private final Monitor monitor;
  private final Channels channels;
  private final boolean isPublic;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /**
   * @param isPublic whether anybody may read them
   */
  public Metrics(Monitor monitor, Channels channels, boolean isPublic) {
    this.monitor = monitor;
    this.channels = channels;
    this.isPublic = isPublic;
    collections.bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    registry.getPrometheusRegistry().register(this::collect);
  }

  boolean isPublic() {
    return isPublic;
  }

  /** The media type of {@link #text}. */
  static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  String text() {
    return registry.scrape();
  }

  private MetricSnapshots collect() {
    List<Reading> readings = monitor.readings();
    return MetricSnapshots.of(
        gauge(
            "zoetrope_sources",
            "Sources there are",
            points -> points.accept(Labels.EMPTY, (double) readings.size())),
        gauge(
            "zoetrope_source_state",
            "1 for the state in which the source is",
            points -> readings.forEach(reading -> states(reading, points))),
        gauge(
            "zoetrope_viewers",
            "Viewers connected",
            points -> byFormat(readings, FormatStats::viewers, points)),
        counter(
            "zoetrope_refused",
            "Viewers refused for a limit",
            points -> points.accept(Labels.EMPTY, (double) channels.refused())),
        counter(
            "zoetrope_sent_bytes",
            "Bytes that viewers have got",
            points -> byFormat(readings, FormatStats::bytesOut, points)),
        counter(
            "zoetrope_fragments",
            "Fragments made",
            points -> byFormat(readings, FormatStats::fragments, points)),
        counter(
            "zoetrope_skipped",
            "Fragments that slow viewers did not get",
            points -> byFormat(readings, FormatStats::skipped, points)),
        counter(
            "zoetrope_stalled",
            "Viewers closed because they took nothing",
            points -> byFormat(readings, FormatStats::stalled, points)),
        counter(
            "zoetrope_received_bytes",
            "Bytes that the source brought",
            points -> bySource(readings, reading -> reading.turnover().bytesIn(), points)),
        counter(
            "zoetrope_pictures",
            "Pictures that the source brought",
            points -> bySource(readings, reading -> reading.turnover().pictures(), points)),
        counter(
            "zoetrope_capture_restarts",
            "How often the capture began again after a failure",
            points -> bySource(readings, reading -> reading.stats().capture().restarts(), points)));
  }

  /** Puts points into a family. */
  private interface Family {
    void fill(BiConsumer<Labels, Double> points);
  }

  private static GaugeSnapshot gauge(String name, String help, Family family) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    family.fill(
        (labels, value) ->
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return gauge.build();
  }

  private static CounterSnapshot counter(String name, String help, Family family) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    family.fill(
        (labels, value) ->
            counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return counter.build();
  }

  private static void states(Reading reading, BiConsumer<Labels, Double> points) {
    for (CaptureState state : CaptureState.values()) {
      points.accept(
          Labels.of("source", reading.id().value(), "state", state.word()),
          reading.stats().capture().state() == state ? 1.0 : 0.0);
    }
  }

  private static void bySource(
      List<Reading> readings, ToLongFunction<Reading> figure, BiConsumer<Labels, Double> points) {
    for (Reading reading : readings) {
      points.accept(
          Labels.of("source", reading.id().value()), (double) figure.applyAsLong(reading));
    }
  }

  private static void byFormat(
      List<Reading> readings,
      ToDoubleFunction<FormatStats> figure,
      BiConsumer<Labels, Double> points) {
    for (Reading reading : readings) {
      for (Map.Entry<Format, FormatStats> of : reading.turnover().formats().entrySet()) {
        points.accept(
            Labels.of("source", reading.id().value(), "format", of.getKey().word()),
            figure.applyAsDouble(of.getValue()));
      }
    }
  }

  /** Lets go of the JVM's collectors. Idempotent. */
  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
