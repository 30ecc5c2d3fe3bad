package dev.zoetrope.admin;

import dev.zoetrope.config.EditRefusedException;
import dev.zoetrope.config.PublishKeys;
import dev.zoetrope.config.PublishKeys.Entrance;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.web.Outside;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /api/v1/sources/{id}/publish-key}: the key of a source's publishers, the addresses that
 * they publish to, and lines to paste.
 */
final class PublishKeyResource {
  private static final int USUAL_RTMP_PORT = 1935; // RTMP 1.0, 1
  private static final String OBS = "OBS";

  /** As in the settings of a source. */
  private static final String HIDDEN = "…";

  /** In addresses and lines, for people to put it there. */
  private static final String PLACE_OF_THE_KEY = "KEY";

  private final PublishKeys keys;
  private final String base;
  private final String host;

  /**
   * @param base where the application is, as the asker calls it; ends with a slash
   * @param host of it, an IPv6 address in brackets
   */
  PublishKeyResource(PublishKeys keys, String base, String host) {
    this.keys = keys;
    this.base = base;
    this.host = host;
  }

  static PublishKeyResource of(PublishKeys keys, HttpServletRequest request) {
    String name = request.getServerName();
    boolean isBare = name.contains(":") && !name.startsWith("[");
    return new PublishKeyResource(
        keys, Outside.of(request).root(request), isBare ? "[" + name + "]" : name);
  }

  /** {@code GET}: without the key itself. */
  Reply get(String id) throws Problem {
    SourceId known = id(id);
    Entrance entrance = entrance(known);
    Optional<Secret> standsForIt = entrance.key().map(key -> new Secret(PLACE_OF_THE_KEY));
    return describe(
        known,
        new Entrance(entrance.way(), standsForIt, entrance.port()),
        standsForIt.map(key -> HIDDEN));
  }

  /** {@code POST …/reveal}: with the key. */
  Reply reveal(String id) throws Problem {
    SourceId known = id(id);
    Entrance entrance = entrance(known);
    return describe(known, entrance, entrance.key().map(Secret::reveal));
  }

  private Entrance entrance(SourceId id) throws Problem {
    return keys.of(id)
        .orElseThrow(
            () ->
                new Problem(
                    404,
                    "expected a source of kind rtmp-publish, srt-publish, http-publish or"
                        + " pictures; nobody publishes to a source "
                        + id));
  }

  private Reply describe(SourceId known, Entrance entrance, Optional<String> key) {
    JsonObjectBuilder answer = Json.createObjectBuilder();
    key.ifPresentOrElse(text -> answer.add("key", text), () -> answer.addNull("key"));
    answer.add("kind", entrance.way().word());
    JsonArrayBuilder urls = Json.createArrayBuilder();
    JsonArrayBuilder lines = Json.createArrayBuilder();
    if (isOpen(entrance)) {
      urls.add(url(known, entrance));
      lines(known, entrance)
          .forEach(
              (program, line) ->
                  lines.add(Json.createObjectBuilder().add("program", program).add("line", line)));
    }
    return Reply.of(answer.add("urls", urls).add("lines", lines).build());
  }

  /** {@code POST}: a new key. */
  Reply post(String id) throws Problem {
    try {
      keys.renew(id(id));
    } catch (EditRefusedException e) {
      throw Problem.of(e);
    }
    return reveal(id);
  }

  private static SourceId id(String id) throws Problem {
    if (!SourceId.isValid(id)) {
      throw new Problem(404, "expected the id of a source: 1 to 64 of a-z, 0-9 and -");
    }
    return new SourceId(id);
  }

  private static boolean isOpen(Entrance entrance) {
    return entrance.way() != PublishKeys.Way.RTMP || entrance.port() != 0;
  }

  private String url(SourceId id, Entrance entrance) {
    String key = encoded(entrance);
    return switch (entrance.way()) {
      case RTMP -> rtmp(entrance) + "/" + id + "?key=" + key;
      case SRT -> srt(entrance);
      case HTTP -> base + "publish/" + id + "?key=" + key;
      case PICTURES -> base + "publish/" + id + "/picture?key=" + key;
    };
  }

  private Map<String, String> lines(SourceId id, Entrance entrance) {
    Map<String, String> lines = new LinkedHashMap<>();
    String url = url(id, entrance);
    switch (entrance.way()) {
      case RTMP -> {
        String streamKey = id + "?key=" + encoded(entrance);
        lines.put(OBS, "Server: " + rtmp(entrance) + " Stream Key: " + streamKey);
        lines.put(
            "ffmpeg", "ffmpeg -re -i in.mp4 -c:v libx264 -g 50 -c:a aac -f flv '" + url + "'");
      }
      case SRT -> {
        lines.put(OBS, "Server: " + url);
        lines.put("ffmpeg", "ffmpeg -re -i in.mp4 -c copy -f mpegts '" + url + "'");
      }
      case HTTP -> {
        String to = "-H 'Authorization: Bearer " + shown(entrance) + "' '" + base + "publish/" + id;
        lines.put("ffmpeg", "ffmpeg -re -i in.mp4 -c copy -f mpegts '" + url + "'");
        lines.put("curl", "ffmpeg -re -i in.mp4 -c copy -f mpegts - | curl -T - " + to + "'");
      }
      case PICTURES ->
          lines.put(
              "curl",
              "curl -T picture.jpg -H 'Authorization: Bearer "
                  + shown(entrance)
                  + "' '"
                  + base
                  + "publish/"
                  + id
                  + "/picture'");
    }
    return lines;
  }

  private String rtmp(Entrance entrance) {
    boolean isUsual = entrance.port() == USUAL_RTMP_PORT;
    return "rtmp://" + host + (isUsual ? "" : ":" + entrance.port()) + "/live";
  }

  private String srt(Entrance entrance) {
    String phrase = entrance.key().isEmpty() ? "" : "?passphrase=" + encoded(entrance);
    return "srt://" + host + ":" + entrance.port() + phrase;
  }

  private static String encoded(Entrance entrance) {
    return URLEncoder.encode(text(entrance), StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Within single quotes of a shell. */
  private static String shown(Entrance entrance) {
    return text(entrance).replace("'", "'\\''");
  }

  private static String text(Entrance entrance) {
    Optional<Secret> key = entrance.key();
    return key.map(Secret::reveal).orElse("");
  }
}
