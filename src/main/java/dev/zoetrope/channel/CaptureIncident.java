package dev.zoetrope.channel;

import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JFR: what happened to a source, as in its timeline. */
@Name("dev.zoetrope.Capture")
@Label("Capture")
@Category("Zoetrope")
@StackTrace(false)
final class CaptureIncident extends Event {
  @Label("Source")
  String source;

  @Label("Kind")
  @Description("As in the source's timeline: started, first-frame, lost, recovered")
  String kind;

  @Label("Text")
  String text;

  /** Notes it, where that is recorded. */
  static void note(SourceId source, Incident incident) {
    CaptureIncident event = new CaptureIncident();
    if (event.shouldCommit()) {
      event.source = source.value();
      event.kind = incident.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
      event.text = incident.text();
      event.commit();
    }
  }
}
