package dev.zoetrope.web;

import dev.zoetrope.access.DeniedException;
import dev.zoetrope.access.HandedLink;
import dev.zoetrope.access.NodeGate;
import dev.zoetrope.access.NodeGrant;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.media.SourceId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets in who shows {@code Bearer good}; for one source, if it stands after a colon. */
final class FakeNodeGate implements NodeGate {
  /** What it gave. */
  static final class FakeNodeGrant implements NodeGrant {
    private final Optional<String> source;
    private Runnable cut = () -> {};
    private boolean isClosed;

    private FakeNodeGrant(Optional<String> source) {
      this.source = source;
    }

    @Override
    public String keyName() {
      return "the key";
    }

    @Override
    public OptionalInt limit() {
      return OptionalInt.empty();
    }

    @Override
    public boolean mayHave(SourceId wanted) {
      return source.map(one -> one.equals(wanted.value())).orElse(true);
    }

    @Override
    public List<HandedLink> links() {
      return List.of();
    }

    @Override
    public synchronized void onEnd(Runnable action) {
      cut = action;
    }

    synchronized void end() {
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

  private final List<FakeNodeGrant> given = new CopyOnWriteArrayList<>();

  /** All that it gave until now. */
  List<FakeNodeGrant> given() {
    return given;
  }

  @Override
  public NodeGrant admitNode(Visitor visitor) throws DeniedException {
    String[] shown = visitor.authorization().orElse("").split(":", 2);
    if (!shown[0].equals("Bearer good")) {
      throw new DeniedException(DeniedException.Reason.UNKNOWN, "a node key is needed");
    }
    FakeNodeGrant grant =
        new FakeNodeGrant(shown.length > 1 ? Optional.of(shown[1]) : Optional.empty());
    given.add(grant);
    return grant;
  }

  /** Who shows that. */
  static Visitor visitor(String authorization) {
    return new Visitor(
        Optional.of(authorization),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        role -> false,
        "192.0.2.1",
        Optional.empty(),
        Optional.empty());
  }
}
