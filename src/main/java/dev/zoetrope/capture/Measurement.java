package dev.zoetrope.capture;

import dev.zoetrope.format.TrackName;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Measures the tracks of a source from its packets. It goes by the packets' own times, so that what
 * comes in bursts is measured as it plays; only where they come more slowly than that, by their
 * arrival.
 *
 * <p>{@link #begin} and {@link #accept} belong to one thread, all else to any. Of each track the
 * first {@value #MOST_PACKETS} packets are looked at.
 */
final class Measurement implements Sink<Packet> {
  /** So much, and two keyframes, is enough to tell. */
  static final Duration ENOUGH = Duration.ofSeconds(2);

  private static final int MOST_PACKETS = 1 << 14;

  /** What arrives in so short a time may be a burst, or a pause. */
  private static final long LEAST_ARRIVAL_MICROS = 1_500_000;

  /** Packets that take longer by this to arrive than to play have wrong times. */
  private static final double TOO_SLOW = 1.2;

  private static final int FEWEST_TO_TELL_EVENNESS = 10;

  /** A distance that differs by more than this part of the usual one is another. */
  private static final double OTHER_DISTANCE = 0.3;

  /** With more than this part of other distances, they are uneven. */
  private static final double UNEVEN = 0.2;

  // Guarded by this.
  private final Map<Integer, Lane> lanes = new TreeMap<>(); // by the track's index

  @Override
  public synchronized void begin(Run run) {
    if (goesOn(run)) {
      run.tracks().forEach(track -> lanes.get(track.index()).enter(track));
      return;
    }
    lanes.clear();
    run.tracks().forEach(track -> lanes.put(track.index(), new Lane(track)));
  }

  /** A run with the same codecs, as when the size changes, is measured with the one before. */
  private boolean goesOn(Run run) {
    return lanes.size() == run.tracks().size()
        && run.tracks().stream()
            .allMatch(
                track ->
                    lanes.containsKey(track.index())
                        && lanes.get(track.index()).track.codec() == track.codec());
  }

  @Override
  public synchronized void accept(Packet packet) {
    Lane lane = lanes.get(packet.track().index());
    if (lane.times.size() < MOST_PACKETS) {
      lane.add(packet);
    }
  }

  /** Whether a packet of a picture has come. */
  synchronized boolean hasPicture() {
    return lanes.values().stream().anyMatch(lane -> lane.track.isVideo() && !lane.times.isEmpty());
  }

  /** Whether more would not tell more of the picture. */
  synchronized boolean isEnough() {
    return lanes.values().stream().anyMatch(lane -> lane.track.isVideo() && lane.isEnough());
  }

  /** What was found out until now, the picture first. */
  synchronized List<MeasuredTrack> tracks() {
    return lanes.values().stream()
        .sorted(Comparator.comparing(lane -> !lane.track.isVideo())) // false first; stable
        .map(Lane::measured)
        .toList();
  }

  /** One track. Guarded by the outer object. */
  private static final class Lane {
    private Track track;
    private boolean changesSize;
    private final List<Long> times = new ArrayList<>(); // pts of all packets, as they came
    private final List<Long> keyframes = new ArrayList<>(); // pts
    private final List<Long> bytesBefore = new ArrayList<>(); // each keyframe
    private Bytes keyframe = Bytes.EMPTY; // the first
    private long bytes;
    private int lastSize;
    private long latestMicros = Long.MIN_VALUE; // pts
    private long decodedMicros; // dts of the newest: all that are shown earlier have come
    private long firstArrivalMicros;
    private long lastArrivalMicros;
    private boolean isReordered;

    Lane(Track track) {
      this.track = track;
    }

    void enter(Track next) {
      changesSize |= next.width() != track.width() || next.height() != track.height();
      track = next;
    }

    void add(Packet packet) {
      long ptsMicros = packet.ptsMicros();
      if (times.isEmpty()) {
        firstArrivalMicros = packet.captureMicros();
      }
      if (packet.isKeyframe()) {
        keyframe = keyframes.isEmpty() ? packet.data() : keyframe;
        keyframes.add(ptsMicros);
        bytesBefore.add(bytes);
      }
      isReordered |= ptsMicros < latestMicros;
      latestMicros = Math.max(latestMicros, ptsMicros);
      decodedMicros = packet.dtsMicros();
      lastArrivalMicros = packet.captureMicros();
      lastSize = packet.size();
      bytes += lastSize;
      times.add(ptsMicros);
    }

    boolean isEnough() {
      long enoughMicros = ENOUGH.toNanos() / 1000;
      return keyframes.size() >= 2
          && (decodedMicros - Collections.min(times) >= enoughMicros
              || arrivalMicros() >= enoughMicros);
    }

    private long arrivalMicros() {
      return lastArrivalMicros - firstArrivalMicros;
    }

    MeasuredTrack measured() {
      List<Long> shown = times.stream().filter(at -> at <= decodedMicros).sorted().toList();
      OptionalDouble stamped = perSecond(shown);
      double slowness = slowness(shown);
      OptionalDouble fps = scaled(stamped, 1 / slowness);
      OptionalDouble interval =
          keyframes.size() < 2
              ? OptionalDouble.empty()
              : OptionalDouble.of(seconds(keyframes) / (keyframes.size() - 1));
      return new MeasuredTrack(
          track,
          TrackName.of(track, keyframe),
          fps,
          scaled(interval, slowness),
          scaled(longest(keyframes), slowness),
          Math.round(bitsPerSecond() / slowness),
          isReordered,
          isUneven(shown),
          slowness > 1 ? stamped : OptionalDouble.empty(),
          changesSize);
    }

    private static OptionalDouble scaled(OptionalDouble value, double by) {
      return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * by) : value;
    }

    /** From the first to the last. */
    private static double seconds(List<Long> micros) {
      return micros.isEmpty() ? 0 : (micros.get(micros.size() - 1) - micros.get(0)) / 1e6;
    }

    private static OptionalDouble perSecond(List<Long> shown) {
      double seconds = seconds(shown);
      return seconds > 0 ? OptionalDouble.of((shown.size() - 1) / seconds) : OptionalDouble.empty();
    }

    /** How much longer the packets take to arrive than to play; 1 where they do not. */
    private double slowness(List<Long> shown) {
      double plays = seconds(shown);
      double arrives = arrivalMicros() / 1e6;
      boolean isSlow =
          arrivalMicros() >= LEAST_ARRIVAL_MICROS && plays > 0 && arrives > plays * TOO_SLOW;
      return isSlow ? arrives / plays : 1;
    }

    private static OptionalDouble longest(List<Long> micros) {
      return distances(micros).stream().mapToDouble(distance -> distance / 1e6).max();
    }

    private static List<Long> distances(List<Long> micros) {
      List<Long> distances = new ArrayList<>();
      for (int i = 1; i < micros.size(); i++) {
        distances.add(micros.get(i) - micros.get(i - 1));
      }
      return distances;
    }

    /** From keyframe to keyframe, since these are larger than what is between. */
    private double bitsPerSecond() {
      double seconds = seconds(keyframes);
      if (seconds > 0) {
        long before = bytesBefore.get(bytesBefore.size() - 1) - bytesBefore.get(0);
        return before * 8 / seconds;
      }
      double all = times.isEmpty() ? 0 : (latestMicros - Collections.min(times)) / 1e6;
      return all > 0 ? (bytes - lastSize) * 8 / all : 0;
    }

    private static boolean isUneven(List<Long> shown) {
      List<Long> distances = distances(shown);
      if (distances.size() < FEWEST_TO_TELL_EVENNESS) {
        return false;
      }
      long usual = distances.stream().sorted().toList().get(distances.size() / 2);
      long others =
          distances.stream()
              .filter(distance -> Math.abs(distance - usual) > usual * OTHER_DISTANCE)
              .count();
      return others > distances.size() * UNEVEN;
    }
  }
}
