// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { LiveEdge } from '../../main/webapp/player/live-edge.js';

const settlingSeconds = 6;
const seconds = 60;
/** From when a frame comes until it can be shown. */
const decodeSeconds = 0.015;

/**
 * Plays frames that come late by up to so much, each by another part of it, one second of which is
 * shown a second: how many were not there when they were due, and how far behind it was on average: a picture's own time and what is kept beside.
 *
 * @param {LiveEdge} edge
 * @param {number} frameSeconds
 * @param {number} jitter in seconds
 */
function play(edge, frameSeconds, jitter) {
  let speed = 1;
  let at = 0; // of the media, on screen
  let end = 0;
  let before = 0;
  let late = 0;
  let gaps = 0;
  let frames = 0;
  for (let i = 0; i * frameSeconds < seconds; i++) {
    const pts = i * frameSeconds;
    const comes = Math.max(before, pts + jitter * ((i * 0.618) % 1));
    at = Math.min(end, at + (comes - before) * speed); // it cannot play what is not there
    before = comes;
    if (pts > settlingSeconds) {
      frames++;
      late += at + decodeSeconds > pts ? 1 : 0;
      gaps += pts + frameSeconds - at;
    }
    end = pts + frameSeconds;
    speed = edge.speed(end - at, frameSeconds);
    if (Number.isNaN(speed)) {
      at = end - edge.target(frameSeconds);
      speed = 1;
    }
  }
  return { late: late / frames, gap: gaps / frames };
}

for (const fps of [10, 15, 25, 30, 50]) {
  for (const jitter of [0, 0.01, 0.015]) {
    test(`frameIsThereBeforeItIsShown at ${fps} fps, ${1000 * jitter} ms of jitter`, () => {
      const { late, gap } = play(new LiveEdge(0.075, false), 1 / fps, jitter);

      assert.equal(late, 0);
      assert.ok(gap < 1 / fps + 0.06, `${gap} s behind`);
    });
  }
}

test('whatIsTooFarBehindIsCaughtUpWithUntilItIsWhereItShouldBe', () => {
  const edge = new LiveEdge(0.1, false);

  assert.equal(edge.speed(0.12, 0.04), 1);
  assert.equal(edge.speed(0.2, 0.04), 1.1);
  assert.equal(edge.speed(0.11, 0.04), 1.02);
  assert.equal(edge.speed(0.1, 0.04), 1);
  assert.equal(edge.speed(0.11, 0.04), 1);
});

test('whatIsTooNearFallsBackUntilThereIsRoom', () => {
  const edge = new LiveEdge(0.1, false);

  assert.ok(edge.speed(0.04, 0.04) < 1);
  assert.ok(edge.speed(0.07, 0.04) < 1);
  assert.equal(edge.speed(0.085, 0.04), 1);
  assert.equal(edge.speed(0.07, 0.04), 1);
});

test('itNeverCreeps', () => {
  assert.equal(new LiveEdge(0.1, false).speed(0.0, 0.04), 0.92);
  assert.equal(new LiveEdge(0.5, false).speed(0.0, 0.04), 0.9);
});

test('whatIsFarBehindIsJumpedOver', () => {
  assert.equal(new LiveEdge(0.1, false).speed(1.01, 0.04), NaN);
  assert.equal(new LiveEdge(0.5, false).speed(1.4, 0.04), 1.25);
});

test('whoWishesForADistanceGetsIt', () => {
  assert.equal(new LiveEdge(0.05, true).target(0.2), 0.05);
  assert.equal(Math.round(1000 * new LiveEdge(0.05, false).target(0.2)), 235);
});
