package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import java.util.List;

/** Whether a viewer is shown cards while its source is lost. */
enum Cards {
  SHOWN,
  /** {@code ?strict=1}: for machines, which want errors instead. */
  LEFT_OUT;

  /**
   * As {@code strict} in the query says.
   *
   * @throws OutcomeException BAD_REQUEST with what was expected
   */
  static Cards of(Query query) throws OutcomeException {
    return query.choice("strict", "0", List.of("0", "1")).equals("1") ? LEFT_OUT : SHOWN;
  }

  /** What the viewer of {@code lease} writes to. */
  Connection to(Connection connection, Lease lease) {
    return switch (this) {
      case SHOWN -> connection;
      case LEFT_OUT -> new SourceOnly(connection, lease);
    };
  }
}
