// @ts-check

const lapsAllowed = 2;
const lapMillis = 10_000;
const easeMillis = 60_000;
const minShare = 1 / 8;

/**
 * How many pixels are asked for: half as many across whenever frames were skipped three times
 * within ten seconds, all again after a minute in which none was.
 */
export class Detail {
  #now;
  #share = 1;
  /** @type {number[]} when frames were skipped, within the last ten seconds */
  #laps = [];
  #lastLapAt = -Infinity;

  /** @param {() => number} now milliseconds that never go back */
  constructor(now) {
    this.#now = now;
  }

  /** @param {number} width in pixels, of what the picture is shown in */
  of(width) {
    return Math.ceil(width * this.#share);
  }

  /** Frames were skipped. @returns {boolean} whether to ask for less from now on */
  lapped() {
    const now = this.#now();
    this.#lastLapAt = now;
    this.#laps = [...this.#laps.filter((at) => now - at < lapMillis), now];
    if (this.#laps.length <= lapsAllowed || this.#share <= minShare) {
      return false;
    }
    this.#laps = [];
    this.#share /= 2;
    return true;
  }

  /** @returns {boolean} whether all has gone well for so long that it may be more again */
  eased() {
    if (this.#share === 1 || this.#now() - this.#lastLapAt < easeMillis) {
      return false;
    }
    this.#share = 1;
    return true;
  }
}
