// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { bitrate, causeOf, count, figure, millis, sentence, size, span, stateOf, waysInWords } from '../../main/webapp/admin/words.js';

test('figuresHaveUnits', () => {
  assert.equal(bitrate(250_000), '2.0 Mbit/s');
  assert.equal(bitrate(1_000), '8 kbit/s');
  assert.equal(bitrate(null), '–');
  assert.equal(size(512), '512 bytes');
  assert.equal(size(1_536), '1.5 KiB');
  assert.equal(size(5 * 1024 ** 3), '5.0 GiB');
  assert.equal(size(-1), '–');
  assert.equal(figure(24.96, 1), '25.0');
  assert.equal(figure(NaN), '–');
  assert.equal(span(59), '59 seconds');
  assert.equal(span(3_600), '1 hour');
  assert.equal(count(1, 'viewer'), '1 viewer');
  assert.equal(count(0, 'viewer'), '0 viewers');
});

test('timesAreReadInBothForms', () => {
  assert.equal(millis('1970-01-01T00:00:01Z'), 1_000);
  assert.equal(millis(1_000), 1_000);
  assert.ok(Number.isNaN(millis(undefined)));
});

test('causesAreSentences', () => {
  assert.equal(causeOf({ state: 'waiting', words: 'the camera is off' }), 'The camera is off.');
  assert.equal(causeOf({ state: 'live', words: 'old' }), '');
  assert.equal(causeOf({ state: 'starting', cause: 'TIMED_OUT', words: 'the camera is off' }), 'The camera is off.');
  assert.equal(causeOf({ state: 'starting', cause: 'NOBODY_PUBLISHES', words: 'nobody publishes' }), '');
  assert.equal(causeOf({ state: 'waiting', enabled: false, words: 'old' }), '');
  assert.equal(causeOf({ state: 'mistaken', mistakes: [{ line: 3, key: 'widht', value: '320', remedy: 'did you mean width?' }] }),
      'Line 3: widht: 320. Did you mean width?');
  assert.equal(sentence('done'), 'Done.');
  assert.equal(stateOf({ state: 'idle', enabled: false }), 'off');
});

test('waysAreCounted', () => {
  assert.equal(waysInWords({ fmp4: 2, gif: 0, mjpeg: 1 }), '2 fMP4, 1 MJPEG');
  assert.equal(waysInWords(undefined), '');
});
