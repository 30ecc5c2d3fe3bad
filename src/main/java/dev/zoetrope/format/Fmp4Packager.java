package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Packs H.264, HEVC, AV1, VP9 and AAC, Opus into fragmented MP4 as they are, a fragment per frame
 * of picture or sound: {@code prft} with the capture time, {@code moof} with one {@code traf},
 * {@code mdat}. The picture is track 1 in ticks of 1/90000 s, the sound track 2 in ticks of its
 * sample rate. One thread at a time.
 *
 * <p>A run begins at a keyframe (of sound alone: at any frame), when everything about its tracks is
 * known from extradata and from that keyframe. Another run begins at a keyframe with other
 * parameter sets, or after sound has turned out to be configured otherwise than announced; its
 * sound is left out until then.
 *
 * <p>Times: within a run, dts grows within each track and is never negative. A dts that stands
 * still or goes back by up to a second is moved right behind the one before. One from further back
 * is of another clock: its packet is malformed, until at a keyframe a run begins that has this
 * clock. Sound is joined sample to sample, as long as its pts are off by at most half a frame,
 * which is no loss but the jitter of a coarse clock; else it goes on at its pts.
 *
 * @see "ISO/IEC 14496-12, 8.8.4 to 8.8.12 (movie fragments), 8.16.5 (prft)"
 */
public final class Fmp4Packager implements Packager {
  private static final int PRFT_SIZE = 32;
  private static final int MFHD_SIZE = 16;
  private static final int TFHD_SIZE = 16;
  private static final int TFDT_SIZE = 20;
  private static final int TRUN_SIZE = 36;
  private static final int TRAF_SIZE = 8 + TFHD_SIZE + TFDT_SIZE + TRUN_SIZE;
  private static final int MOOF_SIZE = 8 + MFHD_SIZE + TRAF_SIZE;
  private static final int HEADER_SIZE = PRFT_SIZE + MOOF_SIZE + 8;

  private static final int PRFT = 0x70726674;
  private static final int MOOF = 0x6d6f6f66;
  private static final int MFHD = 0x6d666864;
  private static final int TRAF = 0x74726166;
  private static final int TFHD = 0x74666864;
  private static final int TFDT = 0x74666474;
  private static final int TRUN = 0x7472756e;
  private static final int MDAT = 0x6d646174;

  private static final int VERSION_1 = 1 << 24;

  /** As ffmpeg marks times of the wall clock. */
  private static final int PRFT_FLAGS = 24;

  private static final int DEFAULT_BASE_IS_MOOF = 0x020000;

  /** data offset; then duration, size, flags and composition offset of the sample. */
  private static final int TRUN_FLAGS = 0x000f01;

  /** sample_depends_on: 2, no other. */
  private static final int SYNC_SAMPLE = 0x02000000;

  /** sample_depends_on: 1, others; sample_is_non_sync_sample. */
  private static final int NON_SYNC_SAMPLE = 0x01010000;

  private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
  private static final long MICROS = 1_000_000;

  private static final TimeScale VIDEO_TICKS = new TimeScale(InitSegment.VIDEO_TIMESCALE, MICROS);

  /** Farther apart are pts and dts of no frame. */
  private static final long MOST_REORDERING_MICROS = 60 * MICROS;

  private final Sink<Fragment> sink;
  private final AtomicLong malformed = new AtomicLong();

  // Confined to the thread that calls begin and accept.
  private Optional<Lane> video = Optional.empty();
  private Optional<Lane> audio = Optional.empty();
  private boolean isAwaitingKeyframe;
  private int runs;
  private int sequence;

  /** One of the two tracks: its samples and its clock. */
  private static final class Lane {
    final Samples samples;
    final int index;
    final SampleDurations durations = new SampleDurations();

    /** As in the current run; empty while it is not in one. */
    Optional<Track> inRun = Optional.empty();

    /** From microseconds to units of the sound's rate in the current run. */
    TimeScale ticks = TimeScale.IDENTITY;

    /** dts of the sample before, in ticks; less than 0 before the first. */
    long last = -1;

    /** Where sound goes on without a gap, in ticks; less than 0 before the first. */
    long expected = -1;

    Lane(Track track) {
      samples = Samples.of(track);
      index = track.index();
    }

    boolean isConfiguredAsInRun() {
      return samples.configured().equals(inRun); // usually the very same track
    }

    /** Hz of the sound in the current run; 0 for pictures, and without a run. */
    int rate() {
      return inRun.map(Track::sampleRate).orElse(0);
    }

    /** Whether a time lies over a second before the last one: on another clock. */
    boolean isFarBehind(long dts, int timescale) {
      return last >= 0 && last - dts > timescale;
    }

    /** Makes the next keyframe begin a run, on a clock of its own. */
    void leaveRun() {
      inRun = Optional.empty();
      last = -1;
      expected = -1;
    }

    boolean isFrom(Packet packet) {
      return packet.track().index() == index;
    }
  }

  /** Runs and fragments go to {@code sink}, on the thread that calls {@link #accept}. */
  public Fmp4Packager(Sink<Fragment> sink) {
    this.sink = sink;
  }

  /**
   * Whether browsers can play the track as it is, as far as its extradata tells: H.264 and HEVC
   * with 8 bits (HEVC Main 10: 10) in 4:2:0, AV1 Main, VP9; AAC-LC and HE-AAC with a channel
   * configuration, Opus.
   */
  public static boolean canCarry(Track track) {
    Bytes extradata = track.extradata();
    try {
      return switch (track.codec()) {
        case H264 -> isH264ForBrowsers(ParameterSets.read(NalSyntax.H264, extradata));
        case HEVC -> isHevcForBrowsers(ParameterSets.read(NalSyntax.HEVC, extradata));
        case AV1 -> {
          Bytes header = Av1.sequenceHeader(extradata);
          yield header.isEmpty() || Av1SequenceHeader.read(header).profile() == 0;
        }
        case AAC -> extradata.isEmpty() || AacConfiguration.read(extradata).isForBrowsers();
        case OPUS -> !Opus.toDops(extradata, track.channels()).isEmpty();
        case VP9 -> true;
        default -> false;
      };
    } catch (MalformedMediaException e) {
      // Nothing told: packets may tell. Opus packets do not tell how channels are mapped.
      return track.codec() != Codec.OPUS;
    }
  }

  private static boolean isH264ForBrowsers(ParameterSets sets) throws MalformedMediaException {
    if (!sets.isComplete()) {
      return true;
    }
    H264Sps sps = sets.h264Sps();
    boolean knownProfile = sps.profile() == 66 || sps.profile() == 77 || sps.profile() == 100;
    return knownProfile
        && sps.chromaFormat() == 1
        && sps.bitDepthLuma() == 8
        && sps.bitDepthChroma() == 8;
  }

  private static boolean isHevcForBrowsers(ParameterSets sets) throws MalformedMediaException {
    if (!sets.isComplete()) {
      return true;
    }
    HevcSps sps = sets.hevcSps();
    boolean knownProfile = sps.profile() == 1 || sps.profile() == 2;
    return knownProfile && sps.chromaFormat() == 1 && sps.bitDepthLuma() <= 10;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there is no track, two of a kind, or one of a codec that
   *     MP4 does not carry to browsers; see {@link #canCarry}
   */
  @Override
  public void begin(List<Track> tracks) {
    Optional<Lane> newVideo = Optional.empty();
    Optional<Lane> newAudio = Optional.empty();
    for (Track track : tracks) {
      if ((track.isVideo() ? newVideo : newAudio).isPresent()) {
        throw new IllegalArgumentException("fMP4 has one track of a kind, got " + tracks);
      }
      if (track.isVideo()) {
        newVideo = Optional.of(new Lane(track));
      } else {
        newAudio = Optional.of(new Lane(track));
      }
    }
    if (tracks.isEmpty()) {
      throw new IllegalArgumentException("fMP4 without a track");
    }
    video = newVideo;
    audio = newAudio;
    isAwaitingKeyframe = true;
  }

  @Override
  public void accept(Packet packet) {
    Optional<Lane> lane = packet.track().isVideo() ? video : audio;
    if (lane.isEmpty() || !lane.get().isFrom(packet) || !hasPossibleTimes(packet)) {
      refuse(packet);
      return;
    }
    try {
      lane.get().samples.read(packet.data(), packet.isKeyframe());
    } catch (MalformedMediaException e) {
      // Counted: what is in the data is not an error of ours, and its next packet may be well.
      refuse(packet);
      return;
    }
    if (packet.track().isVideo()) {
      packVideo(packet, lane.get());
    } else {
      packAudio(packet, lane.get());
    }
  }

  private static boolean hasPossibleTimes(Packet packet) {
    long reordering = packet.ptsMicros() - packet.dtsMicros();
    return packet.ptsMicros() >= 0
        && packet.dtsMicros() >= -MOST_REORDERING_MICROS
        && Math.abs(reordering) <= MOST_REORDERING_MICROS;
  }

  private void refuse(Packet packet) {
    malformed.incrementAndGet();
    if (packet.isJoinPoint()) {
      isAwaitingKeyframe = true; // what follows refers to this picture
    }
  }

  private void packVideo(Packet packet, Lane lane) {
    if (lane.samples.count() == 0 || (isAwaitingKeyframe && !packet.isKeyframe())) {
      return;
    }
    if (lane.samples.configured().isEmpty()) {
      return; // a keyframe that nothing can decode
    }
    long dts = VIDEO_TICKS.round(packet.dtsMicros());
    if (lane.isFarBehind(dts, InitSegment.VIDEO_TIMESCALE)) {
      if (!packet.isKeyframe()) {
        refuse(packet);
        return;
      }
      lane.leaveRun();
      audio.ifPresent(Lane::leaveRun);
    }
    dts = Math.max(dts, lane.last + 1);
    if (packet.isKeyframe()) {
      beginRunIfChanged();
      isAwaitingKeyframe = false;
    }
    if (lane.last >= 0) {
      lane.durations.add(dts - lane.last);
    }
    lane.last = dts;
    long pts = VIDEO_TICKS.round(packet.ptsMicros());
    emit(packet, lane, 0, packet.ptsMicros(), dts, pts, lane.durations.next());
  }

  private void packAudio(Packet packet, Lane lane) {
    if (lane.isFarBehind(lane.ticks.round(packet.ptsMicros()), lane.rate())) {
      lane.leaveRun();
      if (video.isPresent()) {
        refuse(packet);
        return;
      }
    }
    if (video.isEmpty() && lane.samples.configured().isPresent()) {
      beginRunIfChanged();
    }
    boolean isInRun = lane.inRun.isPresent() && lane.isConfiguredAsInRun();
    if (!isInRun || video.map(picture -> picture.inRun.isEmpty()).orElse(false)) {
      return; // until the next keyframe
    }
    long ptsMicros = packet.ptsMicros();
    for (int sample = 0; sample < lane.samples.count(); sample++) {
      int duration = lane.samples.duration(sample);
      long pts = lane.ticks.round(ptsMicros);
      if (lane.expected >= 0 && Math.abs(pts - lane.expected) <= duration / 2) {
        pts = lane.expected;
      }
      pts = Math.max(pts, lane.last + 1);
      lane.last = pts;
      lane.expected = pts + duration;
      emit(packet, lane, sample, ptsMicros, pts, pts, duration);
      ptsMicros += duration * MICROS / lane.rate();
    }
  }

  private void beginRunIfChanged() {
    boolean isSame =
        video.map(Lane::isConfiguredAsInRun).orElse(true)
            && audio.map(Lane::isConfiguredAsInRun).orElse(true);
    if (isSame) {
      return;
    }
    List<Track> tracks = new ArrayList<>(2);
    video.ifPresent(lane -> join(lane, tracks));
    audio.ifPresent(lane -> join(lane, tracks));
    InitSegment init = InitSegment.of(tracks);
    sink.begin(new Run(runs++, tracks, init.mime(), init.bytes()));
  }

  private static void join(Lane lane, List<Track> tracks) {
    Optional<Track> configured = lane.samples.configured();
    int rate = configured.map(Track::sampleRate).orElse(0);
    if (rate != lane.rate()) {
      lane.leaveRun(); // its times are in ticks of another rate
      lane.ticks = new TimeScale(rate, MICROS);
    }
    lane.inRun = configured;
    configured.ifPresent(track -> tracks.add(track.withIndex(tracks.size())));
  }

  private void emit(
      Packet packet, Lane lane, int sample, long ptsMicros, long dts, long pts, int duration) {
    int size = lane.samples.size(sample);
    boolean isVideo = packet.track().isVideo();
    boolean isSync = !isVideo || packet.isKeyframe();
    int trackId = InitSegment.trackId(packet.track());
    byte[] array = new byte[HEADER_SIZE + size];
    ByteBuffer out = ByteBuffer.wrap(array);
    out.putInt(PRFT_SIZE).putInt(PRFT).putInt(VERSION_1 | PRFT_FLAGS);
    out.putInt(trackId).putLong(ntp(packet.captureMicros())).putLong(pts);
    out.putInt(MOOF_SIZE).putInt(MOOF);
    out.putInt(MFHD_SIZE).putInt(MFHD).putInt(0).putInt(++sequence);
    out.putInt(TRAF_SIZE).putInt(TRAF);
    out.putInt(TFHD_SIZE).putInt(TFHD).putInt(DEFAULT_BASE_IS_MOOF).putInt(trackId);
    out.putInt(TFDT_SIZE).putInt(TFDT).putInt(VERSION_1).putLong(dts);
    out.putInt(TRUN_SIZE).putInt(TRUN).putInt(VERSION_1 | TRUN_FLAGS);
    out.putInt(1).putInt(MOOF_SIZE + 8); // sample_count, data_offset
    out.putInt(duration).putInt(size).putInt(isSync ? SYNC_SAMPLE : NON_SYNC_SAMPLE);
    out.putInt((int) (pts - dts));
    out.putInt(8 + size).putInt(MDAT);
    lane.samples.write(sample, array, HEADER_SIZE);
    boolean isJoinPoint = isVideo ? packet.isKeyframe() : video.isEmpty();
    sink.accept(
        new Mp4Fragment(
            packet.track().codec().kind(),
            ptsMicros,
            packet.captureMicros(),
            isJoinPoint,
            Bytes.owning(array)));
  }

  /** Throws unless {@code bytes} can be a fragment of this packager's. */
  static void checkFragment(Bytes bytes) throws MalformedMediaException {
    boolean isLikeOurs = bytes.size() > HEADER_SIZE;
    if (isLikeOurs) {
      ByteBuffer in = bytes.asByteBuffer();
      isLikeOurs = in.getInt(4) == PRFT && in.getInt(PRFT_SIZE + 4) == MOOF;
    }
    if (!isLikeOurs) {
      throw new MalformedMediaException("fMP4: expected prft, moof, mdat");
    }
  }

  /** Seconds since 1900 in the upper half, their fraction in the lower: RFC 5905, 6. */
  private static long ntp(long micros) {
    long seconds = Math.floorDiv(micros, MICROS) + SECONDS_1900_TO_1970;
    long fraction = (Math.floorMod(micros, MICROS) << 32) / MICROS;
    return seconds << 32 | fraction;
  }

  @Override
  public long malformed() {
    return malformed.get();
  }
}
