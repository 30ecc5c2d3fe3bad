package dev.zoetrope.admin;

import dev.zoetrope.monitor.NodeTree;
import jakarta.json.Json;
import jakarta.json.JsonObject;

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
        .add("origins", NodeJson.links(tree.origins()))
        .add("followers", NodeJson.links(tree.followers()))
        .build();
  }
}
