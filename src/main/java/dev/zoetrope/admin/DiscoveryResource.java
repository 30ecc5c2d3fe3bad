package dev.zoetrope.admin;

import dev.zoetrope.onvif.Camera;
import dev.zoetrope.onvif.CameraDescription;
import dev.zoetrope.onvif.CameraException;
import dev.zoetrope.onvif.Credentials;
import dev.zoetrope.onvif.Discovery;
import dev.zoetrope.onvif.FoundCamera;
import dev.zoetrope.onvif.StreamProfile;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code /api/v1/discovery/onvif}: GET asks the network for cameras, POST asks one camera for its
 * streams. Both take some seconds, on the caller's thread.
 */
final class DiscoveryResource {
  private static final long DEFAULT_SECONDS = 3;

  /**
   * Who answers.
   *
   * @param seconds how long answers are waited for, 1 to 10; empty for 3
   * @param host a camera's address, where no multicast reaches it
   */
  JsonObject find(Optional<String> seconds, Optional<String> host) throws Problem {
    JsonArrayBuilder cameras = Json.createArrayBuilder();
    try {
      Discovery discovery =
          host.isEmpty() ? Discovery.ofTheLocalNetwork() : Discovery.ofHost(known(host.get()));
      Duration patience = Duration.ofSeconds(seconds.map(Long::parseLong).orElse(DEFAULT_SECONDS));
      discovery.search(patience).forEach(found -> cameras.add(describe(found)));
    } catch (IllegalArgumentException e) { // NumberFormatException as well
      throw new Problem(400, "expected seconds from 1 to 10");
    } catch (IOException e) {
      throw new Problem(502, "the network cannot be asked: " + e.getMessage());
    } catch (InterruptedException e) {
      throw interrupted();
    }
    return Json.createObjectBuilder().add("cameras", cameras).build();
  }

  private static InetSocketAddress known(String host) throws Problem {
    InetSocketAddress address = new InetSocketAddress(host, Discovery.PORT);
    if (address.isUnresolved()) {
      throw new Problem(
          400,
          "nobody knows a host \""
              + host
              + "\": expected a name, or a number such as 192.168.1.20");
    }
    return address;
  }

  /** The streams of the camera that the body names. */
  JsonObject ask(JsonObject wish) throws Problem {
    try {
      String user = wish.getString("user", "");
      Optional<Credentials> credentials =
          user.isEmpty()
              ? Optional.empty()
              : Optional.of(new Credentials(user, wish.getString("password", "").toCharArray()));
      URI service = URI.create(wish.getString("service", ""));
      return describe(Camera.at(service, credentials, Clock.systemUTC()).describe());
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new Problem(
          400, "expected {\"service\": \"http://camera/…\", \"user\": …, \"password\": …}");
    } catch (CameraException e) {
      throw new Problem(status(e.reason()), e.getMessage());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Not 401, which would be about this API's own key. */
  private static int status(CameraException.Reason reason) {
    return switch (reason) {
      case CREDENTIALS_MISSING, CREDENTIALS_REFUSED -> 422;
      case UNREACHABLE -> 504;
      case NOT_ONVIF, REFUSED, NO_STREAM -> 502;
    };
  }

  private static Problem interrupted() {
    Thread.currentThread().interrupt();
    return new Problem(503, "the server is stopping");
  }

  private static JsonObject describe(FoundCamera found) {
    JsonArrayBuilder services = Json.createArrayBuilder();
    found.services().forEach(service -> services.add(service.toString()));
    return Json.createObjectBuilder()
        .add("name", found.name())
        .add("hardware", found.hardware())
        .add("location", found.location())
        .add("address", found.address().getHostAddress())
        .add("endpoint", found.endpoint())
        .add("services", services)
        .build();
  }

  private static JsonObject describe(CameraDescription camera) {
    JsonArrayBuilder streams = Json.createArrayBuilder();
    camera.streams().forEach(stream -> streams.add(describe(stream)));
    return Json.createObjectBuilder()
        .add("manufacturer", camera.manufacturer())
        .add("model", camera.model())
        .add("firmware", camera.firmware())
        .add("serial", camera.serial())
        .add("clockAheadSeconds", camera.clockAhead().toSeconds())
        .add("streams", streams)
        .build();
  }

  private static JsonObject describe(StreamProfile stream) {
    return Json.createObjectBuilder()
        .add("name", stream.name())
        .add("token", stream.token())
        .add("encoding", stream.encoding().toUpperCase(Locale.ROOT))
        .add("width", stream.width())
        .add("height", stream.height())
        .add("fps", stream.fps())
        .add("kilobitsPerSecond", stream.kilobitsPerSecond())
        .add("url", stream.rtspUri().toString())
        .add("elsewhere", stream.isElsewhere())
        .add("snapshot", stream.snapshotUri().map(URI::toString).orElse(""))
        .build();
  }
}
