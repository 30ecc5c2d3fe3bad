package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.media.Track;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An origin of the tests' own, which says what it is told to. */
final class FakeUpstream implements Upstream {
  static final SourceId GATE = new SourceId("gate");

  final Map<String, Receiver> wanted = new LinkedHashMap<>(); // by rendition
  boolean isUp = true;
  boolean isDraining;
  String state = "live";
  boolean hasPicture = true;
  List<String> path = List.of("n-ingress");
  boolean hasSource = true;
  boolean hasPackets = true;
  long roundTripMicros = 1000;
  long ageMicros = -1;
  long lost;
  int withdrawals;
  private Listener listener = () -> {};
  private final String host;

  FakeUpstream(String host) {
    this.host = host;
  }

  void changed() {
    listener.changed();
  }

  void init(String rendition, long run, long sequence) throws MalformedMediaException {
    Track track = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 16, 16);
    RunDescription description =
        new RunDescription(
            path.get(0), Optional.of(Format.MPEG1), "video/mp2t", List.of(track), Bytes.EMPTY);
    describe(rendition, run, sequence, description);
  }

  void describe(String rendition, long run, long sequence, RunDescription description)
      throws MalformedMediaException {
    send(header(rendition, run, sequence, RelayMessage.INIT, 0, 0), description.bytes());
  }

  void fragment(String rendition, long run, long sequence, int flags, long ptsMicros)
      throws MalformedMediaException {
    Bytes payload = packets((flags & RelayMessage.JOIN) != 0);
    send(header(rendition, run, sequence, flags, ptsMicros, 0), payload);
  }

  /** A packet of the source. */
  void packet(long run, long sequence, int flags, long ptsMicros, int leadMicros, Bytes data)
      throws MalformedMediaException {
    send(header(Rendition.PACKETS, run, sequence, flags, ptsMicros, leadMicros), data);
  }

  private static RelayMessage header(
      String rendition, long run, long sequence, int flags, long ptsMicros, int leadMicros) {
    return new RelayMessage(
        "gate", rendition, run, sequence, flags, ptsMicros, ptsMicros, leadMicros, 0, 1);
  }

  private void send(RelayMessage header, Bytes payload) throws MalformedMediaException {
    Receiver receiver = wanted.get(header.rendition());
    if (receiver != null) {
      receiver.received(this, header, header.captureMicros(), payload);
    }
  }

  /** Stuffed transport packets, with the tables at a join point. */
  static Bytes packets(boolean isJoin) {
    byte[] packets = new byte[188 * (isJoin ? 3 : 1)];
    for (int at = 0; at < packets.length; at += 188) {
      packets[at] = 0x47;
      packets[at + 3] = 0x10;
    }
    return Bytes.owning(packets);
  }

  @Override
  public URI address() {
    return URI.create("http://" + host + ":8080");
  }

  @Override
  public void watch(Listener watching) {
    listener = watching;
  }

  @Override
  public void unwatch(Listener watching) {
    listener = () -> {};
  }

  @Override
  public void want(SourceId source, String rendition, Receiver receiver) {
    wanted.putIfAbsent(rendition, receiver);
  }

  @Override
  public void withdraw(SourceId source, String rendition) {
    wanted.remove(rendition);
    withdrawals++;
  }

  @Override
  public boolean isUp() {
    return isUp;
  }

  @Override
  public boolean isDraining() {
    return isDraining;
  }

  @Override
  public Optional<Offer> offer(SourceId source) {
    return isUp && hasSource
        ? Optional.of(
            new Offer(
                GATE,
                "Gate",
                path,
                state,
                hasPicture,
                "public",
                List.of(Rendition.defaultOf(Format.MPEG1)),
                hasPackets))
        : Optional.empty();
  }

  @Override
  public long roundTripMicros() {
    return roundTripMicros;
  }

  @Override
  public long ageMicros() {
    return ageMicros;
  }

  @Override
  public String cause() {
    return isUp ? "" : "it does not answer";
  }

  @Override
  public void countLost(long fragments) {
    lost += fragments;
  }

  @Override
  public String toString() {
    return host;
  }
}
