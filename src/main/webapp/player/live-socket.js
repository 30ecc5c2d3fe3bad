// @ts-check
import { troubleOf } from './close-codes.js';

/** @typedef {import('./way.js').Trouble} Trouble */

/**
 * A WebSocket that is only listened to: text and binary apart, its end as a {@link Trouble}.
 * Connects at once.
 */
export class LiveSocket {
  #socket;

  /**
   * @param {string} url http or https; the WebSocket is at the same place
   * @param {object} listeners
   * @param {(text: string) => void} [listeners.ontext]
   * @param {(bytes: ArrayBuffer) => void} listeners.onbinary
   * @param {(trouble: Trouble) => void} listeners.onend not called after close()
   */
  constructor(url, { ontext, onbinary, onend }) {
    this.#socket = new WebSocket(url.replace(/^http/, 'ws'));
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onmessage = ({ data }) => {
      if (typeof data === 'string') {
        ontext?.(data);
      } else {
        onbinary(data);
      }
    };
    this.#socket.onclose = ({ code, reason }) => onend(troubleOf(code, reason));
  }

  close() {
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }
}
