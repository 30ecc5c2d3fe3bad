package dev.zoetrope.feed;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JFR: a viewer was too slow, and goes on at a newer join point. */
@Name("dev.zoetrope.ViewerLapped")
@Label("Viewer Lapped")
@Category("Zoetrope")
@StackTrace(false)
final class ViewerLapped extends Event {
  @Label("Viewer")
  long viewer;

  @Label("Fragments Skipped")
  long skipped;

  /** Notes it, where that is recorded. */
  static void note(Client client, long skipped) {
    ViewerLapped event = new ViewerLapped();
    if (event.shouldCommit()) {
      event.viewer = client.id();
      event.skipped = skipped;
      event.commit();
    }
  }
}
