// @ts-check

/** A frame has to be there so long before it is shown, in seconds: where it is not, it may be dropped. */
const leastSlack = 0.02;
/** Frames that are rare are waited for so much longer than from one to the next, in seconds. */
const usualSlack = 0.035;
/** So much beyond what is wished for it is too far behind. */
const tolerance = 1.2;
/** The least by which the speed changes, or it would take for ever. */
const leastChange = 0.02;
const fastest = 1.25;
const slowest = 0.9;
/** Farther behind, in seconds, it is left to jump. */
const farthest = 1;

/**
 * How fast to play so as to stay near the newest picture, but not so near that a frame is late: once
 * too far or too near, until that is well mended. Distances are seconds from the picture on screen
 * to the end of what has come, just after something has; the last frame lasts until that end.
 */
export class LiveEdge {
  #wished;
  #isExact;
  #isCatchingUp = false;
  #isFallingBack = false;

  /**
   * @param {number} wished how far behind
   * @param {boolean} isExact also where frames are so rare that they will be late
   */
  constructor(wished, isExact) {
    this.#wished = wished;
    this.#isExact = isExact;
  }

  /** @param {number} frameSeconds from one frame to the next @returns {number} how far behind to be */
  target(frameSeconds) {
    return this.#isExact ? this.#wished : Math.max(this.#wished, frameSeconds + usualSlack);
  }

  /**
   * @param {number} gap
   * @param {number} frameSeconds
   * @returns {number} 1 for the usual speed, NaN where a jump to the target does it
   */
  speed(gap, frameSeconds) {
    const target = this.target(frameSeconds);
    const nearest = Math.min(target, Math.max(target / 2, frameSeconds + leastSlack));
    const enough = Math.min(target, nearest + leastSlack);
    if (gap > Math.max(farthest, 3 * target)) {
      return NaN;
    }
    this.#isCatchingUp = gap > (this.#isCatchingUp ? 1 : tolerance) * target;
    this.#isFallingBack = gap < (this.#isFallingBack ? enough : nearest);
    if (this.#isCatchingUp) {
      return Math.min(fastest, 1 + Math.max(leastChange, gap - target));
    }
    if (this.#isFallingBack) {
      return Math.max(slowest, 1 - Math.max(leastChange, enough - gap));
    }
    return 1;
  }
}
