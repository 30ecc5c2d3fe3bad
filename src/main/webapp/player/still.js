// @ts-check
import { inSentence } from './sources.js';
import { Trouble, streamUrl } from './way.js';

/** The server answers within ten seconds; after so long nobody will. */
const patienceMillis = 12_000;

/**
 * The newest still of a source, loaded when asked, or again and again; one at a time. Read as data,
 * so that its time and the reason of a refusal are known, which an image element hides.
 */
export class Still {
  #src;
  #listeners;
  #periodMillis = 0;
  #timer = 0;
  /** @type {AbortController | null} */
  #loading = null;

  /**
   * @param {string} src address of the source, without an ending
   * @param {object} listeners
   * @param {(picture: ImageBitmap, captureMillis: number) => void} listeners.onpicture the picture is
   *     closed after the call; its time is the server's, NaN if it was not told
   * @param {(words: string) => void} [listeners.ondenied] why we may not see it, a sentence
   * @param {(trouble: Trouble) => void} [listeners.onmissing] there was none this time
   */
  constructor(src, listeners) {
    this.#src = src;
    this.#listeners = listeners;
  }

  /** Loads one now, unless one is just coming. */
  refresh() {
    if (!this.#loading) {
      clearTimeout(this.#timer);
      this.#load();
    }
  }

  /** @param {number} millis about so long from one still to the next; none is loaded at once */
  every(millis) {
    this.#periodMillis = millis;
    if (!this.#loading) {
      this.#schedule();
    }
  }

  /** Loads no more, until asked again. */
  stop() {
    this.#periodMillis = 0;
    clearTimeout(this.#timer);
    this.#loading?.abort();
    this.#loading = null;
  }

  /** Not to the millisecond: many players may have begun to wait at the same moment. */
  #schedule() {
    clearTimeout(this.#timer);
    if (this.#periodMillis > 0) {
      this.#timer = setTimeout(() => this.#load(), this.#periodMillis * (0.75 + Math.random() / 2));
    }
  }

  async #load() {
    const loading = new AbortController();
    this.#loading = loading;
    const patience = setTimeout(() => loading.abort(), patienceMillis);
    try {
      const response = await fetch(streamUrl(this.#src, '.jpg', { n: String(Date.now()) }), {
        headers: { Accept: 'image/jpeg, text/plain' }, // reasons in words
        cache: 'no-store',
        priority: 'high',
        signal: loading.signal,
      });
      await this.#read(response, loading);
    } catch (error) {
      if (this.#loading === loading) {
        this.#listeners.onmissing?.(new Trouble('lost', `still: ${error}`));
      } // else it was given up
    } finally {
      clearTimeout(patience);
      if (this.#loading === loading) {
        this.#loading = null;
        this.#schedule();
      }
    }
  }

  /**
   * @param {Response} response
   * @param {AbortController} loading
   */
  async #read(response, loading) {
    if (response.ok) {
      const captureMillis = Number(response.headers.get('X-Timestamp')) * 1000 || NaN;
      const picture = await createImageBitmap(await response.blob());
      if (this.#loading === loading) {
        this.#listeners.onpicture(picture, captureMillis);
      }
      picture.close();
      return;
    }
    const words = inSentence((await response.text()).trim());
    if (this.#loading !== loading) {
      return;
    }
    if (response.status === 401 || response.status === 403) {
      this.#listeners.ondenied?.(words);
    } else {
      const reason = response.status === 404 ? 'no-such-source' : 'unavailable';
      this.#listeners.onmissing?.(new Trouble(reason, `still: status ${response.status}`));
    }
  }
}
