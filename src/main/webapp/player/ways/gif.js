// @ts-check
import { EndlessImages } from '../endless-images.js';
import { Trouble, streamUrl } from '../way.js';

/** @typedef {import('../way.js').Way} Way */

/** Browsers keep every frame of an endless GIF: a new image now and then holds memory flat. */
const rollMillis = 30_000;

/**
 * Endless animated GIF: plays wherever there are images. Browsers tell nothing about its frames.
 *
 * @implements {Way}
 */
export class GifWay {
  static isSupported() {
    return true;
  }

  element;
  #options;
  #images;
  #isStopped = false;
  #rollTimer = 0;
  #stats = { label: 'GIF image', width: 0, height: 0, frames: NaN, captureMillis: NaN, hasSound: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
    const { src, rendition } = options;
    this.#images = new EndlessImages(streamUrl(src, '.gif', { rendition }), {
      onpicture: () => this.#show(),
      onend: () => this.#fail(new Trouble('lost', 'the endless GIF ended')),
      onrefused: () => this.#refused(),
    });
    this.element = this.#images.element;
  }

  start() {
    this.#images.roll();
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#rollTimer);
    this.#images.stop();
  }

  stats() {
    return this.#stats;
  }

  #show() {
    this.#stats.width = this.#images.shown?.naturalWidth ?? 0;
    this.#stats.height = this.#images.shown?.naturalHeight ?? 0;
    this.#rollLater();
    this.#options.onframe();
  }

  #rollLater() {
    this.#rollTimer = setTimeout(() => this.#images.roll(), rollMillis);
  }

  /** A relief that is refused, by a full server for one, need not end what still plays. */
  #refused() {
    if (this.#images.shown) {
      this.#rollLater();
    } else {
      this.#fail(new Trouble('unavailable', 'the GIF gave no picture'));
    }
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (!this.#isStopped) {
      this.#options.onerror(trouble);
      this.stop();
    }
  }
}
