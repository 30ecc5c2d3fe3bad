// @ts-check

/** From the first sound on, what comes is listened to for so long before anything is due. */
const settlingMillis = 400;
/** Sound so much later than usual is left out, not waited for: it was held up, or is old. */
const patienceMillis = 250;
/** Where sound is that late for so long, that is how it comes now. */
const strayingMillis = 1_000;
/** What was waited for is waited for less and less, in milliseconds a second. */
const easingPerSecond = 5;

/**
 * When picture and sound of one stream are due, so that they are in step: as soon as the sound
 * allows, which has come through an encoder of its own. A picture waits for the sound of its moment.
 * Milliseconds throughout, of the stream's clock and of a clock that never goes back.
 */
export class Playout {
  /** What is due at a moment of the stream's clock is due so much later on ours; NaN while unknown. */
  #offset = NaN;
  #settledAt = Infinity;
  #notedAt = NaN;
  /** Since when all sound has been far from where it was expected; NaN while it is not. */
  #strayingSince = NaN;

  /**
   * Sound has come.
   *
   * @param {number} pts of its beginning
   * @param {number} now
   * @param {number} lead how long it takes from here until it is heard, at least
   */
  soundCame(pts, now, lead) {
    const needed = now + lead - pts;
    if (Number.isNaN(this.#offset)) {
      this.#settle(needed, now);
    } else if (now < this.#settledAt) {
      this.#offset = Math.min(this.#offset, needed); // what comes first may be old: since the last key frame
    } else if (Math.abs(needed - this.#offset) > patienceMillis) {
      this.#stray(needed, now);
      return;
    } else {
      const eased = this.#offset - (easingPerSecond * (now - this.#notedAt)) / 1000;
      this.#offset = Math.max(needed, eased);
    }
    this.#strayingSince = NaN;
    this.#notedAt = now;
  }

  /**
   * @param {number} pts
   * @param {number} now
   * @returns {number} when that is due; NaN while there is no sound to be in step with
   */
  due(pts, now) {
    return now < this.#settledAt ? NaN : pts + this.#offset;
  }

  /**
   * @param {number} needed
   * @param {number} now
   */
  #settle(needed, now) {
    this.#offset = needed;
    this.#settledAt = now + settlingMillis;
  }

  /**
   * @param {number} needed
   * @param {number} now
   */
  #stray(needed, now) {
    if (Number.isNaN(this.#strayingSince)) {
      this.#strayingSince = now;
    } else if (now - this.#strayingSince > strayingMillis) {
      this.#strayingSince = NaN;
      this.#settle(needed, now);
      this.#notedAt = now;
    }
  }
}
