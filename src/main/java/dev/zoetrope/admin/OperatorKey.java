package dev.zoetrope.admin;

import dev.zoetrope.media.Secret;
import java.util.Optional;

/**
 * What lets into the operators' doors.
 *
 * @param token empty where there is none: then nobody gets in
 */
public record OperatorKey(Optional<Secret> token) {
  private static final String BEARER = "Bearer "; // RFC 6750, 2.1

  /** Whether the request's {@code Authorization} header is right. */
  boolean fits(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && token
            .map(secret -> secret.matches(authorization.substring(BEARER.length()).strip()))
            .orElse(false);
  }
}
