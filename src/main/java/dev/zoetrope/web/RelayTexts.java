package dev.zoetrope.web;

import dev.zoetrope.access.HandedLink;
import dev.zoetrope.access.Link;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What nodes are told in text messages, beside what viewers are told in {@link BundleMessages}.
 * Stateless.
 *
 * @see "docs/PROTOCOL.md, 5.1 to 5.3"
 */
final class RelayTexts {
  /** The newest version of these messages that is spoken here. */
  static final int VERSION = 1;

  private RelayTexts() {}

  /**
   * @param nowMicros since 1970
   */
  static String hello(NodeIdentity identity, long nowMicros) {
    return Json.createObjectBuilder()
        .add("type", "hello")
        .add("version", VERSION)
        .add("node", identity.id())
        .add("name", identity.name())
        .add("now", BundleMessages.millis(nowMicros))
        .add("most", Terms.RELAY.subscriptions())
        .build()
        .toString();
  }

  static String sources(List<Offer> offers) {
    JsonArrayBuilder sources = Json.createArrayBuilder();
    for (Offer offer : offers) {
      JsonArrayBuilder renditions = Json.createArrayBuilder();
      offer.renditions().forEach(rendition -> renditions.add(rendition(rendition)));
      sources.add(
          Json.createObjectBuilder()
              .add("id", offer.id())
              .add("title", offer.title())
              .add("path", Json.createArrayBuilder(offer.path()))
              .add("state", offer.state())
              .add("picture", offer.hasPicture())
              .add("access", offer.access())
              .add("packets", offer.hasPackets())
              .add("renditions", renditions));
    }
    return Json.createObjectBuilder()
        .add("type", "sources")
        .add("sources", sources)
        .build()
        .toString();
  }

  private static JsonObjectBuilder rendition(Rendition rendition) {
    return Json.createObjectBuilder()
        .add("name", rendition.name())
        .add("format", rendition.format().word())
        .add("width", rendition.width())
        .add("fps", rendition.fps())
        .add("quality", rendition.quality())
        .add("bitrate", rendition.bitsPerSecond())
        .add("bytesPerSecond", rendition.bytesPerSecond())
        .add("encode", rendition.encode().name().toLowerCase(Locale.ROOT));
  }

  /**
   * @param self this node, through which they come to who is told
   */
  static String links(List<HandedLink> links, NodeIdentity self) {
    JsonArrayBuilder array = Json.createArrayBuilder();
    links.forEach(link -> array.add(link(link, self)));
    return Json.createObjectBuilder().add("type", "links").add("links", array).build().toString();
  }

  private static JsonObjectBuilder link(HandedLink handed, NodeIdentity self) {
    Link link = handed.link();
    JsonObjectBuilder told =
        Json.createObjectBuilder()
            .add("id", link.id())
            .add("sha256", handed.sha256())
            .add("path", Json.createArrayBuilder(handed.path()).add(self.id()))
            .add(
                "sources",
                Json.createArrayBuilder(
                    link.sources().stream().map(SourceId::value).sorted().toList()))
            .add("ways", Json.createArrayBuilder(link.ways().stream().sorted().toList()))
            .add("expires", link.expiresAt().getEpochSecond());
    link.maxViewers().ifPresent(most -> told.add("viewers", most));
    return told;
  }

  static String drain(Duration within) {
    return Json.createObjectBuilder()
        .add("type", "drain")
        .add("within", within.toMillis())
        .build()
        .toString();
  }
}
