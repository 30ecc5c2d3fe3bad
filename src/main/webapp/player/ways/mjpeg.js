// @ts-check
import { EndlessImages } from '../endless-images.js';
import { Trouble, streamUrl } from '../way.js';

/** @typedef {import('../way.js').Way} Way */

const lookMillis = 1_000;
/** A picture that stays the same for so long, in looks, may be that of a dead connection. */
const firstPatience = 5;
const maxPatience = 30;
const sampleWidth = 32;
const sampleHeight = 18;

/**
 * Multipart JPEG in an image element: no decoder to fill, so nearly as quick as WebCodecs.
 *
 * Browsers do not tell when its connection ends, the last picture just stays. So it is looked at
 * once a second, small, and when it has not changed for a while, a new image relieves it.
 *
 * @implements {Way}
 */
export class MjpegWay {
  static isSupported() {
    return true;
  }

  element;
  #options;
  #images;
  #isStopped = false;
  #lookTimer = 0;
  #sampler = Object.assign(document.createElement('canvas'), { width: sampleWidth, height: sampleHeight })
      .getContext('2d', { willReadFrequently: true });
  /** @type {Uint32Array} what was seen last */
  #seen = new Uint32Array(0);
  #unchangedLooks = 0;
  #patience = firstPatience;
  #loadsOfImage = 0;
  #stats = { label: 'JPEG image', width: 0, height: 0, frames: NaN, captureMillis: NaN, hasSound: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
    const { src, rendition } = options;
    this.#images = new EndlessImages(streamUrl(src, '.mjpeg', { rendition }), {
      onpicture: () => this.#show(),
      onload: () => this.#countLoad(),
      onerror: () => this.#fail(new Trouble('unavailable', 'the MJPEG gave no picture')),
    });
    this.element = this.#images.element;
  }

  start() {
    this.#images.roll();
    this.#lookTimer = setInterval(() => this.#look(), lookMillis);
  }

  stop() {
    this.#isStopped = true;
    clearInterval(this.#lookTimer);
    this.#images.stop();
  }

  stats() {
    return this.#stats;
  }

  #show() {
    this.#stats.width = this.#images.shown?.naturalWidth ?? 0;
    this.#stats.height = this.#images.shown?.naturalHeight ?? 0;
    this.#options.onframe();
  }

  /** Some browsers tell of each part, others of the first one only. */
  #countLoad() {
    this.#loadsOfImage++;
    if (this.#loadsOfImage > 1) {
      this.#stats.frames = (this.#stats.frames || 0) + 1;
      this.#options.onframe();
    }
  }

  #look() {
    const image = this.#images.shown;
    if (!image || !this.#sampler) {
      return;
    }
    this.#sampler.drawImage(image, 0, 0, sampleWidth, sampleHeight);
    const seen = new Uint32Array(this.#sampler.getImageData(0, 0, sampleWidth, sampleHeight).data.buffer);
    if (seen.some((pixel, i) => pixel !== this.#seen[i])) {
      this.#seen = seen;
      this.#unchangedLooks = 0;
      this.#patience = firstPatience;
      return;
    }
    this.#unchangedLooks++;
    if (this.#unchangedLooks >= this.#patience) {
      this.#unchangedLooks = 0;
      this.#patience = Math.min(maxPatience, 2 * this.#patience); // it may be a still life
      this.#loadsOfImage = 0;
      this.#images.roll();
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
