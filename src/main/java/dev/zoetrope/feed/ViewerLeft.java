package dev.zoetrope.feed;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JFR: a viewer has left, or was ended; with what it was sent. */
@Name("dev.zoetrope.ViewerLeft")
@Label("Viewer Left")
@Category("Zoetrope")
@StackTrace(false)
final class ViewerLeft extends Event {
  @Label("Viewer")
  long viewer;

  @Label("Fragments Sent")
  long sent;

  @Label("Fragments Skipped")
  long skipped;

  @Label("Sent")
  @DataAmount
  long bytes;

  /** Notes it, where that is recorded. */
  static void note(Viewer viewer) {
    ViewerLeft event = new ViewerLeft();
    if (event.shouldCommit()) {
      ViewerStats stats = viewer.stats();
      event.viewer = stats.client().id();
      event.sent = stats.sent();
      event.skipped = stats.skipped();
      event.bytes = stats.bytes();
      event.commit();
    }
  }
}
