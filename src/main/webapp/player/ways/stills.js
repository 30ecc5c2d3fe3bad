// @ts-check
import { Still } from '../still.js';
import { Trouble } from '../way.js';

/** @typedef {import('../way.js').Way} Way */

const periodMillis = 3_000;
/** So many stills in a row that did not come are the end; before the first one, one is. */
const maxMisses = 4;

/**
 * A new still every few seconds: what is left where nothing plays.
 *
 * @implements {Way}
 */
export class StillsWay {
  static isSupported() {
    return true;
  }

  element = document.createElement('canvas');
  #options;
  #context = this.element.getContext('2d', { alpha: false });
  #still;
  #misses = 0;
  #isStopped = false;
  #stats = { label: 'Stills', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
    this.#still = new Still(options.src, {
      onpicture: (picture, captureMillis) => this.#paint(picture, captureMillis),
      ondenied: (words) => this.#fail(new Trouble('denied', 'the still was refused', words)),
      onmissing: (trouble) => this.#missed(trouble),
    });
  }

  start() {
    this.#still.refresh();
    this.#still.every(periodMillis);
  }

  stop() {
    this.#isStopped = true;
    this.#still.stop();
  }

  stats() {
    return this.#stats;
  }

  /**
   * @param {ImageBitmap} picture
   * @param {number} captureMillis
   */
  #paint(picture, captureMillis) {
    this.element.width = picture.width;
    this.element.height = picture.height;
    this.#context?.drawImage(picture, 0, 0);
    this.#misses = 0;
    this.#stats.width = picture.width;
    this.#stats.height = picture.height;
    this.#stats.frames++;
    this.#stats.captureMillis = captureMillis;
    this.#options.onframe();
  }

  /** @param {Trouble} trouble */
  #missed(trouble) {
    this.#misses++;
    if (!trouble.isPassing || this.#stats.frames === 0 || this.#misses === maxMisses) {
      this.#fail(trouble);
    }
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (!this.#isStopped) {
      this.stop();
      this.#options.onerror(trouble);
    }
  }
}
