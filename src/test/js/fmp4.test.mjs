// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { MalformedMedia, isInit, readFragment, readInit } from '../../main/webapp/player/fmp4.js';

const folder = new URL('../../../target/clips/', import.meta.url).pathname;
const { init, messages, file } = makeClip();

test('initSegmentTellsTracks', () => {
  const [video, sound] = readInit(init);

  assert.ok(isInit(init));
  assert.equal(video.kind, 'video');
  assert.match(video.codec, /^avc1\.[0-9a-f]{6}$/);
  assert.deepEqual([video.width, video.height], [320, 180]);
  assert.equal(video.description?.[0], 1); // configurationVersion
  assert.equal(sound.kind, 'audio');
  assert.equal(sound.timescale, 48000);
});

test('fragmentsGiveThePacketsThatFfprobeSees', () => {
  const tracks = readInit(init);
  const expected = probe(file);

  const seen = messages.flatMap((message) => {
    const { track, samples } = readFragment(message, tracks);
    return samples.map((sample) => ({
      track: track.kind,
      pts: sample.presentationTime,
      dts: sample.decodeTime,
      bytes: sample.data.length,
      isKey: sample.isKey,
    }));
  });

  for (const kind of ['video', 'audio']) {
    assert.deepEqual(
      seen.filter(({ track }) => track === kind),
      expected.filter(({ track }) => track === kind),
    );
  }
  assert.ok(seen.some(({ pts, dts }) => pts !== dts), 'the clip has B-frames');
});

test('producerReferenceTimeIsTheCaptureTime', () => {
  const captured = Date.UTC(2031, 4, 6, 7, 8, 9, 250);

  const { captureMillis } = readFragment(concat(producerReferenceTime(captured), messages[0]), readInit(init));

  assert.ok(Math.abs(captureMillis - captured) < 0.001, `${captureMillis}`);
});

test('withoutProducerReferenceTimeTheCaptureTimeIsNotKnown', () => {
  assert.ok(Number.isNaN(readFragment(messages[0], readInit(init)).captureMillis));
});

test('everyTruncationIsRefused', () => {
  const tracks = readInit(init);

  for (let length = 0; length < init.byteLength; length++) {
    assert.throws(() => readInit(init.slice(0, length)), MalformedMedia, `init of ${length} bytes`);
  }
  for (let length = 0; length < messages[0].byteLength; length += 7) {
    assert.throws(() => readFragment(messages[0].slice(0, length), tracks), MalformedMedia, `fragment of ${length} bytes`);
  }
});

/** Three seconds, one frame a fragment, with B-frames and sound. */
function makeClip() {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}fragments.mp4`;
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y'],
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000'],
    ...['-t', '3', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ...['-movflags', 'frag_every_frame+empty_moov+default_base_moof+skip_trailer', file],
  ]);
  const bytes = readFileSync(file);
  const all = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  /** @type {ArrayBuffer[]} */
  const messages = [];
  let begin = 0;
  let initEnd = 0;
  for (let at = 0; at < bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    at += bytes.readUInt32BE(at);
    if (type === 'moov') {
      initEnd = begin = at;
    } else if (type === 'mdat') {
      messages.push(/** @type {ArrayBuffer} */ (all.slice(begin, at)));
      begin = at;
    }
  }
  return { init: /** @type {ArrayBuffer} */ (all.slice(0, initEnd)), messages, file };
}

/** @param {string} file */
function probe(file) {
  const json = execFileSync('ffprobe', ['-v', 'error', '-show_packets', '-of', 'json', file], { maxBuffer: 1 << 26 });
  return JSON.parse(json.toString()).packets.map((/** @type {any} */ packet) => ({
    track: packet.codec_type,
    pts: packet.pts,
    dts: packet.dts,
    bytes: Number(packet.size),
    isKey: packet.flags.startsWith('K'),
  }));
}

/** @param {number} millis */
function producerReferenceTime(millis) {
  const box = Buffer.alloc(32);
  box.writeUInt32BE(32, 0);
  box.write('prft', 4);
  box.writeUInt32BE(0x01000018, 8); // version 1, flags 24
  box.writeUInt32BE(1, 12);
  box.writeUInt32BE(Math.floor(millis / 1000) + 2_208_988_800, 16);
  box.writeUInt32BE(Math.floor(((millis % 1000) / 1000) * 2 ** 32), 20);
  return box;
}

/**
 * @param {Buffer} first
 * @param {ArrayBuffer} second
 */
function concat(first, second) {
  return new Uint8Array(Buffer.concat([first, Buffer.from(second)])).buffer;
}
