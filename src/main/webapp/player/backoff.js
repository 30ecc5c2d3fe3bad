// @ts-check

const firstMillis = 1_000;
const maxMillis = 30_000;
/** Thousands may have lost their connection at the same moment: they come back over so long. */
const spreadMillis = 5_000;
/** The server has said that the stream goes on at once. */
const restartMillis = 300;

/** How long to wait before the next attempt, as docs/PROTOCOL.md asks: ever longer, never exact. */
export class Backoff {
  #attempt = 0;
  #random;

  /** @param {() => number} [random] from 0 to 1 */
  constructor(random = Math.random) {
    this.#random = random;
  }

  /**
   * @param {string} reason of a {@link import('./way.js').Trouble}
   * @param {number} [awayMillis] of the same
   * @returns {number} milliseconds
   */
  next(reason, awayMillis = 0) {
    return awayMillis + this.#own(reason);
  }

  /** @param {string} reason */
  #own(reason) {
    const attempt = this.#attempt++;
    if (attempt === 0 && (reason === 'lost' || reason === 'stopping')) {
      return this.#random() * spreadMillis;
    }
    if (attempt === 0 && reason === 'restarting') {
      return this.#random() * restartMillis;
    }
    const millis = Math.min(maxMillis, firstMillis * 2 ** attempt);
    return millis * (0.5 + this.#random() / 2);
  }

  reset() {
    this.#attempt = 0;
  }
}
