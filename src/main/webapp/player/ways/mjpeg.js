// @ts-check
import { LiveStream } from '../live-stream.js';

/** @typedef {import('../live-stream.js').Piece} Piece */
/** @typedef {import('../way.js').Trouble} Trouble */
/** @typedef {import('../way.js').Way} Way */

/**
 * JPEG pictures drawn onto a canvas: no decoder to fill, so nearly as quick as WebCodecs, on plain
 * http too, and without WebSockets if need be.
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
  /** @type {LiveStream | null} */
  #stream = null;
  /** @type {{jpeg: ArrayBuffer, piece: Piece} | null} the newest picture, if it has not been decoded yet */
  #next = null;
  #isDecoding = false;
  #stats = { label: 'JPEG pictures', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false, isCard: false, dropped: 0 };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
  }

  start() {
    const { src, rendition, width, onlapped } = this.#options;
    this.#stream = new LiveStream({ src, format: 'mjpeg', tracks: 'video', rendition, width }, {
      onbinary: (jpeg, piece) => this.#take(jpeg, piece),
      onlapped,
      onend: (trouble) => this.#fail(trouble),
    });
  }

  stop() {
    this.#stream?.close();
    this.#stream = null;
  }

  stats() {
    return { ...this.#stats, rendition: this.#stream?.rendition, lapped: this.#stream?.lapped };
  }

  /**
   * @param {ArrayBuffer} jpeg
   * @param {Piece} piece
   */
  #take(jpeg, piece) {
    this.#stats.dropped += this.#next ? 1 : 0; // one that waits there is too late
    this.#next = { jpeg, piece };
    if (!this.#isDecoding) {
      this.#paintWhatComes();
    }
  }

  async #paintWhatComes() {
    this.#isDecoding = true;
    while (this.#next && this.#stream) {
      const { jpeg, piece } = this.#next;
      this.#next = null;
      try {
        this.#paint(await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })), piece);
      } catch (error) {
        console.info(`zoetrope-player: a picture that cannot be decoded: ${error}`); // the next one may
      }
    }
    this.#isDecoding = false;
  }

  /**
   * @param {ImageBitmap} picture
   * @param {Piece} piece
   */
  #paint(picture, piece) {
    const { width, height } = picture;
    if (this.#stream) {
      if (this.element.width !== width || this.element.height !== height) {
        this.element.width = width;
        this.element.height = height;
      }
      this.#context?.drawImage(picture, 0, 0);
      this.#stats.width = width;
      this.#stats.height = height;
      this.#stats.frames++;
      this.#stats.captureMillis = piece.captureMillis;
      this.#stats.isCard = piece.isCard;
      this.#stream.shown(piece.sequence);
      this.#options.onframe();
    }
    picture.close();
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (this.#stream) {
      this.stop();
      this.#options.onerror(trouble);
    }
  }
}
