package dev.zoetrope.web;

import dev.zoetrope.feed.Entry;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.util.List;

/**
 * How the fragments of one subscription become messages, from when it begins until it is paused or
 * ends. On the viewer's worker, as of {@link dev.zoetrope.feed.Connection}.
 */
interface Wording {
  /** A run begins. */
  List<Outgoing> begin(Run run, Fragment first);

  /** The next fragment of it. */
  List<Outgoing> write(Fragment fragment, boolean joining);

  /** The same, with where it stands in the feed. */
  default List<Outgoing> write(Entry<Fragment> entry, boolean joining) {
    return write(entry.piece(), joining);
  }

  /** As of {@link dev.zoetrope.feed.Connection#wantsEarlySound}. */
  default boolean wantsEarlySound() {
    return false;
  }
}
