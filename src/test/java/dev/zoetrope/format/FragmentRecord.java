package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.ArrayList;
import java.util.List;

/** Keeps the runs and fragments that a packager makes. */
final class FragmentRecord implements Sink<Fragment> {
  final List<Run> runs = new ArrayList<>();
  final List<Fragment> fragments = new ArrayList<>();

  @Override
  public void begin(Run run) {
    runs.add(run);
  }

  @Override
  public void accept(Fragment piece) {
    if (runs.isEmpty()) {
      throw new AssertionError("fragment before the first run");
    }
    fragments.add(piece);
  }

  /** The plain forms from fragment {@code from} on, one after the other. */
  byte[] bytes(int from) {
    return concat(fragments.subList(from, fragments.size()).stream().map(Fragment::bytes).toList());
  }

  /** What a client of this framing gets that joins at fragment {@code from}. */
  byte[] framed(Framing framing, int from) {
    List<Bytes> sent = new ArrayList<>();
    sent.add(framing.head(runs.get(0), fragments.get(from)));
    for (int i = from; i < fragments.size(); i++) {
      sent.add(framing.frame(fragments.get(i), i == from));
    }
    return concat(sent);
  }

  private static byte[] concat(List<Bytes> parts) {
    return Bytes.concat(parts.toArray(Bytes[]::new)).toArray();
  }
}
