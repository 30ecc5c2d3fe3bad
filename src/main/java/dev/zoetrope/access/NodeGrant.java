package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.util.List;
import java.util.OptionalInt;

/** A follower's permission, held for as long as it is connected. Thread-safe. */
public interface NodeGrant extends Grant {
  /** What people call the key. */
  String keyName();

  /** The most that the follower is sent, bits a second; empty: any. */
  OptionalInt limit();

  /** Whether the key is for that source. */
  boolean mayHave(SourceId source);

  /**
   * The share links by which people may watch those sources at the follower, too: the same list as
   * long as none is another.
   */
  List<HandedLink> links();
}
