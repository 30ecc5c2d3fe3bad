// @ts-check

const samplesAtOnce = 3;
/** Measured again so soon after the first time, then after twice as long each time. */
const firstMillis = 1_000;
/** At most so rarely; and so long an answer counts against slower ones. */
const mostMillis = 60_000;
const retryMillis = 5_000;

/**
 * The server's clock as seen from here: an offset to ours, measured by asking for the time and
 * taking half the round trip. Of the last minute's answers the quickest counts, as a page that has
 * just been opened is too busy to see when an answer came.
 */
export class ServerClock {
  #teller;
  #time;
  #offsetMillis = NaN;
  #roundTripMillis = Infinity;
  #measuredAt = -Infinity;
  #waitMillis = firstMillis;
  #nextAt = -Infinity;
  #isMeasuring = false;

  /**
   * @param {() => (() => Promise<number>) | null} teller whom to ask now for unix milliseconds; null
   *     if it is better to wait
   * @param {{now: () => number, timeOrigin: number}} time ours
   */
  constructor(teller, time = performance) {
    this.#teller = teller;
    this.#time = time;
  }

  /** The server's time now, unix milliseconds; NaN before the first measurement. */
  now() {
    return this.#time.timeOrigin + this.#time.now() + this.#offsetMillis;
  }

  /** Measures, unless that was done not long ago. Failing leaves the old offset. */
  async refresh() {
    const ask = this.#isMeasuring || this.#time.now() < this.#nextAt ? null : this.#teller();
    if (!ask) {
      return;
    }
    this.#isMeasuring = true;
    this.#nextAt = this.#time.now() + retryMillis;
    try {
      for (let i = 0; i < samplesAtOnce; i++) {
        const sent = this.#time.now();
        const now = await ask();
        this.#note(now, sent, this.#time.now());
      }
      this.#nextAt = this.#time.now() + this.#waitMillis;
      this.#waitMillis = Math.min(2 * this.#waitMillis, mostMillis);
    } catch {
      // Without the server's time the age is not shown; the stream itself tells if it is gone.
    } finally {
      this.#isMeasuring = false;
    }
  }

  /**
   * @param {number} now the server's time, NaN if it does not tell
   * @param {number} sent when it was asked for, by our clock
   * @param {number} received when it came
   */
  #note(now, sent, received) {
    const isBetter = received - sent < this.#roundTripMillis || received - this.#measuredAt > mostMillis;
    if (isBetter && !Number.isNaN(now)) {
      this.#roundTripMillis = received - sent;
      this.#measuredAt = received;
      this.#offsetMillis = now - (this.#time.timeOrigin + (sent + received) / 2);
    }
  }
}
