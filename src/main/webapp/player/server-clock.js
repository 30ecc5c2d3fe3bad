// @ts-check
import { fetchSources } from './sources.js';

const samplesAtOnce = 3;
const remeasureMillis = 60_000;

/**
 * The server's clock as seen from here: an offset to ours, measured by asking for the time and
 * taking half the round trip. Of several answers the quickest counts.
 */
export class ServerClock {
  #liveUrl;
  #offsetMillis = NaN;
  #measuredAt = -Infinity;
  /** @type {AbortController | null} */
  #measuring = null;

  /** @param {string} liveUrl address of `live/`, perhaps with a share link */
  constructor(liveUrl) {
    this.#liveUrl = liveUrl;
  }

  /** The server's time now, unix milliseconds; NaN before the first measurement. */
  now() {
    return performance.timeOrigin + performance.now() + this.#offsetMillis;
  }

  /** Measures, unless that was done within the last minute. Failing leaves the old offset. */
  async refresh() {
    if (this.#measuring || performance.now() - this.#measuredAt < remeasureMillis) {
      return;
    }
    const measuring = new AbortController();
    this.#measuring = measuring;
    try {
      let quickest = Infinity;
      for (let i = 0; i < samplesAtOnce; i++) {
        const sent = performance.now();
        const { now } = await fetchSources(this.#liveUrl, measuring.signal);
        const received = performance.now();
        if (typeof now === 'number' && received - sent < quickest) {
          quickest = received - sent;
          this.#offsetMillis = now - (performance.timeOrigin + (sent + received) / 2);
        }
      }
    } catch {
      // Without the server's time the age is not shown; the stream itself tells if it is gone.
    } finally {
      if (this.#measuring === measuring) {
        this.#measuring = null;
        this.#measuredAt = performance.now();
      }
    }
  }

  close() {
    this.#measuring?.abort();
    this.#measuring = null;
  }
}
