package dev.zoetrope.admin;

import dev.zoetrope.monitor.NodeLink;
import dev.zoetrope.monitor.NodeTree;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;

/** {@code GET /api/v1/nodes}: this node and those it is connected with. */
final class NodeResource {
  private final NodeTree tree;

  NodeResource(NodeTree tree) {
    this.tree = tree;
  }

  JsonObject describe() {
    return Json.createObjectBuilder()
        .add(
            "node",
            Json.createObjectBuilder().add("id", tree.own().id()).add("name", tree.own().name()))
        .add("origins", links(tree.origins()))
        .add("followers", links(tree.followers()))
        .build();
  }

  private static JsonArrayBuilder links(List<NodeLink> links) {
    JsonArrayBuilder json = Json.createArrayBuilder();
    links.forEach(link -> json.add(describe(link)));
    return json;
  }

  private static JsonObjectBuilder describe(NodeLink link) {
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("id", link.id())
            .add("name", link.name())
            .add("address", link.address())
            .add("key", link.key())
            .add("state", link.state().word())
            .add("words", link.words());
    AccountResource.addTime(json, "since", link.since());
    return json.add("sources", link.sources())
        .add("bytesPerSecond", JsonNumber.of(link.bytesPerSecond()))
        .add("ageMillis", JsonNumber.of(link.ageMillis()))
        .add("roundTripMillis", JsonNumber.of(link.roundTripMillis()))
        .add("lost", link.lost())
        .add("viewers", link.viewers())
        .add("below", links(link.below()));
  }
}
