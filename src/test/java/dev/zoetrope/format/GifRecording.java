package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.ArrayList;
import java.util.List;

/** A packager and all that came out of it. */
public final class GifRecording implements Sink<Fragment> {
  public final GifPackager packager;
  public final List<Run> runs = new ArrayList<>();
  public final List<GifFragment> fragments = new ArrayList<>();

  public GifRecording(long bytesPerSecond) {
    packager = new GifPackager(this, bytesPerSecond);
  }

  @Override
  public void begin(Run run) {
    runs.add(run);
  }

  @Override
  public void accept(Fragment fragment) {
    fragments.add((GifFragment) fragment);
  }

  /** What a viewer gets who joins at a fragment and stays to the end. */
  public Bytes watch(Framing framing, int from) {
    List<Bytes> parts = new ArrayList<>();
    parts.add(framing.head(runs.get(0), fragments.get(from)));
    for (int i = from; i < fragments.size(); i++) {
      parts.add(framing.frame(fragments.get(i), i == from));
    }
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }
}
