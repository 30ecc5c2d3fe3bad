package dev.zoetrope.admin;

import dev.zoetrope.alert.Webhook;
import dev.zoetrope.alert.Webhooks;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.concurrent.CompletableFuture;

/** {@code /api/v1/webhooks}: who is told, and the test of it. */
final class WebhookResource {
  private final Webhooks webhooks;

  WebhookResource(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  JsonArray all() {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (Webhook webhook : webhooks.all()) {
      JsonArrayBuilder sources = Json.createArrayBuilder();
      webhook.sources().stream().sorted().forEach(id -> sources.add(id.value()));
      all.add(
          Json.createObjectBuilder()
              .add("name", webhook.name())
              .add("host", webhook.url().getHost())
              .add("signed", webhook.key().isPresent())
              .add("sources", sources)
              .add("delaySeconds", webhook.delay().toSeconds()));
    }
    return all.build();
  }

  /** {@code POST /api/v1/webhooks/{name}/test}; takes as long as the webhook, at most 20 s. */
  JsonObject post(String name, String part) throws Problem {
    if (!part.equals("test")) {
      throw new Problem(404, "expected POST /api/v1/webhooks/{name}/test");
    }
    CompletableFuture<String> outcome =
        webhooks.test(name).orElseThrow(() -> new Problem(404, "there is no webhook of this name"));
    return Json.createObjectBuilder().add("outcome", outcome.join()).build();
  }
}
