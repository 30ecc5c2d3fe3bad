// @ts-check

/**
 * Reads the live form of fragmented MP4: an init segment, then messages of one `prft`, one `moof`
 * with one `traf`, one `mdat`. Nothing is copied: samples are views of the message.
 *
 * ISO/IEC 14496-12: 4.2 (boxes), 8.8 (movie fragments), 8.16.5 (producer reference time);
 * ISO/IEC 14496-15: 5.3.3 (avcC).
 *
 * @typedef {object} Track
 * @property {number} id
 * @property {'video' | 'audio' | 'other'} kind
 * @property {number} timescale units per second
 * @property {string} codec as in MIME types, `avc1.42c01f`; only the sample entry's type if it is
 *     not AVC
 * @property {Uint8Array | null} description the avcC record, null if not AVC
 * @property {number} width in pixels, 0 for sound
 * @property {number} height in pixels, 0 for sound
 * @property {number} defaultDuration from trex, in units of the timescale
 * @property {number} defaultSize from trex, in bytes
 * @property {number} defaultFlags from trex
 *
 * @typedef {object} Sample
 * @property {Uint8Array} data
 * @property {number} decodeTime in units of the timescale
 * @property {number} presentationTime in units of the timescale
 * @property {number} duration in units of the timescale
 * @property {boolean} isKey
 *
 * @typedef {object} Fragment
 * @property {Track} track
 * @property {number} captureMillis when the first sample was captured, unix; NaN if not told
 * @property {Sample[]} samples
 */

/** Bytes that are not what the specification says. */
export class MalformedMedia extends Error {}

const sampleIsNonSync = 0x10000;
/** Seconds from 1900, where NTP counts from, to 1970. */
const ntpToUnixSeconds = 2_208_988_800;

/** @param {ArrayBuffer} bytes whether they begin with `ftyp`, as an init segment does */
export function isInit(bytes) {
  return bytes.byteLength >= 8 && new DataView(bytes).getUint32(4) === 0x66747970;
}

/**
 * Reads `ftyp` and `moov`.
 *
 * @param {ArrayBuffer} bytes
 * @returns {Track[]}
 */
export function readInit(bytes) {
  const view = new DataView(bytes);
  const moov = need(view, find(view, 0, bytes.byteLength, 'moov'), 'moov', 0);
  /** @type {Track[]} */
  const tracks = [];
  eachBox(view, moov.start, moov.end, (box) => {
    if (box.type === 'trak') {
      tracks.push(readTrack(view, box));
    }
  });
  const mvex = find(view, moov.start, moov.end, 'mvex');
  if (mvex) {
    eachBox(view, mvex.start, mvex.end, (box) => {
      if (box.type === 'trex') {
        const track = tracks.find(({ id }) => id === view.getUint32(box.start + 4));
        if (track) {
          // default_sample_description_index is passed over
          track.defaultDuration = view.getUint32(box.start + 12);
          track.defaultSize = view.getUint32(box.start + 16);
          track.defaultFlags = view.getUint32(box.start + 20);
        }
      }
    });
  }
  return tracks;
}

/**
 * Reads one message: a fragment of one track.
 *
 * @param {ArrayBuffer} bytes
 * @param {Track[]} tracks of the init segment
 * @returns {Fragment}
 */
export function readFragment(bytes, tracks) {
  const view = new DataView(bytes);
  let captureMillis = NaN;
  /** @type {Box | null} */
  let moof = null;
  eachBox(view, 0, bytes.byteLength, (box) => {
    if (box.type === 'prft') {
      // version and flags, reference_track_ID, then ntp_timestamp
      const seconds = view.getUint32(box.start + 8) - ntpToUnixSeconds;
      captureMillis = seconds * 1000 + (view.getUint32(box.start + 12) / 2 ** 32) * 1000;
    } else if (box.type === 'moof' && !moof) {
      moof = box;
    }
  });
  const { start, end, at } = need(view, moof, 'moof', 0);
  const traf = need(view, find(view, start, end, 'traf'), 'traf', start);
  const tfhd = need(view, find(view, traf.start, traf.end, 'tfhd'), 'tfhd', traf.start);
  const tfdt = need(view, find(view, traf.start, traf.end, 'tfdt'), 'tfdt', traf.start);

  const trackId = view.getUint32(tfhd.start + 4);
  const track = tracks.find(({ id }) => id === trackId);
  if (!track) {
    throw new MalformedMedia(`fMP4 at byte ${tfhd.at}: tfhd of track ${trackId}, which no init segment told of`);
  }
  const defaults = readTfhd(view, tfhd, track, at);
  const decodeTime =
    view.getUint8(tfdt.start) === 1
      ? Number(view.getBigUint64(tfdt.start + 4))
      : view.getUint32(tfdt.start + 4);
  return { track, captureMillis, samples: readSamples(view, traf, decodeTime, defaults) };
}

/**
 * @typedef {object} Box
 * @property {string} type
 * @property {number} at where the box begins
 * @property {number} start of what it holds
 * @property {number} end
 */

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} end
 * @param {(box: Box) => void} take
 */
function eachBox(view, start, end, take) {
  let at = start;
  while (at + 8 <= end) {
    let size = view.getUint32(at);
    let headerSize = 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      headerSize = 16;
    } else if (size === 0) {
      size = end - at; // to the end of the file
    }
    const type = fourCharacters(view, at + 4);
    if (size < headerSize || at + size > end) {
      throw new MalformedMedia(`fMP4 at byte ${at}: ${type} box of ${size} bytes, ${end - at} are left`);
    }
    take({ type, at, start: at + headerSize, end: at + size });
    at += size;
  }
}

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} end
 * @param {string} type
 * @returns {Box | null} the first of that type
 */
function find(view, start, end, type) {
  /** @type {Box | null} */
  let found = null;
  eachBox(view, start, end, (box) => {
    if (box.type === type && !found) {
      found = box;
    }
  });
  return found;
}

/**
 * @param {DataView} view
 * @param {Box | null} box
 * @param {string} type
 * @param {number} at
 * @returns {Box}
 */
function need(view, box, type, at) {
  if (!box) {
    throw new MalformedMedia(`fMP4 at byte ${at}: expected a ${type} box within ${view.byteLength} bytes, found none`);
  }
  return box;
}

/**
 * @param {DataView} view
 * @param {number} at
 */
function fourCharacters(view, at) {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

/**
 * @param {DataView} view
 * @param {Box} trak
 * @returns {Track}
 */
function readTrack(view, trak) {
  /** @param {Box} box @param {string} type */
  const child = (box, type) => need(view, find(view, box.start, box.end, type), type, box.at);
  const tkhd = child(trak, 'tkhd');
  const mdia = child(trak, 'mdia');
  const mdhd = child(mdia, 'mdhd');
  const handler = fourCharacters(view, child(mdia, 'hdlr').start + 8); // after pre_defined
  const stsd = child(child(child(mdia, 'minf'), 'stbl'), 'stsd');
  /** @type {Box | null} */
  let firstEntry = null;
  eachBox(view, stsd.start + 8, stsd.end, (box) => (firstEntry ??= box)); // after entry_count
  const entry = need(view, firstEntry, 'sample entry', stsd.at);

  /** @type {Track} */
  const track = {
    // version 1 has 64-bit creation_time and modification_time before the id and the timescale
    id: view.getUint32(tkhd.start + (view.getUint8(tkhd.start) === 1 ? 20 : 12)),
    kind: handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other',
    timescale: view.getUint32(mdhd.start + (view.getUint8(mdhd.start) === 1 ? 20 : 12)),
    codec: entry.type,
    description: null,
    width: 0,
    height: 0,
    defaultDuration: 0,
    defaultSize: 0,
    defaultFlags: 0,
  };
  if (track.kind === 'video') {
    track.width = view.getUint16(entry.start + 24);
    track.height = view.getUint16(entry.start + 26);
    const avcC = find(view, entry.start + 78, entry.end, 'avcC'); // VisualSampleEntry is 78 bytes
    if (avcC) {
      track.description = new Uint8Array(view.buffer, avcC.start, avcC.end - avcC.start);
      // AVCProfileIndication, profile_compatibility, AVCLevelIndication
      const profile = [...track.description.subarray(1, 4)];
      track.codec = `${entry.type}.${profile.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    }
  }
  return track;
}

/**
 * @typedef {object} Defaults
 * @property {number} duration
 * @property {number} size
 * @property {number} flags
 * @property {number} base where data offsets count from
 */

/**
 * @param {DataView} view
 * @param {Box} tfhd
 * @param {Track} track
 * @param {number} moofAt
 * @returns {Defaults}
 */
function readTfhd(view, tfhd, track, moofAt) {
  const tfFlags = view.getUint32(tfhd.start) & 0xffffff;
  const defaults = {
    duration: track.defaultDuration,
    size: track.defaultSize,
    flags: track.defaultFlags,
    base: moofAt, // default-base-is-moof, and so without it for the first traf
  };
  let at = tfhd.start + 8;
  if (tfFlags & 0x1) {
    defaults.base = Number(view.getBigUint64(at)); // base_data_offset
    at += 8;
  }
  if (tfFlags & 0x2) {
    at += 4; // sample_description_index
  }
  if (tfFlags & 0x8) {
    defaults.duration = view.getUint32(at);
    at += 4;
  }
  if (tfFlags & 0x10) {
    defaults.size = view.getUint32(at);
    at += 4;
  }
  if (tfFlags & 0x20) {
    defaults.flags = view.getUint32(at);
  }
  return defaults;
}

/**
 * @param {DataView} view
 * @param {Box} traf
 * @param {number} decodeTime of the first sample
 * @param {Defaults} defaults
 * @returns {Sample[]}
 */
function readSamples(view, traf, decodeTime, defaults) {
  /** @type {Sample[]} */
  const samples = [];
  let dataAt = defaults.base;
  eachBox(view, traf.start, traf.end, (trun) => {
    if (trun.type !== 'trun') {
      return;
    }
    const isSigned = view.getUint8(trun.start) === 1;
    const trFlags = view.getUint32(trun.start) & 0xffffff;
    const sampleCount = view.getUint32(trun.start + 4);
    let at = trun.start + 8;
    if (trFlags & 0x1) {
      dataAt = defaults.base + view.getInt32(at); // data_offset
      at += 4;
    }
    let firstFlags = NaN;
    if (trFlags & 0x4) {
      firstFlags = view.getUint32(at); // first_sample_flags
      at += 4;
    }
    for (let i = 0; i < sampleCount; i++) {
      let { duration, size, flags } = defaults;
      let compositionOffset = 0;
      if (trFlags & 0x100) {
        duration = view.getUint32(at);
        at += 4;
      }
      if (trFlags & 0x200) {
        size = view.getUint32(at);
        at += 4;
      }
      if (trFlags & 0x400) {
        flags = view.getUint32(at);
        at += 4;
      } else if (i === 0 && !Number.isNaN(firstFlags)) {
        flags = firstFlags;
      }
      if (trFlags & 0x800) {
        compositionOffset = isSigned ? view.getInt32(at) : view.getUint32(at);
        at += 4;
      }
      if (at > trun.end || dataAt + size > view.byteLength) {
        throw new MalformedMedia(
          `fMP4 at byte ${trun.at}: trun of ${sampleCount} samples, sample ${i} of ${size} bytes at ${dataAt} is beyond the ${view.byteLength} bytes there are`,
        );
      }
      samples.push({
        data: new Uint8Array(view.buffer, dataAt, size),
        decodeTime,
        presentationTime: decodeTime + compositionOffset,
        duration,
        isKey: (flags & sampleIsNonSync) === 0,
      });
      dataAt += size;
      decodeTime += duration;
    }
  });
  return samples;
}
