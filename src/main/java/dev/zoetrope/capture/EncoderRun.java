package dev.zoetrope.capture;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JFR: an encoder has started, or ended. */
@Name("dev.zoetrope.Encoder")
@Label("Encoder")
@Category("Zoetrope")
@StackTrace(false)
final class EncoderRun extends Event {
  @Label("Encoder")
  @Description("Source and rendition")
  String encoder;

  @Label("State")
  @Description("started, or ended")
  String state;

  /** Notes it, where that is recorded. */
  static void note(String encoder, String state) {
    EncoderRun event = new EncoderRun();
    if (event.shouldCommit()) {
      event.encoder = encoder;
      event.state = state;
      event.commit();
    }
  }
}
