package dev.zoetrope.web;

import dev.zoetrope.access.DeniedException;
import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Grant;
import dev.zoetrope.access.Protection;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.media.SourceId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Lets everybody watch what is public; the rest to who has the link {@code good}, one at a time.
 */
final class FakeGate implements Gate {
  /** What it gave. */
  static final class FakeGrant implements Grant {
    private Runnable cut = () -> {};
    private boolean isEnded;
    private boolean isClosed;

    @Override
    public synchronized void onEnd(Runnable action) {
      cut = action;
      if (isEnded) {
        action.run();
      }
    }

    synchronized void end() {
      isEnded = true;
      if (!isClosed) {
        cut.run();
      }
    }

    synchronized boolean isClosed() {
      return isClosed;
    }

    @Override
    public synchronized void close() {
      isClosed = true;
    }
  }

  /** The value that lets in; for which way, after a colon: {@code good:gif}. */
  static final String GOOD = "good";

  /** What happens while it is asked. */
  volatile Runnable meanwhile = () -> {};

  private final List<FakeGrant> given = new CopyOnWriteArrayList<>();

  /** All that it gave until now. */
  List<FakeGrant> given() {
    return given;
  }

  @Override
  public Grant admit(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    meanwhile.run();
    if (protection != Protection.PUBLIC) {
      checkLink(visitor.link(), way);
      if (given.stream().anyMatch(grant -> !grant.isClosed())) {
        throw new DeniedException(DeniedException.Reason.FULL, "one at a time");
      }
    }
    FakeGrant grant = new FakeGrant();
    given.add(grant);
    return grant;
  }

  @Override
  public void check(Visitor visitor, Protection protection, SourceId source, String way)
      throws DeniedException {
    if (protection != Protection.PUBLIC) {
      checkLink(visitor.link(), way);
    }
  }

  @Override
  public Grant admitPublisher(String link, SourceId source) throws DeniedException {
    return admit(visitor(link), Protection.LINK, source, "publish");
  }

  private static void checkLink(Optional<String> link, String way) throws DeniedException {
    if (link.isEmpty()) {
      throw new DeniedException(DeniedException.Reason.UNKNOWN, "this source needs signing in");
    }
    if (!link.get().equals(GOOD) && !link.get().equals(GOOD + ":" + way)) {
      throw new DeniedException(DeniedException.Reason.FORBIDDEN, "this link has expired");
    }
  }

  static Visitor visitor(String link) {
    return new Visitor(
        Optional.empty(),
        Optional.empty(),
        Optional.of(link).filter(text -> !text.isEmpty()),
        Optional.empty(),
        role -> false,
        "192.0.2.1",
        Optional.empty(),
        Optional.empty());
  }
}
