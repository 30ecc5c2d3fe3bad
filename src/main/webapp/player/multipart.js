// @ts-check

const headEnd = '\r\n\r\n';
const maxHeadBytes = 1024;
const maxBodyBytes = 64 << 20;
const latin1 = new TextDecoder('latin1'); // one character a byte

/**
 * @typedef {object} Part
 * @property {Uint8Array<ArrayBuffer>} body
 * @property {number} captureMillis from `X-Timestamp`, unix milliseconds; NaN without
 */

/**
 * Cuts a multipart body into its parts as it arrives, in chunks of any size. Each part must say its
 * Content-Length: so it is whole with its last byte, not only when the next boundary comes.
 *
 * RFC 2046, 5.1.1; Content-Length as in HTTP.
 */
export class MultipartReader {
  #onpart;
  /** What has come of the delimiter and headers before the next body. */
  #head = '';
  /** @type {Part | null} that is being filled */
  #part = null;
  #filled = 0;

  /** @param {(part: Part) => void} onpart */
  constructor(onpart) {
    this.#onpart = onpart;
  }

  /**
   * @param {Uint8Array} chunk
   * @throws {Error} if it is not multipart with lengths
   */
  push(chunk) {
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#part ? this.#readBody(this.#part, rest) : this.#readHead(rest);
    }
  }

  /** @param {Uint8Array} bytes */
  #readHead(bytes) {
    const text = this.#head + latin1.decode(bytes.subarray(0, maxHeadBytes));
    const end = text.indexOf(headEnd);
    if (end < 0 && text.length >= maxHeadBytes) {
      throw new Error(`multipart: expected headers within ${maxHeadBytes} bytes`);
    }
    if (end < 0) {
      this.#head = text;
      return bytes.subarray(bytes.length);
    }
    const taken = end + headEnd.length - this.#head.length;
    this.#begin(text.slice(0, end));
    this.#head = '';
    return bytes.subarray(taken);
  }

  /** @param {string} head */
  #begin(head) {
    const length = Number(field(head, 'content-length') || NaN);
    if (!Number.isInteger(length) || length <= 0 || length > maxBodyBytes) {
      throw new Error(`multipart: expected a Content-Length of 1 to ${maxBodyBytes}, got ${length}`);
    }
    const seconds = Number(field(head, 'x-timestamp') || NaN);
    this.#part = { body: new Uint8Array(length), captureMillis: seconds * 1000 };
    this.#filled = 0;
  }

  /**
   * @param {Part} part
   * @param {Uint8Array} bytes
   */
  #readBody(part, bytes) {
    const taken = Math.min(bytes.length, part.body.length - this.#filled);
    part.body.set(bytes.subarray(0, taken), this.#filled);
    this.#filled += taken;
    if (this.#filled === part.body.length) {
      this.#part = null;
      this.#onpart(part);
    }
    return bytes.subarray(taken);
  }
}

/**
 * @param {string} head
 * @param {string} name in small letters
 */
function field(head, name) {
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (line.slice(0, colon).toLowerCase() === name) {
      return line.slice(colon + 1).trim();
    }
  }
  return '';
}
