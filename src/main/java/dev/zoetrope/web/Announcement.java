package dev.zoetrope.web;

import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;

/** The text message that announces a run of fMP4: what the player needs before its init segment. */
final class Announcement {
  private Announcement() {}

  static String of(Framing framing, Run run) {
    JsonObjectBuilder init =
        Json.createObjectBuilder().add("type", "init").add("mime", framing.contentType(run));
    Optional<Track> video = run.video();
    if (video.isPresent()) {
      init.add("width", video.get().width()).add("height", video.get().height());
    }
    return init.add("run", run.number()).build().toString();
  }
}
