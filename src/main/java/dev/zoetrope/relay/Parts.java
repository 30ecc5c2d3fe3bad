package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the parts of one rendition's payloads together. For one thread at a time. */
final class Parts {
  /** A fragment that is larger is none. */
  private static final int MOST_BYTES = 32 << 20;

  private RelayMessage first; // null while none is under way
  private final List<Bytes> parts = new ArrayList<>();
  private long size;

  /** Takes the next message; the whole payload, once it is there. */
  Optional<Bytes> take(RelayMessage header, Bytes payload) throws MalformedMediaException {
    if (header.parts() == 1) {
      clear();
      return Optional.of(payload);
    }
    if (header.part() == 0) {
      clear();
      first = header;
    } else if (first == null || !isNext(header)) {
      throw new MalformedMediaException(
          "part " + header.part() + " of " + header.parts() + " after " + parts.size());
    }
    parts.add(payload);
    size += payload.size();
    if (size > MOST_BYTES) {
      throw new MalformedMediaException("a payload of more than " + MOST_BYTES + " bytes");
    }
    if (header.part() < header.parts() - 1) {
      return Optional.empty();
    }
    Bytes whole = Bytes.concat(parts.toArray(Bytes[]::new));
    clear();
    return Optional.of(whole);
  }

  private boolean isNext(RelayMessage header) {
    return header.part() == parts.size()
        && header.parts() == first.parts()
        && header.run() == first.run()
        && header.sequence() == first.sequence();
  }

  private void clear() {
    first = null;
    parts.clear();
    size = 0;
  }
}
