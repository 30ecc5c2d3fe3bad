package dev.zoetrope.access;

import java.util.List;
import java.util.Optional;

/**
 * Who somebody is, and what shows it. Immutable.
 *
 * @param grounds what it stands on: as soon as one of them is gone, it is; none for nobody
 * @param session by which it is known; empty if it is by something else
 */
record Identity(Caller caller, List<String> grounds, Optional<Session> session) {
  static final Identity NOBODY = new Identity(Caller.NOBODY, List.of(), Optional.empty());

  Identity {
    grounds = List.copyOf(grounds);
  }
}
