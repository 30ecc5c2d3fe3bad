// @ts-check

const firstRestMillis = 30_000;
const maxRestMillis = 600_000;
/** After these a way is of no use, however long it rests. */
const reasonsForGood = new Set(['unsupported', 'denied']);

/**
 * The ways of playing in the order in which they are wanted, and which of them rest because they
 * did not do. A way that did not do twice rests twice as long, up to ten minutes.
 */
export class Ladder {
  #names;
  #now;
  /** @type {Map<string, {millis: number, until: number}>} until: Infinity if for good */
  #rests = new Map();

  /**
   * @param {readonly string[]} names the best first
   * @param {() => number} now milliseconds that never go back
   */
  constructor(names, now) {
    this.#names = names;
    this.#now = now;
  }

  /** The first that does not rest; if all do, the one that rests shortest; empty if none is left. */
  get best() {
    const there = this.#names.filter((name) => this.has(name));
    const awake = there.find((name) => this.restMillis(name) === 0);
    return awake ?? there.sort((one, other) => this.restMillis(one) - this.restMillis(other))[0] ?? '';
  }

  /** @param {string} name whether it is a rung that has not been left for good */
  has(name) {
    return this.#names.includes(name) && this.restMillis(name) < Infinity;
  }

  /** @param {string} name how long it rests from now on, 0 if it does not, Infinity if for good */
  restMillis(name) {
    return Math.max(0, (this.#rests.get(name)?.until ?? 0) - this.#now());
  }

  /** @param {string} name the first other one that does not rest, empty if there is none */
  otherThan(name) {
    return this.#names.find((other) => other !== name && this.restMillis(other) === 0) ?? '';
  }

  /** @param {string} than the first better one that does not rest, empty if there is none */
  better(than) {
    const position = this.#names.indexOf(than);
    const above = position < 0 ? this.#names : this.#names.slice(0, position);
    return above.find((name) => this.restMillis(name) === 0) ?? '';
  }

  /**
   * Notes that a way did not do.
   *
   * @param {string} name
   * @param {string} reason `unsupported` and `denied` are for good; `lost` is no reason to rest;
   *     all others are
   */
  left(name, reason) {
    if (reasonsForGood.has(reason)) {
      this.#rests.set(name, { millis: Infinity, until: Infinity });
    } else if (reason !== 'lost') {
      const last = this.#rests.get(name)?.millis;
      const millis = last === undefined ? firstRestMillis : Math.min(maxRestMillis, last * 2);
      this.#rests.set(name, { millis, until: this.#now() + millis });
    }
  }

  /** @param {string} name that has played well for a while: it may rest short again */
  steady(name) {
    if (this.has(name)) {
      this.#rests.delete(name);
    }
  }

  /** @param {readonly string[]} names another order; who rests goes on resting */
  reorder(names) {
    this.#names = names;
  }
}

/**
 * Names of ways from what a page says: names, and words for several ways at once.
 *
 * @param {string} words apart by blanks; what is not known is passed over
 * @param {Record<string, {format: string}>} ways all there are, by name
 * @returns {string[]} each once, in the order of the words; all, in the order of the table, if no
 *     word is known
 */
export function namesOf(words, ways) {
  const all = Object.keys(ways);
  const named = words.split(/\s+/).flatMap((word) =>
      all.includes(word) ? [word] : all.filter((name) => word && ways[name].format === word));
  return named.length > 0 ? [...new Set(named)] : all;
}
