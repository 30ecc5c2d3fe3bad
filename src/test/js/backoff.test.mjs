// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { Backoff } from '../../main/webapp/player/backoff.js';
import { awayMillisOf, troubleOf } from '../../main/webapp/player/close-codes.js';
import { Detail } from '../../main/webapp/player/detail.js';
import { Meter } from '../../main/webapp/player/meter.js';

test('whoWasCutComesBackOverFiveSeconds', () => {
  const waits = [0, 0.5, 0.999].map((random) => new Backoff(() => random).next('lost'));

  assert.deepEqual(waits, [0, 2_500, 4_995]);
});

test('waitsDoubleUpToThirtySeconds', () => {
  const longest = new Backoff(() => 1);
  const shortest = new Backoff(() => 0);

  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(() => longest.next('unavailable')), [1, 2, 4, 8, 16, 30, 30].map((s) => s * 1000));
  assert.deepEqual([1, 2].map(() => shortest.next('unavailable')), [500, 1_000]);
});

test('afterSuccessWaitsAreShortAgain', () => {
  const backoff = new Backoff(() => 1);
  backoff.next('lost');
  assert.equal(backoff.next('lost'), 2_000);

  backoff.reset();

  assert.equal(backoff.next('restarting'), 300);
  assert.equal(backoff.next('restarting'), 2_000);
});

test('whoIsToldWhenTheServerComesBackLeavesItAloneForSoLongAndThenSpreads', () => {
  const waits = [0, 0.5, 0.999].map((random) => new Backoff(() => random).next('stopping', 2_000));

  assert.deepEqual(waits, [2_000, 4_500, 6_995]);
});

test('timeAwayIsReadFromTheReasonOf1012Alone', () => {
  const stopping = troubleOf(1012, 'the server is stopping, retry in 2 s');
  const restarting = troubleOf(1012, 'the stream restarted');

  assert.deepEqual([stopping.reason, stopping.awayMillis, stopping.isPassing], ['stopping', 2_000, true]);
  assert.deepEqual([restarting.reason, restarting.awayMillis], ['restarting', 0]);
  assert.deepEqual(['retry in 0 s', 'retry in 1000 s', 'retry in 2 s or so'].map((words) => awayMillisOf(1012, words)), [0, 0, 0]);
  assert.equal(awayMillisOf(1001, 'the server is stopping, retry in 2 s'), 0);
});

test('thirdLapWithinTenSecondsHalvesWhatIsAskedFor', () => {
  let now = 0;
  const detail = new Detail(() => now);
  assert.equal(detail.of(641), 641);

  assert.deepEqual([detail.lapped(), detail.lapped()], [false, false]);
  now = 10_001;
  assert.equal(detail.lapped(), false);
  assert.equal(detail.lapped(), false);
  assert.equal(detail.lapped(), true);
  assert.equal(detail.of(641), 321);
});

test('detailComesBackAfterAMinuteWithoutLaps', () => {
  let now = 0;
  const detail = new Detail(() => now);
  [1, 2, 3].forEach(() => detail.lapped());

  now = 59_999;
  assert.equal(detail.eased(), false);
  now = 60_000;
  assert.equal(detail.eased(), true);
  assert.equal(detail.eased(), false);
  assert.equal(detail.of(640), 640);
});

test('detailHasAnEnd', () => {
  const detail = new Detail(() => 0);
  const changes = Array.from({ length: 30 }, () => detail.lapped()).filter(Boolean);

  assert.equal(changes.length, 3);
  assert.equal(detail.of(800), 100);
});

test('meterCountsFramesAndAgesSinceItWasRead', () => {
  const meter = new Meter();
  const stats = { label: 'MSE', width: 320, height: 180, frames: 150, captureMillis: NaN, hasSound: true };
  meter.begin(100, 0);
  [10, NaN, 30].forEach((age) => meter.note(age));

  assert.deepEqual(meter.read('mse', stats, 'small', 2_000), {
    way: 'mse', label: 'MSE', rendition: 'small', width: 320, height: 180, fps: 25, ageMillis: 20,
    hasSound: true, isCard: false, lapped: 0, dropped: 0,
  });
  const { fps, ageMillis } = meter.read('mse', { ...stats, frames: 150 }, '', 3_000);
  assert.deepEqual([fps, ageMillis], [0, NaN]);
  assert.ok(Number.isNaN(meter.read('gif', { ...stats, frames: NaN }, '', 4_000).fps));
  assert.ok(Number.isNaN(meter.read('', undefined, '', 5_000).fps));
});
