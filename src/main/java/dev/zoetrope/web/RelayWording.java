package dev.zoetrope.web;

import dev.zoetrope.feed.Entry;
import dev.zoetrope.format.Fmp4Framing;
import dev.zoetrope.format.GifFraming;
import dev.zoetrope.format.PacketFragment;
import dev.zoetrope.format.TimeShift;
import dev.zoetrope.format.TsFraming;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.RelayMessage;
import dev.zoetrope.relay.RunDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Fragments for another node, each behind a header that says by the words of the node where it was
 * made what it is. The same for all nodes, but for what was left out.
 *
 * @see "docs/PROTOCOL.md, 5.4"
 */
final class RelayWording implements Wording {
  /** All of a GIF is large: so often it is sent to who has it, for who comes to them later. */
  private static final long WHOLE_EVERY_MICROS = 1_000_000;

  private final String self;
  private final SourceId source;
  private final String rendition;
  private final Optional<Format> format; // empty for packets
  private final Predicate<Fragment> isOfSource;
  private final Optional<Framing> framing; // the same

  private boolean isDescribed; // the run is
  private long wholeMicros; // pts of the image of which all was sent last

  /**
   * @param self id of this node
   * @param format empty for the source's own packets
   * @param isOfSource whether a fragment shows the source, and not a card in its place
   */
  RelayWording(
      String self,
      SourceId source,
      String rendition,
      Optional<Format> format,
      Predicate<Fragment> isOfSource) {
    this.self = self;
    this.source = source;
    this.rendition = rendition;
    this.format = format;
    this.isOfSource = isOfSource;
    framing = format.map(RelayWording::framing);
  }

  private static Framing framing(Format format) {
    return switch (format) {
      case FMP4 -> Fmp4Framing.BOTH;
      case MPEG1 -> TsFraming.PLAIN;
      case GIF -> GifFraming.STAMPED;
      case MJPEG -> PlainJpeg.INSTANCE;
    };
  }

  @Override
  public boolean wantsEarlySound() {
    return true;
  }

  /** The run's description waits for the first fragment: it tells its sequence. */
  @Override
  public List<Outgoing> begin(Run run, Fragment first) {
    isDescribed = false;
    return List.of();
  }

  @Override
  public List<Outgoing> write(Fragment fragment, boolean joining) {
    throw new IllegalStateException("a fragment without its place cannot be relayed");
  }

  @Override
  public List<Outgoing> write(Entry<Fragment> entry, boolean joining) {
    if (entry.run().relaying().id() < 0) { // this node's own card, as each node shows one
      return List.of();
    }
    List<Outgoing> messages = new ArrayList<>(2);
    if (!isDescribed) {
      isDescribed = true;
      describe(entry, messages);
    }
    int flags = flags(entry.piece(), joining);
    if (format.equals(Optional.of(Format.GIF))) {
      addImage(entry, flags, joining, messages);
    } else {
      add(entry, flags, framed(entry.piece(), joining), messages);
    }
    return messages;
  }

  private Bytes framed(Fragment fragment, boolean joining) {
    return framing.map(each -> each.frame(fragment, joining)).orElseGet(fragment::bytes);
  }

  private void describe(Entry<Fragment> entry, List<Outgoing> messages) {
    Run run = entry.run();
    String maker = run.relaying().maker();
    RunDescription description =
        new RunDescription(
            maker.isEmpty() ? self : maker, format, run.mime(), run.tracks(), run.init());
    long sequence = entry.sequence() + run.relaying().ahead();
    Header header = new Header(run.relaying().id(), sequence, RelayMessage.INIT, 0, 0, 0);
    addParts(header, description.bytes(), messages);
  }

  private int flags(Fragment fragment, boolean joining) {
    return (joining ? RelayMessage.DISCONTINUITY : 0)
        | (fragment.isJoinPoint() ? RelayMessage.JOIN : 0)
        | (fragment.kind() == Codec.Kind.AUDIO ? RelayMessage.SOUND : 0)
        | (isOfSource.test(fragment) ? 0 : RelayMessage.CARD);
  }

  /** The changes; before them, for who joins at the other node, perhaps the whole picture. */
  private void addImage(
      Entry<Fragment> entry, int flags, boolean joining, List<Outgoing> messages) {
    Fragment image = entry.piece();
    boolean isLongAgo = image.ptsMicros() - wholeMicros >= WHOLE_EVERY_MICROS;
    boolean isWholeDue = image.isJoinPoint() && (joining || isLongAgo);
    if (isWholeDue) {
      wholeMicros = image.ptsMicros();
      add(entry, flags | RelayMessage.WHOLE, framed(image, true), messages);
    }
    int left = RelayMessage.DISCONTINUITY | (isWholeDue ? 0 : RelayMessage.JOIN);
    add(entry, flags & ~left, framed(image, false), messages);
  }

  private void add(Entry<Fragment> entry, int flags, Bytes bytes, List<Outgoing> messages) {
    Fragment fragment = entry.piece();
    Run.Relaying relaying = entry.run().relaying();
    long later = relaying.laterMicros();
    Header header =
        new Header(
            relaying.id(),
            entry.sequence() + relaying.ahead(),
            flags,
            fragment.ptsMicros() - later,
            fragment.captureMicros(),
            fragment instanceof PacketFragment packet ? (int) packet.leadMicros() : 0);
    addParts(header, earlier(entry.run(), bytes, later), messages);
  }

  private Bytes earlier(Run run, Bytes bytes, long micros) {
    return micros == 0 || format.isEmpty()
        ? bytes
        : TimeShift.earlier(format.get(), run.tracks(), bytes, micros);
  }

  private record Header(
      long run, long sequence, int flags, long ptsMicros, long captureMicros, int leadMicros) {}

  private void addParts(Header header, Bytes payload, List<Outgoing> messages) {
    int most = RelayMessage.MOST_PAYLOAD;
    int parts = Math.max(1, (payload.size() + most - 1) / most);
    for (int part = 0; part < parts; part++) {
      Bytes bytes =
          parts == 1
              ? payload // as it is: all that get it share it
              : payload.slice(part * most, Math.min(payload.size(), (part + 1) * most));
      Bytes tag = bytes(header, part, parts);
      messages.add(new Outgoing.Binary(sequence -> tag, bytes));
    }
  }

  private Bytes bytes(Header header, int part, int parts) {
    return new RelayMessage(
            source.value(),
            rendition,
            header.run(),
            header.sequence(),
            header.flags(),
            header.ptsMicros(),
            header.captureMicros(),
            header.leadMicros(),
            part,
            parts)
        .bytes();
  }
}
