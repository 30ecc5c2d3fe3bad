package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
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
 * Packs MPEG-1 video and MP2 sound into an MPEG transport stream, a fragment for each packet, at
 * once.
 *
 * <p>Takes the first track of each kind; packets of others are left out, and so is what comes
 * before the first keyframe, where there are pictures. Every keyframe that brings a sequence header
 * begins with the program's tables, and is a join point; without pictures, one sound frame in half
 * a second. A sequence header of another size begins a new run. Continuity counters go on from run
 * to run, so that a viewer may, too; the discontinuity_indicator says that the clock does not.
 *
 * <p>The clock reference is the decoding time less 200 ms, in every access unit of its stream.
 *
 * <p><b>Painting at once.</b> A receiver does not know that a picture is complete until the next
 * one begins, unless told. JSMpeg takes it as complete in two cases, and we give it both. (1) It
 * has PES_packet_length less header bytes: written for pictures up to 65 527 bytes (the field has
 * 16 bits; 0 beyond). (2) A packet that is not the first of its PES packet has an adaptation field:
 * so nothing but stuffing in the last packet may make one, and where the last packet would be full,
 * one stuffing byte in the first packet (where it does not count) makes it less so.
 *
 * <p>One thread at a time, but for {@link #malformed}.
 *
 * @see "ISO/IEC 13818-1, 2.4.3.2 (packet), 2.4.3.4 (adaptation field), 2.4.3.6 (PES packet)"
 */
public final class MpegTsPackager implements Packager {
  /** Media type of the feed and of the plain response. */
  static final String MIME = "video/mp2t";

  private static final int PACKET = TsFragment.PACKET;
  private static final int PACKET_HEADER = 4;
  private static final int PAYLOAD = PACKET - PACKET_HEADER;
  private static final int TABLES = 2 * PACKET;

  private static final int PES_FIXED_HEADER = 9;
  private static final int TIME_STAMP = 5;
  private static final int LARGEST_PES_LENGTH = 0xffff;
  private static final int LARGEST_SOUND_FRAME =
      LARGEST_PES_LENGTH - (PES_FIXED_HEADER - 6) - TIME_STAMP;

  private static final int CLOCK_FIELD = 8; // adaptation_field_length, flags, 6 bytes of PCR
  private static final long CLOCK_LEAD = 18_000; // 200 ms in 90 kHz
  private static final long TIME_MASK = (1L << 33) - 1;
  private static final long TABLES_EVERY_MICROS = 500_000;

  private static final int MPEG1_VIDEO_TYPE = 0x01;
  private static final int MPEG1_AUDIO_TYPE = 0x03;
  private static final int MPEG2_AUDIO_TYPE = 0x04; // half sample rates
  private static final int LARGEST_HALF_SAMPLE_RATE = 24_000;

  private static final int SEQUENCE_HEADER = 0xb3;
  private static final int GROUP_HEADER = 0xb8;
  private static final int PICTURE_HEADER = 0x00;

  private final Sink<Fragment> sink;
  private final AtomicLong malformed = new AtomicLong();

  // Confined to the thread that begins and accepts.
  private final Stream pictures = new Stream(0x100, 0xe0);
  private final Stream sounds = new Stream(0x101, 0xc0);
  private Optional<Track> video = Optional.empty();
  private Optional<Track> audio = Optional.empty();
  private int runs;
  private boolean isRunning;
  private boolean isClockNew;
  private List<TsTables.Entry> entries = List.of();
  private TsTables tables = new TsTables(pictures.pid, 0, entries);
  private int tablesVersion;
  private int tablesCounter;
  private long nextTablesMicros;

  /** One elementary stream's place in the transport stream. */
  private static final class Stream {
    final int pid;
    final int streamId;
    int counter;

    Stream(int pid, int streamId) {
      this.pid = pid;
      this.streamId = streamId;
    }

    /** The continuity_counter of the next packet. */
    int count() {
      int now = counter;
      counter = now + 1 & 0xf;
      return now;
    }
  }

  public MpegTsPackager(Sink<Fragment> sink) {
    this.sink = sink;
  }

  @Override
  public void begin(List<Track> tracks) {
    video = firstOf(tracks, Codec.MPEG1VIDEO);
    audio = firstOf(tracks, Codec.MP2);
    isRunning = false;
    tables = makeTables();
  }

  private static Optional<Track> firstOf(List<Track> tracks, Codec codec) {
    return tracks.stream().filter(track -> track.codec() == codec).findFirst();
  }

  private TsTables makeTables() {
    List<TsTables.Entry> wanted = new ArrayList<>();
    video.ifPresent(track -> wanted.add(new TsTables.Entry(MPEG1_VIDEO_TYPE, pictures.pid)));
    audio.ifPresent(track -> wanted.add(new TsTables.Entry(soundType(track), sounds.pid)));
    if (!wanted.equals(entries)) {
      entries = wanted;
      tablesVersion = tablesVersion + 1 & 0x1f;
    }
    return new TsTables(video.isPresent() ? pictures.pid : sounds.pid, tablesVersion, entries);
  }

  private static int soundType(Track track) {
    return track.sampleRate() <= LARGEST_HALF_SAMPLE_RATE ? MPEG2_AUDIO_TYPE : MPEG1_AUDIO_TYPE;
  }

  @Override
  public void accept(Packet packet) {
    int index = packet.track().index();
    if (video.isPresent() && index == video.get().index()) {
      acceptPicture(packet);
    } else if (audio.isPresent() && index == audio.get().index()) {
      acceptSound(packet);
    }
  }

  private void acceptPicture(Packet packet) {
    Bytes data = packet.data();
    int startCode = startCode(data);
    boolean hasSequenceHeader = startCode == SEQUENCE_HEADER;
    if (startCode != PICTURE_HEADER && startCode != GROUP_HEADER && !hasSequenceHeader) {
      malformed.incrementAndGet();
      return;
    }
    boolean isJoinPoint = packet.isKeyframe() && hasSequenceHeader;
    if (isJoinPoint && !beginPictures(data)) {
      malformed.incrementAndGet();
      return;
    }
    if (isRunning) {
      pack(packet, pictures, Codec.Kind.VIDEO, isJoinPoint);
    }
  }

  /** The code after 00 00 01 at the beginning; -1 if there is none. */
  private static int startCode(Bytes data) {
    boolean isStartCode = data.size() > 4 && data.at(0) == 0 && data.at(1) == 0 && data.at(2) == 1;
    return isStartCode ? data.at(3) : -1;
  }

  /** Begins a run at this sequence header if there is none of its size; false if it has none. */
  private boolean beginPictures(Bytes data) {
    if (data.size() < 8) {
      return false;
    }
    int width = data.at(4) << 4 | data.at(5) >> 4; // horizontal_size, 12 bits
    int height = (data.at(5) & 0xf) << 8 | data.at(6); // vertical_size, 12 bits
    if (width == 0 || height == 0) {
      return false;
    }
    Track track = video.get();
    boolean isSameSize = track.width() == width && track.height() == height;
    if (!isRunning || !isSameSize) {
      video =
          Optional.of(
              new Track(
                  track.index(),
                  track.codec(),
                  track.fourcc(),
                  track.extradata(),
                  width,
                  height,
                  0,
                  0,
                  track.decodeDelay()));
      beginRun();
    }
    return true;
  }

  private void acceptSound(Packet packet) {
    if (!isSoundFrame(packet.data())) {
      malformed.incrementAndGet();
      return;
    }
    if (video.isPresent()) {
      if (isRunning) {
        pack(packet, sounds, Codec.Kind.AUDIO, false);
      }
      return;
    }
    if (!isRunning) {
      beginRun();
      nextTablesMicros = packet.ptsMicros();
    }
    boolean isJoinPoint = packet.ptsMicros() >= nextTablesMicros;
    if (isJoinPoint) {
      nextTablesMicros = packet.ptsMicros() + TABLES_EVERY_MICROS;
    }
    pack(packet, sounds, Codec.Kind.AUDIO, isJoinPoint);
  }

  /** ISO/IEC 11172-3, 2.4.1.3: syncword, layer II, neither bit rate nor sample rate forbidden. */
  private static boolean isSoundFrame(Bytes data) {
    return data.size() > 4
        && data.size() <= LARGEST_SOUND_FRAME
        && data.at(0) == 0xff
        && (data.at(1) & 0xe0) == 0xe0
        && (data.at(1) & 0x06) == 0x04
        && (data.at(2) & 0xf0) != 0xf0
        && (data.at(2) & 0x0c) != 0x0c;
  }

  private void beginRun() {
    List<Track> tracks = new ArrayList<>();
    video.ifPresent(track -> tracks.add(track.withIndex(tracks.size())));
    audio.ifPresent(track -> tracks.add(track.withIndex(tracks.size())));
    isRunning = true;
    isClockNew = true;
    sink.begin(new Run(runs++, tracks, MIME, Bytes.EMPTY));
  }

  private void pack(Packet packet, Stream stream, Codec.Kind kind, boolean isJoinPoint) {
    Bytes data = packet.data();
    long pts = ticks(packet.ptsMicros());
    long dts = ticks(packet.dtsMicros());
    boolean hasDts = dts != pts;
    int pesHeader = PES_FIXED_HEADER + (hasDts ? 2 : 1) * TIME_STAMP;
    int pesSize = pesHeader + data.size();
    boolean hasClock = stream == pictures || video.isEmpty();
    int field = hasClock ? CLOCK_FIELD : 0;
    if (stream == pictures && (field + pesSize) % PAYLOAD == 0) {
      field++; // a stuffing byte, so that the last packet is not full: see the class comment
    }
    int count = (field + pesSize + PAYLOAD - 1) / PAYLOAD;

    byte[] target = new byte[(isJoinPoint ? TABLES : 0) + count * PACKET];
    int at = 0;
    if (isJoinPoint) {
      tables.writeTo(target, 0, tablesCounter, tablesCounter);
      tablesCounter = tablesCounter + 1 & 0xf;
      at = TABLES;
    }
    ByteBuffer source = data.asByteBuffer();
    for (int i = 0; i < count; i++) {
      int header = i == 0 ? pesHeader : 0;
      int room = PAYLOAD - (i == 0 ? field : 0) - header;
      int taken = Math.min(room, source.remaining());
      int fieldSize = PAYLOAD - header - taken;
      writePacketHeader(target, at, stream, i == 0, fieldSize > 0);
      int fieldAt = at + PACKET_HEADER;
      writeStuffing(target, fieldAt, fieldSize);
      if (i == 0) {
        if (hasClock) {
          writeClock(target, fieldAt, dts - CLOCK_LEAD, isJoinPoint);
        }
        writePesHeader(target, fieldAt + fieldSize, stream, pesSize, pts, dts);
      }
      source.get(target, at + PACKET - taken, taken);
      at += PACKET;
    }
    sink.accept(
        new TsFragment(
            kind,
            packet.ptsMicros(),
            packet.captureMicros(),
            isJoinPoint,
            Bytes.owning(target),
            data.size()));
  }

  /** Microseconds as ticks of 90 kHz, to the nearest. */
  private static long ticks(long micros) {
    return Math.floorDiv(micros * 9 + 50, 100L);
  }

  private static void writePacketHeader(
      byte[] target, int at, Stream stream, boolean isFirst, boolean hasField) {
    target[at] = TsFragment.SYNC;
    target[at + 1] = (byte) ((isFirst ? 0x40 : 0) | stream.pid >> 8);
    target[at + 2] = (byte) stream.pid;
    target[at + 3] = (byte) ((hasField ? 0x30 : 0x10) | stream.count());
  }

  /** An adaptation field of {@code size} bytes with nothing in it. */
  private static void writeStuffing(byte[] target, int at, int size) {
    if (size > 0) {
      target[at] = (byte) (size - 1); // adaptation_field_length; 0 is one byte of stuffing
    }
    for (int i = 2; i < size; i++) { // after the flags, all 0
      target[at + i] = (byte) 0xff;
    }
  }

  /** Flags and program_clock_reference into the adaptation field at {@code at}. */
  private void writeClock(byte[] target, int at, long ticks, boolean isJoinPoint) {
    int flags = 0x10; // PCR_flag
    if (isClockNew) {
      flags |= 0x80; // discontinuity_indicator
      isClockNew = false;
    }
    if (isJoinPoint) {
      flags |= 0x40; // random_access_indicator
    }
    long base = ticks & TIME_MASK;
    target[at + 1] = (byte) flags;
    target[at + 2] = (byte) (base >> 25);
    target[at + 3] = (byte) (base >> 17);
    target[at + 4] = (byte) (base >> 9);
    target[at + 5] = (byte) (base >> 1);
    target[at + 6] = (byte) ((base & 1) << 7 | 0x7e); // reserved; the extension is 0
    target[at + 7] = 0;
  }

  private static void writePesHeader(
      byte[] target, int at, Stream stream, int pesSize, long pts, long dts) {
    boolean hasDts = dts != pts;
    int length = pesSize - 6; // PES_packet_length counts from behind itself
    if (length > LARGEST_PES_LENGTH) {
      length = 0; // allowed for pictures
    }
    target[at + 2] = 1; // packet_start_code_prefix
    target[at + 3] = (byte) stream.streamId;
    target[at + 4] = (byte) (length >> 8);
    target[at + 5] = (byte) length;
    target[at + 6] = (byte) 0x84; // '10', data_alignment_indicator
    target[at + 7] = (byte) (hasDts ? 0xc0 : 0x80); // PTS_DTS_flags
    target[at + 8] = (byte) (hasDts ? 2 * TIME_STAMP : TIME_STAMP); // PES_header_data_length
    writeTimeStamp(target, at + PES_FIXED_HEADER, hasDts ? 0x30 : 0x20, pts);
    if (hasDts) {
      writeTimeStamp(target, at + PES_FIXED_HEADER + TIME_STAMP, 0x10, dts);
    }
  }

  /** 33 bits in three parts, each closed by a marker_bit. */
  private static void writeTimeStamp(byte[] target, int at, int prefix, long ticks) {
    long time = ticks & TIME_MASK;
    target[at] = (byte) (prefix | (time >> 29 & 0xe) | 1);
    target[at + 1] = (byte) (time >> 22);
    target[at + 2] = (byte) (time >> 14 | 1);
    target[at + 3] = (byte) (time >> 7);
    target[at + 4] = (byte) (time << 1 | 1);
  }

  @Override
  public long malformed() {
    return malformed.get();
  }
}
