package dev.zoetrope.feed;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Fragment;

/** A fragment known by its name; its content does not matter to a feed. */
record TestFragment(String name, int size, boolean isJoinPoint, long captureMicros)
    implements Fragment {

  @Override
  public long ptsMicros() {
    return captureMicros;
  }

  @Override
  public Kind kind() {
    return Kind.VIDEO;
  }

  @Override
  public Bytes bytes() {
    return Bytes.EMPTY;
  }
}
