// @ts-check
import { MultipartReader } from '../multipart.js';
import { inSentence } from '../sources.js';
import { Trouble, streamUrl } from '../way.js';

/** @typedef {import('../way.js').Way} Way */
/** @typedef {import('../multipart.js').Part} Part */

/**
 * Multipart JPEG, read part by part and drawn onto a canvas: no decoder to fill, so nearly as quick
 * as WebCodecs, on plain http too. Unlike an image element this sees each picture's time and the
 * end of the connection, which browsers hide: there the last picture just stays.
 *
 * @implements {Way}
 */
export class MjpegWay {
  static isSupported() {
    return 'ReadableStream' in globalThis && 'createImageBitmap' in globalThis;
  }

  element = document.createElement('canvas');
  #options;
  #context = this.element.getContext('2d', { alpha: false });
  #connection = new AbortController();
  /** @type {Part | null} the newest picture, if it has not been decoded yet */
  #next = null;
  #isDecoding = false;
  #stats = { label: 'JPEG pictures', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
  }

  start() {
    this.#read();
  }

  stop() {
    this.#connection.abort();
  }

  stats() {
    return this.#stats;
  }

  async #read() {
    const { src, rendition } = this.#options;
    try {
      const response = await fetch(streamUrl(src, '.mjpeg', { rendition }), {
        headers: { Accept: 'multipart/x-mixed-replace' }, // parts with length and time
        cache: 'no-store',
        signal: this.#connection.signal,
      });
      if (response.status === 401 || response.status === 403) {
        this.#fail(new Trouble('denied', `MJPEG: status ${response.status}`, inSentence((await response.text()).trim())));
        return;
      }
      if (!response.ok || !response.body) {
        this.#fail(new Trouble(response.status === 404 ? 'no-such-source' : 'unavailable', `MJPEG: status ${response.status}`));
        return;
      }
      const parts = new MultipartReader((part) => this.#take(part));
      const reader = response.body.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        parts.push(chunk.value);
      }
      this.#fail(new Trouble('lost', 'the endless MJPEG ended'));
    } catch (error) {
      this.#fail(new Trouble('lost', `MJPEG: ${error}`)); // stop() comes here, too, and is no trouble
    }
  }

  /** @param {Part} part */
  #take(part) {
    this.#next = part; // one that waits there is too late
    if (!this.#isDecoding) {
      this.#paintWhatComes();
    }
  }

  async #paintWhatComes() {
    this.#isDecoding = true;
    while (this.#next && !this.#connection.signal.aborted) {
      const { body, captureMillis } = this.#next;
      this.#next = null;
      try {
        this.#paint(await createImageBitmap(new Blob([body], { type: 'image/jpeg' })), captureMillis);
      } catch (error) {
        console.info(`zoetrope-player: a picture that cannot be decoded: ${error}`); // the next one may
      }
    }
    this.#isDecoding = false;
  }

  /**
   * @param {ImageBitmap} picture
   * @param {number} captureMillis
   */
  #paint(picture, captureMillis) {
    const { width, height } = picture;
    if (!this.#connection.signal.aborted) {
      if (this.element.width !== width || this.element.height !== height) {
        this.element.width = width;
        this.element.height = height;
      }
      this.#context?.drawImage(picture, 0, 0);
      this.#stats.width = width;
      this.#stats.height = height;
      this.#stats.frames++;
      this.#stats.captureMillis = captureMillis;
      this.#options.onframe();
    }
    picture.close();
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (!this.#connection.signal.aborted) {
      this.stop();
      this.#options.onerror(trouble);
    }
  }
}
