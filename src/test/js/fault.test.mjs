// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { isAtFaultForNothing, isAtFaultForStanding, isNewer } from '../../main/webapp/player/fault.js';

const now = 1_700_000_000_000;

/**
 * @param {string} state
 * @param {number} sinceMillis how long it has been in it
 */
function answer(state, sinceMillis = 60_000) {
  return { source: /** @type {any} */ ({ state, since: now - sinceMillis }), now };
}

test('wayIsAtFaultWhileItsSourceIsLive', () => {
  assert.equal(isAtFaultForNothing(3_000, true, answer('live')), true);
  assert.equal(isAtFaultForNothing(3_000, true, answer('live', 2_999)), false);
  assert.equal(isAtFaultForNothing(3_000, true, answer('idle')), true);
});

test('wayIsNotAtFaultForItsSource', () => {
  for (const state of ['starting', 'stalled', 'waiting', 'failed', 'ended']) {
    assert.equal(isAtFaultForNothing(60_000, true, answer(state)), false, state);
    assert.equal(isAtFaultForStanding(60_000, state, true), false, state);
  }
});

test('silenceOfTheServerIsTakenForSoLong', () => {
  assert.equal(isAtFaultForNothing(9_000, true, undefined), false);
  assert.equal(isAtFaultForNothing(10_001, true, undefined), true);
  assert.equal(isAtFaultForStanding(60_000, undefined, true), false);
});

test('lastWayIsGivenTime', () => {
  assert.equal(isAtFaultForNothing(11_000, false, answer('live')), false);
  assert.equal(isAtFaultForNothing(12_001, false, answer('starting')), true);
});

test('sourceWithRarePicturesIsNotTheWaysFault', () => {
  assert.equal(isAtFaultForStanding(60_000, 'live', isNewer(now, now)), false);
  assert.equal(isAtFaultForStanding(5_000, 'live', isNewer(now + 2_000, now)), true);
  assert.equal(isAtFaultForStanding(5_000, 'live', isNewer(NaN, now)), false);
  assert.equal(isAtFaultForStanding(10_001, 'live', isNewer(now, NaN)), true);
});
