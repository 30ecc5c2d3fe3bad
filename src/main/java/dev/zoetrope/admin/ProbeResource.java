package dev.zoetrope.admin;

import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.CaptureTask;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.MeasuredTrack;
import dev.zoetrope.capture.ProbeRefusedException;
import dev.zoetrope.capture.ProbeResult;
import dev.zoetrope.capture.ProbedRendition;
import dev.zoetrope.capture.Probes;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.Remark;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Claim;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.config.EditRefusedException;
import dev.zoetrope.config.SourceKeeper;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.media.Track;
import dev.zoetrope.web.Outside;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /api/v1/probe}: what is behind the settings of a source, before they are saved. It
 * takes up to 15 s, on the caller's thread; nothing of the settings is written.
 */
final class ProbeResource {
  /** A look takes about so long. */
  private static final long RETRY_SECONDS = 5;

  private static final int RTMP_PORT = 1935; // which addresses need not name

  private final Probes probes;
  private final Channels channels;
  private final SourceKeeper keeper;

  ProbeResource(Probes probes, Channels channels, SourceKeeper keeper) {
    this.probes = probes;
    this.channels = channels;
    this.keeper = keeper;
  }

  /**
   * Looks at what the settings describe.
   *
   * @param request may name in its query the {@code source} that the settings were read from: what
   *     is hidden in them is that source's own
   * @param wanted with the keys of a source's file
   */
  Reply post(HttpServletRequest request, JsonObject wanted) throws Problem {
    long start = System.nanoTime();
    Optional<SourceId> known = known(Optional.ofNullable(request.getParameter("source")));
    SourceSettings settings = settings(known, wanted);
    checkIsFree(known, settings.source());
    ProbeResult result =
        isBrought(settings.source())
            ? new ProbeResult.Failed(nobodyPublishes(settings.source(), known, request), List.of())
            : look(settings);
    long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    return Reply.of(describe(result, tookMillis));
  }

  private Optional<SourceId> known(Optional<String> id) throws Problem {
    if (id.isEmpty()) {
      return Optional.empty();
    }
    if (!SourceId.isValid(id.get()) || !keeper.ids().contains(new SourceId(id.get()))) {
      throw new Problem(404, "source: expected the id of a source that is there");
    }
    return Optional.of(new SourceId(id.get()));
  }

  private SourceSettings settings(Optional<SourceId> known, JsonObject wanted) throws Problem {
    try {
      return keeper.editor().tried(known, JsonTree.map(wanted));
    } catch (EditRefusedException e) {
      throw Problem.of(e);
    }
  }

  /** Whoever has it is not disturbed. */
  private void checkIsFree(Optional<SourceId> known, Source source) throws Problem {
    Optional<Channel> own = known.flatMap(channels::channel);
    boolean isPublishedTo =
        own.flatMap(Channel::publishPoint).map(PublishPoint::isOccupied).orElse(false);
    if (source instanceof Source.Published && isPublishedTo) {
      throw publishedTo(own.get());
    }
    Optional<Claim> claim = Claim.of(source);
    Optional<Channel> holder = claim.flatMap(thing -> thing.holder(channels));
    if (holder.isEmpty()) {
      return;
    }
    boolean isOwn = known.equals(Optional.of(holder.get().id()));
    if (!isOwn || !isBrought(source)) {
      throw new Problem(
          409,
          claim.get().what()
              + " is used by source "
              + holder.get().id()
              + " at the moment, and by one at a time only; stop that source first");
    }
    CaptureState state = holder.get().stats().capture().state();
    if (state == CaptureState.LIVE || state == CaptureState.STALLED) {
      throw publishedTo(holder.get());
    }
  }

  private static Problem publishedTo(Channel channel) {
    return new Problem(
        409,
        "somebody publishes to source "
            + channel.id()
            + " at the moment: it is seen on that source's page");
  }

  private static boolean isBrought(Source source) {
    return source instanceof Source.Published || source instanceof Source.SrtPublish;
  }

  private Diagnosis nobodyPublishes(
      Source source, Optional<SourceId> known, HttpServletRequest request) {
    String id = known.map(SourceId::value).orElse("ID");
    String words = "nobody sends it yet: it can be seen as soon as somebody publishes it";
    String first = known.isPresent() ? "Publish to " : "Save it, then publish to ";
    String last =
        known.isPresent() ? "" : ", where ID is the name that it is saved under, and KEY its key";
    String advice = first + place(source, id, request) + last + ".";
    return new Diagnosis(Cause.NOBODY_PUBLISHES, words, advice);
  }

  private String place(Source source, String id, HttpServletRequest request) {
    String host = request.getServerName();
    if (source instanceof Source.SrtPublish srt) {
      return "srt://" + host + ":" + srt.port();
    }
    if (source instanceof Source.RtmpPublish) {
      int port = keeper.rtmpPort();
      return port == 0
          ? "this server by RTMP, once zoetrope.yaml has an rtmpPort other than 0"
          : "rtmp://" + host + (port == RTMP_PORT ? "" : ":" + port) + "/live/" + id + "?key=KEY";
    }
    String base = Outside.of(request).root(request) + "publish/" + id;
    return source instanceof Source.Pictures ? base + "/picture" : base;
  }

  private ProbeResult look(SourceSettings settings) throws Problem {
    CaptureTask task =
        new CaptureTask(
            settings.id(),
            settings.title(),
            settings.source(),
            settings.capture(),
            Optional.empty());
    try {
      return probes.look(task, settings.renditions());
    } catch (ProbeRefusedException e) {
      throw switch (e.reason()) {
        case BUSY -> new Problem(429, e.getMessage()).after(RETRY_SECONDS);
        case STOPPING -> new Problem(503, e.getMessage());
      };
    }
  }

  private static JsonObject describe(ProbeResult result, long tookMillis) {
    JsonObjectBuilder json = Json.createObjectBuilder();
    if (result instanceof ProbeResult.Failed failed) {
      json.add("ok", false)
          .add("cause", failed.why().cause().name())
          .add("words", failed.why().words())
          .add("advice", failed.why().advice())
          .add("log", Json.createArrayBuilder(failed.log()));
    } else if (result instanceof ProbeResult.Seen seen) {
      describe(seen, json.add("ok", true));
    } else {
      throw new AssertionError(result);
    }
    return json.add("tookMillis", tookMillis).build();
  }

  private static void describe(ProbeResult.Seen seen, JsonObjectBuilder json) {
    JsonArrayBuilder tracks = Json.createArrayBuilder();
    seen.tracks().forEach(track -> tracks.add(describe(track)));
    JsonArrayBuilder ways = Json.createArrayBuilder();
    seen.renditions().forEach(rendition -> ways.add(describe(rendition)));
    JsonArrayBuilder warnings = Json.createArrayBuilder();
    for (Remark remark : seen.remarks()) {
      warnings.add(
          Json.createObjectBuilder().add("words", remark.words()).add("advice", remark.advice()));
    }
    json.add("tracks", tracks).add("ways", ways).add("warnings", warnings);
    if (seen.picture().isPresent()) {
      json.add("picture", dataUri(seen.picture().get()));
    } else {
      json.addNull("picture");
    }
  }

  private static String dataUri(Bytes jpeg) {
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.toArray());
  }

  private static JsonObjectBuilder describe(MeasuredTrack measured) {
    Track track = measured.track();
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("kind", track.isVideo() ? "video" : "audio")
            .add("codec", word(track.codec()))
            .add("name", measured.name());
    if (track.isVideo()) {
      json.add("width", track.width()).add("height", track.height());
      add(json, "fps", measured.fps());
      add(json, "keyframeSeconds", measured.keyframeSeconds());
    } else {
      json.add("sampleRate", track.sampleRate()).add("channels", track.channels());
    }
    return json.add("bitrate", measured.bitsPerSecond());
  }

  /** As ffmpeg has it. */
  private static String word(Codec codec) {
    return switch (codec) {
      case OTHER_VIDEO, OTHER_AUDIO -> "other";
      default -> codec.name().toLowerCase(Locale.ROOT);
    };
  }

  private static void add(JsonObjectBuilder json, String key, OptionalDouble value) {
    if (value.isPresent()) {
      json.add(key, Math.round(value.getAsDouble() * 100) / 100.0);
    } else {
      json.addNull(key);
    }
  }

  private static JsonObjectBuilder describe(ProbedRendition probed) {
    return Json.createObjectBuilder()
        .add("format", probed.rendition().format().word())
        .add("rendition", probed.rendition().name())
        .add("copied", probed.isCopied())
        .add("words", probed.words());
  }
}
