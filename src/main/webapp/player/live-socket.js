// @ts-check
import { inSentence } from './sources.js';
import { Trouble } from './way.js';

/** What the server's close codes mean to a viewer. */
const reasons = /** @type {const} */ ({
  4404: 'no-such-source',
  1008: 'denied',
  1012: 'restarting',
  1013: 'unavailable',
});

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
    this.#socket.onclose = ({ code, reason }) => {
      const known = reasons[/** @type {keyof typeof reasons} */ (code)];
      const words = known === 'denied' ? inSentence(reason) : '';
      onend(new Trouble(known ?? 'lost', `socket closed with ${code} ${reason}`.trim(), words));
    };
  }

  close() {
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }
}
