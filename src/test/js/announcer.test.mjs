// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { Announcer } from '../../main/webapp/player/announcer.js';

/** A live region that remembers. */
class Region {
  /** @type {string[]} */
  said = [];

  set textContent(words) {
    this.said.push(words);
  }
}

test('ofManyMessagesTheFirstIsSaidAtOnceAndThenOnlyTheNewest', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const region = new Region();
  const announcer = new Announcer(region);

  announcer.say('one');
  announcer.say('two');
  announcer.say('three');
  t.mock.timers.tick(2_999);
  assert.deepEqual(region.said, ['one']);
  t.mock.timers.tick(1);

  assert.deepEqual(region.said, ['one', 'three']);
});

test('messageThatWaitedOpensAnotherThreeSeconds', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const region = new Region();
  const announcer = new Announcer(region);
  announcer.say('one');
  announcer.say('two');
  t.mock.timers.tick(3_000);

  announcer.say('three');
  t.mock.timers.tick(2_999);
  assert.deepEqual(region.said, ['one', 'two']);
  t.mock.timers.tick(1);

  assert.deepEqual(region.said, ['one', 'two', 'three']);
});

test('afterThreeSilentSecondsTheNextIsSaidAtOnceEvenTheSameAgain', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const region = new Region();
  const announcer = new Announcer(region);
  announcer.say('one');
  t.mock.timers.tick(3_000);

  announcer.say('one');

  assert.deepEqual(region.said, ['one', 'one']);
});

test('whatHasBeenSaidIsNotRepeatedByWaiting', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const region = new Region();
  const announcer = new Announcer(region);
  announcer.say('one');
  announcer.say('two');

  announcer.say('one');
  t.mock.timers.tick(6_000);

  assert.deepEqual(region.said, ['one']);
});

test('closedItIsSilent', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const region = new Region();
  const announcer = new Announcer(region);
  announcer.say('one');
  announcer.say('two');

  announcer.close();
  t.mock.timers.tick(6_000);

  assert.deepEqual(region.said, ['one']);
});
