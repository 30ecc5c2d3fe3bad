package dev.zoetrope.publish;

import dev.zoetrope.format.PictureConfiguration;
import dev.zoetrope.format.SoundConfiguration;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes runs and packets of what is published. A run begins with a keyframe, or with sound where no
 * picture is announced. A track that may still come is waited for by a second of the stream's time,
 * in which nothing is lost; one that comes later or changes makes another run begin at the next
 * keyframe. Confined to the reading thread.
 */
final class Splicer {
  private static final Logger LOG = System.getLogger(Splicer.class.getName());

  /** Room for times that go back before the first, since packets have no negative ones. */
  private static final long ORIGIN_MILLIS = 10_000;

  private static final long MOST_WAITING_MILLIS = 1_000;
  private static final int MOST_WAITING_BYTES = 16 << 20;

  /** A step back of less is an encoder's jitter. */
  private static final long MOST_JITTER_MILLIS = 1_000;

  /** As ffmpeg takes it where a stream with B-frames does not tell. */
  private static final int USUAL_REORDERING = 2;

  private static final int G711_RATE = 8000;

  private final String name;
  private final Sink<Packet> sink;
  private Announced announced = Announced.NOTHING;

  // As last configured, each with index 0; empty while unknown.
  private Optional<Track> video = Optional.empty();
  private Optional<Track> audio = Optional.empty();
  private boolean tellsReordering;

  private Optional<Current> current = Optional.empty();
  private int runs;

  private final List<Frame> waiting = new ArrayList<>();
  private int waitingBytes;
  private boolean saidSoundLeftOut;

  /** A coded frame with its time. */
  private record Frame(
      boolean isVideo, boolean isKeyframe, long dtsMillis, int composition, long wall, Bytes data) {
    boolean isJoinPoint() {
      return isVideo && isKeyframe;
    }
  }

  /** The current run: how its tracks were configured, and where each of them stands. */
  private static final class Current {
    final Optional<Track> video;
    final Optional<Track> audio;
    final Run run;
    long lastVideo = Long.MIN_VALUE;
    long lastAudio = Long.MIN_VALUE;

    Current(Optional<Track> video, Optional<Track> audio, Run run) {
      this.video = video;
      this.audio = audio;
      this.run = run;
    }
  }

  /**
   * @param name of the source, for logs
   */
  Splicer(String name, Sink<Packet> sink) {
    this.name = name;
    this.sink = sink;
  }

  /** What the metadata says is to come. */
  void announce(Announced newly) {
    announced = newly;
  }

  /**
   * Takes the next video message.
   *
   * @throws UnknownCodecException no picture can be made of this
   * @throws MalformedMediaException it is damaged
   */
  void video(FlvTag tag, long dtsMillis, long wallMicros)
      throws UnknownCodecException, MalformedMediaException {
    if (tag.codec() == Codec.OTHER_VIDEO && tag.part() != FlvTag.Part.NOTHING) {
      throw new UnknownCodecException(
          "published pictures are coded in "
              + tag.codecName()
              + ": set the encoder to H.264, HEVC, AV1 or VP9");
    }
    if (tag.part() == FlvTag.Part.CONFIGURATION) {
      configureVideo(tag);
    } else if (tag.part() == FlvTag.Part.FRAME) {
      if (tag.codec() == Codec.VP9 && tag.isKeyframe()) {
        setVideo(tag.codec(), Bytes.EMPTY, Optional.of(PictureConfiguration.ofVp9(tag.data())));
      }
      if (video.isPresent()) { // without a configuration it cannot be decoded
        take(
            new Frame(
                true,
                tag.isKeyframe(),
                dtsMillis,
                tag.compositionMillis(),
                wallMicros,
                tag.data()));
      }
    }
  }

  private void configureVideo(FlvTag tag) throws MalformedMediaException {
    if (tag.codec() != Codec.VP9) { // of VP9 each keyframe tells all
      setVideo(tag.codec(), tag.data(), PictureConfiguration.of(tag.codec(), tag.data()));
    }
  }

  private void setVideo(Codec codec, Bytes extradata, Optional<PictureConfiguration> told)
      throws MalformedMediaException {
    int width = told.map(PictureConfiguration::width).orElse(announced.width());
    int height = told.map(PictureConfiguration::height).orElse(announced.height());
    if (width == 0 || height == 0) {
      throw new MalformedMediaException(
          codec + " configuration without a picture size, and no metadata that tells it");
    }
    tellsReordering = told.isPresent() && told.get().reordered().isPresent();
    int reordered = tellsReordering ? told.get().reordered().getAsInt() : USUAL_REORDERING;
    video =
        Optional.of(new Track(0, codec, Bytes.EMPTY, extradata, width, height, 0, 0, reordered));
  }

  /**
   * Takes the next audio message. Sound of a codec that is not known is left out.
   *
   * @throws MalformedMediaException it is damaged
   */
  void audio(FlvTag tag, long dtsMillis, long wallMicros) throws MalformedMediaException {
    if (tag.part() == FlvTag.Part.NOTHING) {
      return;
    }
    if (tag.codec() == Codec.OTHER_AUDIO) {
      sayLeftOut(tag.codecName());
      return;
    }
    if (tag.part() == FlvTag.Part.CONFIGURATION) {
      configureAudio(tag);
      return;
    }
    switch (tag.codec()) { // these have no configuration
      case MP3 -> setAudio(tag.codec(), Bytes.EMPTY, SoundConfiguration.ofMpegAudio(tag.data()));
      case PCM_ALAW, PCM_MULAW ->
          setAudio(tag.codec(), Bytes.EMPTY, new SoundConfiguration(G711_RATE, 1));
      default -> {}
    }
    if (audio.isPresent()) {
      take(new Frame(false, true, dtsMillis, 0, wallMicros, tag.data()));
    }
  }

  private void sayLeftOut(String codecName) {
    if (!saidSoundLeftOut) {
      saidSoundLeftOut = true;
      LOG.log(Level.INFO, "{0}: its sound is left out, set AAC or Opus: {1}", name, codecName);
    }
    announced = announced.withoutAudio();
  }

  private void configureAudio(FlvTag tag) throws MalformedMediaException {
    SoundConfiguration told =
        tag.codec() == Codec.OPUS
            ? SoundConfiguration.ofOpus(tag.data())
            : SoundConfiguration.ofAac(tag.data());
    setAudio(tag.codec(), tag.data(), told);
  }

  private void setAudio(Codec codec, Bytes extradata, SoundConfiguration told) {
    audio =
        Optional.of(
            Track.audio(0, codec, Bytes.EMPTY, extradata, told.sampleRate(), told.channels()));
  }

  private void take(Frame frame) {
    if (current.isPresent()) {
      boolean isChanged = !current.get().video.equals(video) || !current.get().audio.equals(audio);
      if (isChanged && (frame.isJoinPoint() || video.isEmpty())) {
        begin(frame);
      }
      give(frame);
      return;
    }
    boolean hasKeyframe = waiting.stream().anyMatch(Frame::isJoinPoint);
    if (video.isPresent() && !hasKeyframe && !frame.isJoinPoint()) {
      return; // nothing can be shown yet
    }
    waiting.add(frame);
    waitingBytes += frame.data().size();
    if (!mayMoreCome(frame.dtsMillis())) {
      begin(waiting.stream().filter(Frame::isJoinPoint).findFirst().orElse(frame));
      waiting.forEach(this::give);
      waiting.clear();
      waitingBytes = 0;
    }
  }

  private boolean mayMoreCome(long nowMillis) {
    boolean isMissing =
        (video.isEmpty() && announced.mayHaveVideo())
            || (audio.isEmpty() && announced.mayHaveAudio());
    return isMissing
        && Math.abs(nowMillis - waiting.get(0).dtsMillis()) < MOST_WAITING_MILLIS
        && waitingBytes < MOST_WAITING_BYTES;
  }

  /** A keyframe shown when it is decoded has nothing before it: nothing is reordered behind it. */
  private void begin(Frame first) {
    List<Track> tracks = new ArrayList<>();
    if (video.isPresent()) {
      boolean isInOrder = !tellsReordering && first.composition() == 0;
      tracks.add(isInOrder ? inOrder(video.get()) : video.get());
    }
    audio.ifPresent(track -> tracks.add(track.withIndex(tracks.size())));
    Run run = new Run(runs++, tracks, "", Bytes.EMPTY);
    current = Optional.of(new Current(video, audio, run));
    sink.begin(run);
  }

  private static Track inOrder(Track track) {
    return Track.video(
        0, track.codec(), track.fourcc(), track.extradata(), track.width(), track.height());
  }

  /** Gives a frame on if it is of a track as the run has it. */
  private void give(Frame frame) {
    Current in = current.orElseThrow();
    Optional<Track> track = frame.isVideo() ? in.run.video() : in.run.audio();
    boolean isAsInRun = frame.isVideo() ? in.video.equals(video) : in.audio.equals(audio);
    if (track.isEmpty() || !isAsInRun) {
      return;
    }
    long dtsMillis = notBack(frame.dtsMillis(), frame.isVideo() ? in.lastVideo : in.lastAudio);
    if (frame.isVideo()) {
      in.lastVideo = dtsMillis;
    } else {
      in.lastAudio = dtsMillis;
    }
    long dtsMicros = (ORIGIN_MILLIS + dtsMillis) * 1000;
    long ptsMicros = (ORIGIN_MILLIS + frame.dtsMillis() + frame.composition()) * 1000;
    sink.accept(
        new Packet(
            track.get(),
            Math.max(0, ptsMicros),
            dtsMicros,
            frame.isKeyframe(),
            frame.wall(),
            frame.data()));
  }

  private static long notBack(long dtsMillis, long last) {
    return dtsMillis < last && last - dtsMillis < MOST_JITTER_MILLIS ? last : dtsMillis;
  }
}
