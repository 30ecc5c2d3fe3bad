// @ts-check

const samplesAtOnce = 3;
const remeasureMillis = 60_000;
const retryMillis = 5_000;

/**
 * The server's clock as seen from here: an offset to ours, measured by asking for the time and
 * taking half the round trip. Of several answers the quickest counts.
 */
export class ServerClock {
  #teller;
  #offsetMillis = NaN;
  #nextAt = -Infinity;
  #isMeasuring = false;

  /**
   * @param {() => (() => Promise<number>) | null} teller whom to ask now for unix milliseconds; null
   *     if it is better to wait
   */
  constructor(teller) {
    this.#teller = teller;
  }

  /** The server's time now, unix milliseconds; NaN before the first measurement. */
  now() {
    return performance.timeOrigin + performance.now() + this.#offsetMillis;
  }

  /** Measures, unless that was done within the last minute. Failing leaves the old offset. */
  async refresh() {
    const ask = this.#isMeasuring || performance.now() < this.#nextAt ? null : this.#teller();
    if (!ask) {
      return;
    }
    this.#isMeasuring = true;
    this.#nextAt = performance.now() + retryMillis;
    try {
      let quickest = Infinity;
      for (let i = 0; i < samplesAtOnce; i++) {
        const sent = performance.now();
        const now = await ask();
        const received = performance.now();
        if (received - sent < quickest && !Number.isNaN(now)) {
          quickest = received - sent;
          this.#offsetMillis = now - (performance.timeOrigin + (sent + received) / 2);
        }
      }
      this.#nextAt = performance.now() + remeasureMillis;
    } catch {
      // Without the server's time the age is not shown; the stream itself tells if it is gone.
    } finally {
      this.#isMeasuring = false;
    }
  }
}
