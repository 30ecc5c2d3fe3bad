// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { Playout } from '../../main/webapp/player/playout.js';

const frameMillis = 24;
const lead = 20;

/** Sound that comes a frame at a time, each so long after its moment; the stream's clock is ours. */
class Sound {
  playout = new Playout();
  #pts = 1_000_000;

  /**
   * @param {number} millis for so long
   * @param {number} delay from a frame's moment until it comes
   */
  come(millis, delay) {
    for (const end = this.#pts + millis; this.#pts < end; this.#pts += frameMillis) {
      this.playout.soundCame(this.#pts, this.#pts + delay, lead);
    }
  }

  /** Of a picture of the newest moment: how long after it it is due. */
  get behind() {
    return this.playout.due(this.#pts, this.#pts) - this.#pts;
  }
}

test('nothingIsDueWithoutSound', () => {
  const sound = new Sound();

  assert.equal(sound.behind, NaN);
  sound.come(300, 40);
  assert.equal(sound.behind, NaN, 'not yet');
});

test('pictureIsDueWhenItsSoundCanBeHeard', () => {
  const sound = new Sound();

  sound.come(1_000, 40);

  assert.equal(sound.behind, 40 + lead);
});

test('oldSoundThatComesFirstIsNotWaitedFor', () => {
  const sound = new Sound();
  for (let pts = 998_000; pts < 1_000_000; pts += frameMillis) {
    sound.playout.soundCame(pts, 1_000_000, lead);
  }

  sound.come(1_000, 40);

  assert.equal(sound.behind, 40 + lead);
});

test('soundThatComesLaterIsWaitedForAtOnceAndLessAndLessAfterwards', () => {
  const sound = new Sound();
  sound.come(1_000, 40);

  sound.come(frameMillis, 100);
  assert.equal(sound.behind, 100 + lead);
  sound.come(4_000, 40);
  assert.ok(sound.behind < 105 + lead - 20 && sound.behind > 95 + lead - 20, `${sound.behind}`);
  sound.come(30_000, 40);
  assert.equal(sound.behind, 40 + lead);
});

test('whatIsHeldUpForLongIsNotWaitedFor', () => {
  const sound = new Sound();
  sound.come(1_000, 40);

  sound.come(500, 400);

  assert.ok(sound.behind <= 40 + lead, `${sound.behind}`);
});

test('anotherClockIsFollowedAfterAWhile', () => {
  const sound = new Sound();
  sound.come(1_000, 40);

  sound.come(3_000, -95_000_000);

  assert.equal(sound.behind, -95_000_000 + lead);
});
