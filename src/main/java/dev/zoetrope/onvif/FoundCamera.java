package dev.zoetrope.onvif;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

/**
 * A camera that answered a probe, as it describes itself.
 *
 * @param name as its maker or its owner named it; empty if it does not say
 * @param hardware its model; empty if it does not say
 * @param location where it is, several words separated by commas; empty if it does not say
 * @param services addresses of its device service, all of them on {@code address}; empty if it told
 *     only addresses of other hosts, which are not to be asked because it says so
 * @param address where the answer came from
 * @param endpoint its endpoint reference, the same for as long as the device lives
 */
public record FoundCamera(
    String name,
    String hardware,
    String location,
    List<URI> services,
    InetAddress address,
    String endpoint) {
  public FoundCamera {
    services = List.copyOf(services);
    if (endpoint.isEmpty()) {
      throw new IllegalArgumentException("a camera without an endpoint reference");
    }
  }
}
