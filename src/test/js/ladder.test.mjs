// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { Ladder, namesOf } from '../../main/webapp/player/ladder.js';

const names = ['one', 'two', 'three'];
let now = 0;

function ladder() {
  now = 1_000_000;
  return new Ladder(names, () => now);
}

test('firstIsBestUntilItIsLeft', () => {
  const rungs = ladder();

  assert.equal(rungs.best, 'one');
  rungs.left('one', 'no-frame');
  assert.equal(rungs.best, 'two');
  assert.equal(rungs.otherThan('two'), 'three');
});

test('restsGetLongerUpToTenMinutes', () => {
  const rungs = ladder();
  const rests = [];

  for (let i = 0; i < 7; i++) {
    rungs.left('one', 'stalled');
    rests.push(rungs.restMillis('one') / 1000);
    now += rungs.restMillis('one');
    assert.equal(rungs.best, 'one');
  }

  assert.deepEqual(rests, [30, 60, 120, 240, 480, 600, 600]);
});

test('betterIsAboveAndAwake', () => {
  const rungs = ladder();
  rungs.left('one', 'no-frame');

  assert.equal(rungs.better('two'), '');
  assert.equal(rungs.better('three'), 'two');
  now += 29_999;
  assert.equal(rungs.better('two'), '');
  now += 1;
  assert.equal(rungs.better('two'), 'one');
  assert.equal(rungs.better('one'), '');
});

test('unsupportedIsForGood', () => {
  const rungs = ladder();
  rungs.left('one', 'unsupported');
  rungs.left('two', 'denied');
  now += 1e12;

  assert.equal(rungs.best, 'three');
  rungs.steady('one');
  assert.equal(rungs.has('one'), false);
  rungs.left('three', 'unsupported');
  assert.equal(rungs.best, '');
  assert.equal(rungs.otherThan('three'), '');
});

test('ofThoseThatRestTheShortestRestIsBest', () => {
  const rungs = ladder();
  rungs.left('one', 'no-frame');
  rungs.left('one', 'no-frame');
  rungs.left('three', 'no-frame');
  now += 5_000;
  rungs.left('two', 'no-frame');

  assert.equal(rungs.best, 'three');
  assert.equal(rungs.restMillis('three'), 25_000);
});

test('lostIsNoReasonToRest', () => {
  const rungs = ladder();
  rungs.left('one', 'lost');

  assert.equal(rungs.best, 'one');
});

test('steadyWayRestsShortAgain', () => {
  const rungs = ladder();
  rungs.left('one', 'stalled');
  rungs.left('one', 'stalled');
  rungs.steady('one');

  assert.equal(rungs.best, 'one');
  rungs.left('one', 'stalled');
  assert.equal(rungs.restMillis('one'), 30_000);
});

test('anotherOrderKeepsRests', () => {
  const rungs = ladder();
  rungs.left('three', 'no-frame');
  rungs.reorder(['three', 'two']);

  assert.equal(rungs.best, 'two');
  assert.equal(rungs.better('one'), 'two');
  assert.equal(rungs.has('one'), false);
});

test('pagesNameWaysAndFormats', () => {
  const ways = { webcodecs: { format: 'fmp4' }, mse: { format: 'fmp4' }, gif: { format: 'gif' }, stills: { format: '' } };

  assert.deepEqual(namesOf('', ways), Object.keys(ways));
  assert.deepEqual(namesOf('fmp4', ways), ['webcodecs', 'mse']);
  assert.deepEqual(namesOf(' gif  mse\nfmp4 ', ways), ['gif', 'mse', 'webcodecs']);
  assert.deepEqual(namesOf('stills', ways), ['stills']);
  assert.deepEqual(namesOf('flash constructor', ways), Object.keys(ways));
});
