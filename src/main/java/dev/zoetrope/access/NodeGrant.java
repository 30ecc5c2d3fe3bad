package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;

/** A follower's permission, held for as long as it is connected. Thread-safe. */
public interface NodeGrant extends Grant {
  /** What people call the key. */
  String keyName();

  /** Whether the key is for that source. */
  boolean mayHave(SourceId source);
}
