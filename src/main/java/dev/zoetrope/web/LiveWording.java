package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import java.util.List;

/**
 * Fragments for a viewer, each behind its tag.
 *
 * @see "docs/PROTOCOL.md, 2.3"
 */
final class LiveWording implements Wording {
  private final int number;
  private final Tracks tracks;
  private final Framing framing;
  private final Lease lease;
  private boolean starts; // the next fragment does not continue what was sent

  /**
   * @param number the subscription's
   */
  LiveWording(int number, Tracks tracks, Lease lease) {
    this.number = number;
    this.tracks = tracks;
    this.lease = lease;
    framing = tracks.framing(lease.format());
  }

  @Override
  public List<Outgoing> begin(Run run, Fragment first) {
    Bytes head = framing.head(run, first);
    Outgoing init =
        new Outgoing.Text(BundleMessages.init(number, run, framing, tracks, !head.isEmpty()));
    return head.isEmpty()
        ? List.of(init)
        : List.of(init, tagged(BundleMessages.INIT_SEGMENT, 0, 0, head));
  }

  private Outgoing tagged(int kind, int flags, long captureMicros, Bytes payload) {
    return new Outgoing.Binary(
        sequence -> BundleMessages.tag(kind, flags, number, sequence, captureMicros), payload);
  }

  @Override
  public List<Outgoing> write(Fragment fragment, boolean joining) {
    starts |= joining;
    Bytes payload = tracks.take(fragment.kind()) ? framing.frame(fragment, joining) : Bytes.EMPTY;
    if (payload.isEmpty()) {
      return List.of();
    }
    int flags = flags(fragment);
    starts = false;
    return List.of(tagged(BundleMessages.FRAGMENT, flags, fragment.captureMicros(), payload));
  }

  private int flags(Fragment fragment) {
    return (starts ? BundleMessages.START : 0)
        | (fragment.isJoinPoint() ? BundleMessages.KEY : 0)
        | (fragment.kind() == Codec.Kind.AUDIO ? BundleMessages.SOUND : 0)
        | (lease.isOfSource(fragment) ? 0 : BundleMessages.CARD);
  }
}
