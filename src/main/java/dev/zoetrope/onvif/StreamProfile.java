package dev.zoetrope.onvif;

import java.net.URI;
import java.util.Optional;

/**
 * One stream that a camera offers. What the camera does not say is empty, or 0.
 *
 * @param name as the camera or its owner named it
 * @param token what the camera calls it in its protocol
 * @param encoding {@code H264}, {@code H265}, {@code JPEG}…, in the camera's spelling
 * @param width in pixels
 * @param height in pixels
 * @param fps at most so many frames a second
 * @param kilobitsPerSecond the limit of its bit rate
 * @param rtspUri where it is; without user and password, even if the camera told them
 * @param isElsewhere whether {@code rtspUri} is on another host than the camera's service: told
 *     wrong by a camera behind an address translation, or somebody else's; nothing has asked there
 * @param snapshotUri where a JPEG of it is, on the camera's host
 */
public record StreamProfile(
    String name,
    String token,
    String encoding,
    int width,
    int height,
    int fps,
    int kilobitsPerSecond,
    URI rtspUri,
    boolean isElsewhere,
    Optional<URI> snapshotUri) {
  public StreamProfile {
    if (rtspUri.getHost() == null || rtspUri.getUserInfo() != null) {
      throw new IllegalArgumentException("a stream's address has a host and no credentials");
    }
    if (width < 0 || height < 0 || fps < 0 || kilobitsPerSecond < 0) {
      throw new IllegalArgumentException("stream " + token + ": sizes and rates are not negative");
    }
  }
}
