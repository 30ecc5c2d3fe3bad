// @ts-check
import { LiveLinks } from './live-links.js';
import { LivePictures } from './live-pictures.js';
import { LiveSocket } from './live-socket.js';
import { idOf, linkOf } from './sources.js';
import { Trouble, streamUrl } from './way.js';

/**
 * @typedef {object} Piece what is known of the bytes of one message
 * @property {boolean} isSound whether they are known to be of sound
 * @property {boolean} isCard whether they are known to show a card
 * @property {number} sequence for {@link LiveStream.shown}
 * @property {number} captureMillis server's clock, unix milliseconds; NaN if the message does not tell
 *
 * @typedef {object} StreamWish
 * @property {string} src address of the source, without an ending, perhaps with a share link
 * @property {'fmp4' | 'mpeg1' | 'mjpeg'} format
 * @property {'video' | 'both'} tracks
 * @property {string} rendition empty for the usual one
 * @property {number} width for about so many pixels across, 0 if that does not matter; not together
 *     with a rendition
 *
 * @typedef {object} StreamListeners
 * @property {(mime: string) => void} [oninit] a run begins; of fMP4 its init segment follows
 * @property {(bytes: ArrayBuffer, piece: Piece) => void} onbinary
 * @property {() => void} onlapped frames were left out
 * @property {(trouble: Trouble) => void} onend once, not after close()
 */

/** @type {Piece} of a connection that tells no more */
const untold = Object.freeze({ isSound: false, isCard: false, sequence: 0, captureMillis: NaN });

/**
 * The bytes of one source in one format: over the page's link to the server, where there is one, else
 * by a connection of its own. Connects at once.
 */
export class LiveStream {
  /** Name of the rendition that comes, empty while unknown. */
  rendition;
  /** How often frames were left out. */
  lapped = 0;
  #wish;
  #listeners;
  #links;
  /** @type {{close: () => void} | null} what there is to close */
  #connection = null;
  /** @type {import('./live-link.js').LiveSubscription | null} */
  #subscription = null;
  #isAdmitted = false;
  #mayRenew = true;
  /** Whether the next fragment is the first of a run, which begins in any case. */
  #isBeginning = true;

  /**
   * @param {StreamWish} wish
   * @param {StreamListeners} listeners none is called before the constructor has returned
   */
  constructor(wish, listeners) {
    this.rendition = wish.rendition;
    this.#wish = wish;
    this.#listeners = listeners;
    this.#links = LiveLinks.of(wish.src);
    this.#connect();
  }

  /** @param {number} sequence of the piece that is on screen now */
  shown(sequence) {
    this.#subscription?.shown(sequence);
  }

  close() {
    this.#connection?.close();
    this.#connection = null;
    this.#subscription = null;
  }

  #connect() {
    const { waitMillis } = this.#links;
    if (this.#links.isWithout) {
      this.#connectAlone();
    } else if (waitMillis > 0) {
      const timer = setTimeout(() => this.#end(new Trouble('lost', 'the server is gone', '', waitMillis)));
      this.#connection = { close: () => clearTimeout(timer) };
    } else {
      this.#subscribe();
    }
  }

  #subscribe() {
    const { src, format, tracks, rendition, width } = this.#wish;
    const link = linkOf(src);
    const wish = {
      source: idOf(src),
      format,
      tracks,
      ...(rendition ? { rendition } : width > 0 && { width }),
      ...(link && { link }),
    };
    this.#subscription = this.#links.subscribe(wish, {
      onsubscribed: (name) => {
        this.#isAdmitted = true;
        this.rendition = name;
      },
      oninit: (mime) => {
        this.#isBeginning = true;
        this.#listeners.oninit?.(mime);
      },
      onbinary: (payload, tag) => this.#receive(payload, tag),
      onend: (trouble) => this.#subscriptionEnded(trouble),
    });
    this.#connection = this.#subscription;
  }

  /**
   * @param {ArrayBuffer} payload
   * @param {import('./tag.js').Tag} tag
   */
  #receive(payload, tag) {
    if (!tag.isSegment) {
      if (tag.isStart && !this.#isBeginning) {
        this.lapped++;
        this.#listeners.onlapped();
      }
      this.#isBeginning = false;
    }
    this.#listeners.onbinary(payload, tag);
  }

  /** @param {Trouble} trouble */
  #subscriptionEnded(trouble) {
    this.#subscription = null;
    if (this.#isAdmitted) {
      this.#end(trouble);
    } else if (this.#links.isWithout) {
      this.#connectAlone();
    } else if (trouble.reason === 'denied' && this.#mayRenew && this.#links.renew()) {
      this.#mayRenew = false;
      this.#subscribe();
    } else {
      this.#end(trouble);
    }
  }

  #connectAlone() {
    const { src, format, tracks, rendition } = this.#wish;
    let hasCome = false;
    const came = (/** @type {ArrayBuffer} */ bytes, /** @type {Piece} */ piece) => {
      hasCome = true;
      this.#listeners.onbinary(bytes, piece);
    };
    const onend = (/** @type {Trouble} */ trouble) => {
      if (!hasCome && trouble.reason === 'lost') {
        this.#links.forgive();
      }
      this.#end(trouble);
    };
    if (format === 'mjpeg') {
      this.#connection = new LivePictures(streamUrl(src, '.mjpeg', { rendition }), {
        onpicture: (jpeg, captureMillis) => came(jpeg.buffer, { ...untold, captureMillis }),
        onend,
      });
    } else {
      this.#connection = new LiveSocket(streamUrl(src, `/${format}`, format === 'fmp4' ? { tracks, rendition } : { rendition }), {
        ontext: (text) => this.#told(JSON.parse(text)),
        onbinary: (bytes) => came(bytes, untold),
        onend,
      });
    }
  }

  /** @param {any} message of docs/PROTOCOL.md, 3 */
  #told(message) {
    if (message.type === 'init') {
      this.#listeners.oninit?.(message.mime);
    }
  }

  /** @param {Trouble} trouble */
  #end(trouble) {
    this.#connection = null;
    this.#listeners.onend(trouble);
  }
}
