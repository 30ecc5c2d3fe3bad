// @ts-check

/** @typedef {import('./sources.js').SourceList} SourceList */

/** Who asks so soon after another is told the same. */
const freshMillis = 1_000;
/** A request that was not answered for so long is given up. */
const patienceMillis = 4_000;

/** Lists of sources for all players of a page: those who ask at about the same moment share a request. */
export class SharedLists {
  #fetchList;
  #now;
  /** @type {Map<string, {list: Promise<SourceList>, answeredAt: number}>} by address; Infinity before the answer */
  #asked = new Map();

  /**
   * @param {(url: string, signal: AbortSignal) => Promise<SourceList>} fetchList
   * @param {() => number} now milliseconds that never go back
   */
  constructor(fetchList, now) {
    this.#fetchList = fetchList;
    this.#now = now;
  }

  /**
   * What the server says, or has said within the last second.
   *
   * @param {string} url address of the list
   * @param {AbortSignal} signal rejects when who asks has enough of waiting; others wait on
   * @returns {Promise<SourceList>}
   */
  ask(url, signal) {
    const { list } = this.#fresh(url) ?? this.#begin(url);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      list.then(resolve, reject);
    });
  }

  /** @param {string} url */
  #fresh(url) {
    const asked = this.#asked.get(url);
    return asked && this.#now() < asked.answeredAt + freshMillis ? asked : null;
  }

  /** @param {string} url */
  #begin(url) {
    const question = new AbortController();
    const timer = setTimeout(() => question.abort(), patienceMillis);
    const asked = { list: this.#fetchList(url, question.signal), answeredAt: Infinity };
    this.#asked.set(url, asked);
    asked.list
        .then(
            () => (asked.answeredAt = this.#now()),
            () => this.#asked.delete(url), // the next one tries again
        )
        .finally(() => clearTimeout(timer));
    return asked;
  }
}
