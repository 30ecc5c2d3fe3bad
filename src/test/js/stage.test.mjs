// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { Stage } from '../../main/webapp/player/stage.js';

/** An attempt whose way has painted so many frames. */
function attempt(isBeside = false) {
  const made = { isBeside, frames: 0, stoodMillis: 0, shownAt: NaN, timer: 0, hasPainted: false, way: { stats: () => ({ frames: made.frames }) } };
  return made;
}

/** A stage, and what is seen and told of it. */
function theatre() {
  /** @type {any[]} */
  const there = [];
  /** @type {any[]} */
  const told = [];
  /** @type {any} */
  const screen = {
    add: (/** @type {any} */ way) => there.push(way),
    reveal: () => {},
    remove: (/** @type {any} */ way) => there.splice(there.indexOf(way), 1),
  };
  const stage = new Stage(screen, {
    onshown: (shown, from) => told.push(['shown', shown, from]),
    onfrozen: (frozen) => told.push(['frozen', frozen]),
  });
  /** @param {any} made */
  const paint = (made) => {
    made.frames++;
    made.hasPainted = true;
    stage.painted(made);
  };
  return { stage, paint, there, told };
}

test('whatHasPaintedIsShownInThePlaceOfWhatWas', () => {
  const { stage, paint, there, told } = theatre();
  const [first, second] = [attempt(), attempt()];
  stage.open(/** @type {any} */ (first));
  paint(first);
  stage.open(/** @type {any} */ (second));
  assert.equal(stage.shown, first);
  assert.deepEqual(there, [first.way, second.way]);

  paint(second);

  assert.equal(stage.shown, second);
  assert.equal(stage.opening, null);
  assert.deepEqual(there, [second.way]);
  assert.deepEqual(told, [['shown', first, null], ['shown', second, first]]);
});

test('onlyTheNewestIsToFollow', () => {
  const { stage, paint, there } = theatre();
  const [first, second] = [attempt(), attempt()];
  stage.open(/** @type {any} */ (first));
  stage.open(/** @type {any} */ (second));

  paint(first);

  assert.equal(stage.shown, null);
  assert.deepEqual(there, [second.way]);
});

test('whatIsTriedBesideAnotherHasToGoOnForASecond', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { stage, paint } = theatre();
  const [first, better] = [attempt(), attempt(true)];
  stage.open(/** @type {any} */ (first));
  paint(first);
  stage.open(/** @type {any} */ (better));
  paint(better);
  context.mock.timers.tick(2_000);
  assert.equal(stage.shown, first, 'it stands');

  paint(better);
  context.mock.timers.tick(1_000);

  assert.equal(stage.shown, better);
});

test('whatStandsBesideAnotherIsGivenUp', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { stage, paint, told } = theatre();
  const [first, better] = [attempt(), attempt(true)];
  stage.open(/** @type {any} */ (first));
  paint(first);
  stage.open(/** @type {any} */ (better));
  paint(better);

  better.stoodMillis = 5_001;
  context.mock.timers.tick(1_000);

  assert.equal(stage.opening, null);
  assert.deepEqual(told.at(-1), ['frozen', better]);
});

test('whatIsNeededNowIsShownAsSoonAsItHasPainted', () => {
  const { stage, paint } = theatre();
  const [painted, fresh] = [attempt(true), attempt(true)];
  stage.open(/** @type {any} */ (painted));
  paint(painted);
  stage.hasten();
  assert.equal(stage.shown, painted);

  stage.open(/** @type {any} */ (fresh));
  stage.hasten();
  assert.equal(stage.shown, painted);
  paint(fresh);

  assert.equal(stage.shown, fresh);
});

test('whatLeavesTheStageIsGone', () => {
  const { stage, paint, there } = theatre();
  const first = attempt();
  stage.open(/** @type {any} */ (first));
  paint(first);

  assert.equal(stage.leave(), first);
  assert.equal(stage.leave(), null);
  assert.deepEqual(there, []);
});
