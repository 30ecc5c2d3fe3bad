// @ts-check
import { ways } from './ways.js';

/** @typedef {import('./way.js').Way} Way */

/** One way of playing, from when it is begun until it is left. */
export class Attempt {
  /** @type {Way} */
  way;
  name;
  /** Why it was begun. */
  reason;
  /** What it was begun with, to see whether it still is what is wished for. */
  wish;
  /** For how many pixels across it was begun, 0 if that did not matter. */
  width;
  /** Whether it is tried beside one that plays, which it has to outdo. */
  isBeside;
  /** Whether it has played for a while. */
  isSteady = false;
  /** Whether frames were left out since its last one: nothing to do with the link if no other follows. */
  isLapped = false;
  /** Since when it is on screen; NaN before. */
  shownAt = NaN;
  /** Of whoever waits for something of it. */
  timer = 0;
  #begunAt = performance.now();
  #lastFrameAt = NaN;
  /** The same by the server's clock; NaN if that is not known. */
  #lastFrameServerMillis = NaN;

  /**
   * @param {string} name
   * @param {string} reason
   * @param {string} wish
   * @param {boolean} isBeside
   * @param {import('./way.js').WayOptions} options
   */
  constructor(name, reason, wish, isBeside, options) {
    this.name = name;
    this.reason = reason;
    this.wish = wish;
    this.isBeside = isBeside;
    this.width = options.width;
    this.way = new ways[name].Way(options);
  }

  /** Whether it has given a frame. */
  get hasPainted() {
    return !Number.isNaN(this.#lastFrameAt);
  }

  get isShown() {
    return !Number.isNaN(this.shownAt);
  }

  get ageMillis() {
    return performance.now() - this.#begunAt;
  }

  /** For how long it has shown the same picture; 0 if it does not tell. */
  get stoodMillis() {
    return ways[this.name].tellsFrames && this.hasPainted ? performance.now() - this.#lastFrameAt : 0;
  }

  /** When its picture was captured, or at least painted, by the server's clock; NaN if not known. */
  get shownMillis() {
    const { captureMillis } = this.way.stats();
    return Number.isNaN(captureMillis) ? this.#lastFrameServerMillis : captureMillis;
  }

  /**
   * It has painted a frame.
   *
   * @param {number} serverMillis the server's time now, NaN if that is not known
   * @returns {boolean} whether it is the first
   */
  painted(serverMillis) {
    const isFirst = !this.hasPainted;
    this.#lastFrameAt = performance.now();
    this.#lastFrameServerMillis = serverMillis;
    return isFirst;
  }
}
