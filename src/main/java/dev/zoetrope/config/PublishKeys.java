package dev.zoetrope.config;

import dev.zoetrope.channel.Channels;
import dev.zoetrope.config.EditRefusedException.Reason;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What publishers of sources have to know, and new ones in its place. Thread-safe. */
public final class PublishKeys {
  private static final int KEY_BYTES = 24; // 32 characters, where SRT takes 10 to 79

  private final Channels channels;
  private final SourceEditor editor;
  private final int rtmpPort;

  PublishKeys(Channels channels, SourceEditor editor, int rtmpPort) {
    this.channels = channels;
    this.editor = editor;
    this.rtmpPort = rtmpPort;
  }

  /** How a source is published. */
  public enum Way {
    RTMP("key"),
    SRT("passphrase"),
    HTTP("key"),
    PICTURES("key");

    private final String settingsKey;

    Way(String settingsKey) {
      this.settingsKey = settingsKey;
    }

    /** As the API calls it: {@code rtmp}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Where publishers come to.
   *
   * @param key empty where anybody may publish
   * @param port of RTMP or SRT; 0 where RTMP is switched off, and where it is the web server's
   */
  public record Entrance(Way way, Optional<Secret> key, int port) {}

  /** That of a source; empty if it is not there, or nobody publishes to it. */
  public Optional<Entrance> of(SourceId id) {
    return channels.channel(id).flatMap(channel -> of(channel.settings().source()));
  }

  private Optional<Entrance> of(Source source) {
    if (source instanceof Source.RtmpPublish rtmp) {
      return Optional.of(new Entrance(Way.RTMP, Optional.of(rtmp.key()), rtmpPort));
    }
    if (source instanceof Source.HttpPublish http) {
      return Optional.of(new Entrance(Way.HTTP, Optional.of(http.key()), 0));
    }
    if (source instanceof Source.Pictures pictures) {
      return Optional.of(new Entrance(Way.PICTURES, Optional.of(pictures.key()), 0));
    }
    if (source instanceof Source.SrtPublish srt) {
      return Optional.of(new Entrance(Way.SRT, srt.passphrase(), srt.port()));
    }
    return Optional.empty();
  }

  /**
   * Makes a new key, which is at work when this returns: the old one lets nobody in, and who came
   * with it is cut.
   */
  public void renew(SourceId id) throws EditRefusedException {
    Entrance entrance =
        of(id)
            .orElseThrow(
                () ->
                    new EditRefusedException(
                        Reason.NOT_THERE, "nobody publishes to a source " + id));
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    editor.renewSecret(id, entrance.way().settingsKey, new Secret(key));
  }
}
