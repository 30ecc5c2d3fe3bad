package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lets people watch: by a link, or by who they are. Thread-safe. */
final class Admission implements Gate {
  private static final Grant OPEN =
      new Grant() {
        @Override
        public void onEnd(Runnable cut) {
          // what is public does not end
        }

        @Override
        public void close() {
          // nothing is held
        }
      };

  private final Callers callers;
  private final Links links;
  private final Grants grants;
  private final Function<SourceId, List<String>> origins;

  /**
   * @param origins of pages whose scripts may watch a source as who looks at them
   */
  Admission(Callers callers, Links links, Grants grants, Function<SourceId, List<String>> origins) {
    this.callers = callers;
    this.links = links;
    this.grants = grants;
    this.origins = origins;
  }

  @Override
  public Grant admit(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    if (protection == Protection.PUBLIC) {
      return OPEN;
    }
    return byLink(
        visitor,
        link -> links.admit(link, source, way),
        () -> hold(visitor, allowed(visitor, protection, source)));
  }

  @Override
  public void check(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    if (protection == Protection.PUBLIC) {
      return;
    }
    var unused =
        byLink(
            visitor,
            link -> {
              links.check(link, source, way);
              return OPEN;
            },
            () -> {
              allowed(visitor, protection, source);
              return OPEN;
            });
  }

  @Override
  public Grant admitPublisher(String link, SourceId source) throws DeniedException {
    return links.admit(link, source, Link.PUBLISH);
  }

  private interface ByLink {
    Grant let(String link) throws DeniedException;
  }

  private interface ByName {
    Grant let() throws DeniedException;
  }

  /** A link that is of no use keeps nobody out who may come in without. */
  private static Grant byLink(Visitor visitor, ByLink byLink, ByName byName)
      throws DeniedException {
    Optional<String> link = visitor.link().filter(value -> !value.isBlank());
    if (link.isEmpty()) {
      return byName.let();
    }
    try {
      return byLink.let(link.get());
    } catch (DeniedException ofLink) {
      try {
        return byName.let();
      } catch (DeniedException ofName) {
        throw ofLink; // it was the link that they came with
      }
    }
  }

  private Identity allowed(Visitor visitor, Protection protection, SourceId source)
      throws DeniedException {
    Identity who;
    try {
      who = callers.identify(visitor);
    } catch (RefusedException e) {
      throw new DeniedException(DeniedException.Reason.UNKNOWN, e.getMessage());
    }
    checkRight(who.caller(), protection, source);
    checkOrigin(visitor, who.caller(), source);
    return who;
  }

  private static void checkRight(Caller caller, Protection protection, SourceId source)
      throws DeniedException {
    boolean isForLinks = protection == Protection.LINK;
    if (caller.role() == Role.NOBODY) {
      throw new DeniedException(
          DeniedException.Reason.UNKNOWN,
          isForLinks
              ? "this source is watched by a link; ask for one"
              : "this source is for those who are signed in, or have a link");
    }
    if (isForLinks && !caller.role().covers(Role.OPERATOR)) {
      throw forbidden("this source is watched by a link; ask for one");
    }
    if (!caller.mayWatch(source)) {
      throw forbidden("this source is not among those you may watch");
    }
  }

  /** Scripts of any page could open a WebSocket as whoever looks at it. */
  private void checkOrigin(Visitor visitor, Caller caller, SourceId source) throws DeniedException {
    if (Callers.isAmbient(caller.via())
        && visitor.bySocket()
        && !Origins.isOwnOrOneOf(visitor, origins.apply(source))) {
      throw forbidden(
          "a page of another origin may not watch this source with your session; name it in the"
              + " source's key origins");
    }
  }

  private static DeniedException forbidden(String message) {
    return new DeniedException(DeniedException.Reason.FORBIDDEN, message);
  }

  /** For as long as the visitor is that. */
  Grant hold(Visitor visitor, Identity who) {
    Grant grant = grants.open(who.grounds());
    if (!isStill(visitor, who)) { // changed in between
      grants.end(who.grounds().get(0));
    }
    return grant;
  }

  private boolean isStill(Visitor visitor, Identity who) {
    try {
      return callers.identify(visitor).caller().equals(who.caller());
    } catch (RefusedException e) {
      return false;
    }
  }
}
