// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { expectedCost } from '../../main/webapp/admin/costs.js';

test('whatIsPassedOnCostsWhatComesIn', () => {
  assert.match(expectedCost('fmp4', { bytesIn: 250_000 }), /about 2\.0 Mbit\/s per viewer: what comes in.*about 2\.5 Mbit\/s/);
  assert.match(expectedCost('fmp4', {}), /what comes in.*about 2\.5 Mbit\/s/);
});

test('whatIsEncodedCostsWhatItsSettingsSay', () => {
  assert.match(expectedCost('fmp4', { bytesIn: 1e6, settings: { renditions: { fmp4: { encode: 'always', bitrate: '1M' } } } }), /^Will cost about 1\.0 Mbit\/s/);
  assert.match(expectedCost('mpeg1', {}), /about 800 kbit\/s/);
  assert.match(expectedCost('mpeg1', { settings: { renditions: { mpeg1: { bitrate: '1200k' } } } }), /about 1\.2 Mbit\/s/);
  assert.match(expectedCost('gif', { settings: { renditions: { gif: { bytesPerSecond: '100k' } } } }), /at most 819 kbit\/s/);
});

test('picturesAreCountedByTheNewest', () => {
  assert.match(expectedCost('mjpeg', { stillBytes: 20_000, fps: 10 }), /about 1\.6 Mbit\/s/);
  assert.match(expectedCost('mjpeg', { stillBytes: 20_000 }), /about 4\.0 Mbit\/s/);
  assert.match(expectedCost('mjpeg', {}), /several times/);
});

test('formatThatIsOffBreaksNothing', () => {
  assert.match(expectedCost('gif', { settings: { renditions: { gif: false } } }), /per viewer/);
});
