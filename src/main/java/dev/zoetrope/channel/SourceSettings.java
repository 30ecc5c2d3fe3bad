package dev.zoetrope.channel;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.CaptureTask;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Offer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A source as its operator wants it served. Immutable.
 *
 * @param title shown to people: 1 to 120 characters, none of them a control character
 * @param keepRunning whether it is captured also without viewers
 * @param linger how long the capture goes on after the last viewer: zero to one day
 * @param renditions what viewers can ask for, names unique; empty if only stills are served
 * @param capture how it is watched over
 * @param enabled whether it may be captured at all
 * @param audience who may watch it
 */
public record SourceSettings(
    SourceId id,
    String title,
    Source source,
    boolean keepRunning,
    Duration linger,
    List<Rendition> renditions,
    CaptureSettings capture,
    boolean enabled,
    Audience audience) {

  /** The most characters a title may have. */
  public static final int MAX_TITLE_LENGTH = 120;

  /** What {@code linger} is where nothing else is said. */
  public static final Duration DEFAULT_LINGER = Duration.ofSeconds(10);

  /** The longest {@code linger}. */
  public static final Duration MAX_LINGER = Duration.ofDays(1);

  /** One that is not switched off, for everybody. */
  public SourceSettings(
      SourceId id,
      String title,
      Source source,
      boolean keepRunning,
      Duration linger,
      List<Rendition> renditions,
      CaptureSettings capture) {
    this(id, title, source, keepRunning, linger, renditions, capture, true, Audience.EVERYBODY);
  }

  public SourceSettings {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(capture, "capture");
    Objects.requireNonNull(audience, "audience");
    renditions = List.copyOf(renditions);
    if (!isTitle(title)) {
      throw new IllegalArgumentException(
          "source " + id + ": title must have 1 to " + MAX_TITLE_LENGTH + " printable characters");
    }
    if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
      throw new IllegalArgumentException(
          "source " + id + ": linger must be zero to " + MAX_LINGER + ", got " + linger);
    }
    Set<String> names = new HashSet<>();
    for (Rendition rendition : renditions) {
      if (!names.add(rendition.name())) {
        throw new IllegalArgumentException(
            "source " + id + ": two renditions named " + rendition.name());
      }
    }
  }

  /** The same, switched on or off. */
  public SourceSettings withEnabled(boolean on) {
    return new SourceSettings(
        id, title, source, keepRunning, linger, renditions, capture, on, audience);
  }

  /** The same for others. */
  public SourceSettings withAudience(Audience others) {
    return new SourceSettings(
        id, title, source, keepRunning, linger, renditions, capture, enabled, others);
  }

  /**
   * The same as another node offers it: with its title, where there is no other than the id, its
   * renditions in those formats that this has, unless they are made here, and for nobody whom it is
   * not for there.
   */
  SourceSettings asOffered(Offer offer) {
    boolean isUntitled = title.equals(id.value()) && isTitle(offer.title());
    boolean isOfPackets = source instanceof Relay relay && relay.form() == Relay.Form.PACKETS;
    return new SourceSettings(
        id,
        isUntitled ? offer.title() : title,
        source,
        keepRunning,
        linger,
        isOfPackets ? renditions : offered(offer),
        capture,
        enabled,
        new Audience(audience.protection().and(protection(offer)), audience.origins()));
  }

  private List<Rendition> offered(Offer offer) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    renditions.forEach(rendition -> formats.add(rendition.format()));
    Map<String, Rendition> offered = new LinkedHashMap<>();
    offer.renditions().stream()
        .filter(rendition -> formats.contains(rendition.format()))
        .forEach(rendition -> offered.put(rendition.name(), rendition));
    return List.copyOf(offered.values());
  }

  /** Of a word that is not known here, the strictest. */
  private static Protection protection(Offer offer) {
    return Stream.of(Protection.values())
        .filter(protection -> protection.word().equals(offer.access()))
        .findFirst()
        .orElse(Protection.LINK);
  }

  /** Whether it is not one source, but stands for all that other nodes have. */
  public boolean isMirror() {
    return source instanceof Relay relay && relay.source().isEmpty();
  }

  /** Whether {@code other} is one of those that this stands for. */
  public boolean mirrors(SourceSettings other) {
    return source instanceof Source.Relay all
        && all.source().isEmpty()
        && other.source instanceof Source.Relay one
        && one.origins().equals(all.origins())
        && one.source().map(there -> other.id.value().equals(all.prefix() + there)).orElse(false);
  }

  /** What its capture has to keep running; with the place where its publishers come to. */
  CaptureTask task(Optional<PublishPoint> point) {
    return new CaptureTask(id, title, source, capture, point);
  }

  /** Whether {@code text} can be shown as a title. */
  public static boolean isTitle(String text) {
    return !text.isBlank()
        && text.length() <= MAX_TITLE_LENGTH
        && text.codePoints().noneMatch(Character::isISOControl);
  }
}
