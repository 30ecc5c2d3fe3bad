// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { MultipartReader } from '../../main/webapp/player/multipart.js';

const bodies = [Uint8Array.of(0xff, 0xd8, 13, 10, 13, 10, 0xff, 0xd9), new Uint8Array(70_000).fill(45)];
const stream = Buffer.concat([
  Buffer.from('--b\r\nContent-Type: image/jpeg\r\nContent-Length: 8\r\nX-Timestamp: 1700000000.250000\r\n\r\n'),
  bodies[0],
  Buffer.from('\r\n--b\r\ncontent-length:70000\r\n\r\n'),
  bodies[1],
  Buffer.from('\r\n--b\r\n'),
]);

for (const chunkBytes of [1, 7, 4096, stream.length]) {
  test(`partsAreWholeInChunksOf${chunkBytes}Bytes`, () => {
    const parts = read(stream, chunkBytes);

    assert.deepEqual(parts.map(({ body }) => body), bodies);
    assert.deepEqual(parts.map(({ captureMillis }) => captureMillis), [1_700_000_000_250, NaN]);
  });
}

test('partComesWithItsLastByte', () => {
  const end = stream.indexOf('\r\n--b\r\ncontent-length');

  assert.equal(read(stream.subarray(0, end - 1), 64).length, 0);
  assert.equal(read(stream.subarray(0, end), 64).length, 1);
});

for (const [name, text] of [
  ['partWithoutLength', '--b\r\nContent-Type: image/jpeg\r\n\r\n'],
  ['partOfNoBytes', '--b\r\nContent-Length: 0\r\n\r\n'],
  ['partOfTooManyBytes', '--b\r\nContent-Length: 67108865\r\n\r\n'],
  ['headWithoutEnd', 'x'.repeat(2000)],
]) {
  test(`${name}IsRefused`, () => {
    assert.throws(() => read(Buffer.from(text), 100), /^Error: multipart: expected /);
  });
}

/**
 * @param {Uint8Array} bytes
 * @param {number} chunkBytes
 */
function read(bytes, chunkBytes) {
  /** @type {import('../../main/webapp/player/multipart.js').Part[]} */
  const parts = [];
  const reader = new MultipartReader((part) => parts.push(part));
  for (let i = 0; i < bytes.length; i += chunkBytes) {
    reader.push(bytes.subarray(i, i + chunkBytes));
  }
  return parts;
}
