// @ts-check

const mostBytes = 4 * 1024 * 1024;
const mostMillis = 5_000;
const rateMillis = 3_000;

/**
 * What was sent and is still on the way to the server, by what it says it has taken. All times are milliseconds
 * of one clock.
 */
export class Backlog {
  /** @type {{end: number, at: number}[]} what is on the way: where each piece ends, and when it was sent */
  #pieces = [];
  /** @type {{bytes: number, at: number}[]} what was sent lately */
  #recent = [];
  #sent = 0;
  #taken = 0;
  #lag = NaN;

  /** @param {number} bytes @param {number} now */
  sent(bytes, now) {
    this.#sent += bytes;
    this.#pieces.push({ end: this.#sent, at: now });
    this.#recent.push({ bytes, at: now });
  }

  /** @param {number} bytes all that the server has taken so far @param {number} now */
  taken(bytes, now) {
    this.#taken = Math.max(this.#taken, bytes);
    while (this.#pieces.length > 0 && this.#pieces[0].end <= this.#taken) {
      this.#pieces.shift();
    }
    this.#lag = this.millis(now);
  }

  /** How long what was sent had been on the way, at most, when the server last told; NaN before. */
  get lagMillis() {
    return this.#lag;
  }

  /** Bytes on the way. */
  get bytes() {
    return this.#sent - this.#taken;
  }

  /** How long the oldest of what is on the way has been so; 0 if nothing is. @param {number} now */
  millis(now) {
    return this.#pieces.length > 0 ? now - this.#pieces[0].at : 0;
  }

  /** Whether so much is on the way that it is of no use any more. @param {number} now */
  isTooMuch(now) {
    return this.bytes > mostBytes || this.millis(now) > mostMillis;
  }

  /** How far apart pieces are, and so how old each is when it is sent, at most; NaN without any. @param {number} now */
  pieceMillis(now) {
    this.#forget(now);
    const first = this.#recent[0];
    const last = this.#recent.at(-1);
    return first && last ? (last.at - first.at) / (this.#recent.length - 1) : NaN;
  }

  /** @param {number} now */
  #forget(now) {
    while (this.#recent.length > 0 && this.#recent[0].at < now - rateMillis) {
      this.#recent.shift();
    }
  }

  /** Bits per second that were sent, over the last seconds. @param {number} now */
  bitrate(now) {
    this.#forget(now);
    return this.#recent.reduce((sum, { bytes }) => sum + bytes, 0) * 8 / (rateMillis / 1000);
  }
}
