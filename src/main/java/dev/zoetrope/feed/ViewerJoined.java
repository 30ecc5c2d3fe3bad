package dev.zoetrope.feed;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JFR, the JDK's recorder: nothing where nobody records. */
@Name("dev.zoetrope.ViewerJoined")
@Label("Viewer Joined")
@Category("Zoetrope")
@StackTrace(false)
final class ViewerJoined extends Event {
  @Label("Viewer")
  long viewer;

  @Label("Way")
  @Description("The word at the end of its address: mjpeg, fmp4")
  String way;

  /** Notes it, where that is recorded. */
  static void note(Client client) {
    ViewerJoined event = new ViewerJoined();
    if (event.shouldCommit()) {
      event.viewer = client.id();
      event.way = client.way();
      event.commit();
    }
  }
}
