// @ts-check
import { MultipartReader } from './multipart.js';
import { inSentence } from './sources.js';
import { Trouble } from './way.js';

/**
 * Multipart JPEG over HTTP, read part by part: unlike an image element this sees each picture's time
 * and the end of the connection, which browsers hide. Connects at once.
 */
export class LivePictures {
  #connection = new AbortController();
  #listeners;

  /**
   * @param {string} url
   * @param {object} listeners
   * @param {(jpeg: Uint8Array<ArrayBuffer>, captureMillis: number) => void} listeners.onpicture
   * @param {(trouble: Trouble) => void} listeners.onend not called after close()
   */
  constructor(url, listeners) {
    this.#listeners = listeners;
    this.#read(url);
  }

  close() {
    this.#connection.abort();
  }

  /** @param {string} url */
  async #read(url) {
    try {
      const response = await fetch(url, {
        headers: { Accept: 'multipart/x-mixed-replace' }, // parts with length and time
        cache: 'no-store',
        signal: this.#connection.signal,
      });
      if (response.status === 401 || response.status === 403) {
        this.#end(new Trouble('denied', `MJPEG: status ${response.status}`, inSentence((await response.text()).trim())));
        return;
      }
      if (!response.ok || !response.body) {
        this.#end(new Trouble(response.status === 404 ? 'no-such-source' : 'unavailable', `MJPEG: status ${response.status}`));
        return;
      }
      const parts = new MultipartReader(({ body, captureMillis }) => this.#listeners.onpicture(body, captureMillis));
      const reader = response.body.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        parts.push(chunk.value);
      }
      this.#end(new Trouble('lost', 'the endless MJPEG ended'));
    } catch (error) {
      this.#end(new Trouble('lost', `MJPEG: ${error}`)); // close() comes here, too, and is no trouble
    }
  }

  /** @param {Trouble} trouble */
  #end(trouble) {
    if (!this.#connection.signal.aborted) {
      this.#connection.abort();
      this.#listeners.onend(trouble);
    }
  }
}
