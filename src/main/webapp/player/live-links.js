// @ts-check
import { Backoff } from './backoff.js';
import { LiveLink } from './live-link.js';
import { ServerClock } from './server-clock.js';
import { fetchSources } from './sources.js';
import { Trouble } from './way.js';

/**
 * @typedef {import('./live-link.js').SubscriptionListeners} SubscriptionListeners
 * @typedef {import('./live-link.js').Wish} Wish
 */

/** A link that has lived for so long was a good one. */
const steadyMillis = 10_000;
/** So many in a row that did not live so long: something between here and the server cuts them. */
const maxFailures = 6;
/** For how long nobody tries a link where there seems to be none. */
const withoutMillis = 60_000;
/** Who has signed in since the handshake is known by another only. */
const staleMillis = 2_000;

/**
 * All of a page share it, also if the module was loaded from several servers or in several versions.
 * The number is that of what they may ask of each other.
 *
 * @type {Map<string, LiveLinks>} by address
 */
const shared = ((/** @type {any} */ (globalThis))[Symbol.for('zoetrope.live-links.1')] ??= new Map());

/**
 * What a page has open to one server: a link, further ones when it is full, and one clock. Says when
 * the next link may be tried, so that all of a page come back with one handshake, and with waits as
 * in docs/PROTOCOL.md, 1.
 */
export class LiveLinks {
  clock = new ServerClock(() => this.#timeTeller());
  #url;
  /** @type {LiveLink[]} that are not over, and may take more */
  #links = [];
  #backoff = new Backoff();
  #hasBeenGreeted = false;
  /** Links in a row that did not live for long. */
  #failures = 0;
  #nextAt = -Infinity;
  #withoutUntil = -Infinity;

  /** @param {string} url of `live`, http or https */
  constructor(url) {
    this.#url = url;
  }

  /**
   * Those of this page to the source's server.
   *
   * @param {string} src the source's address, `http://host/live/demo?link=…`
   */
  static of(src) {
    const url = new URL('./', src).href.replace(/\/$/, '');
    const links = shared.get(url) ?? new LiveLinks(url);
    shared.set(url, links);
    return links;
  }

  /** Whether there seems to be no such link to be had, so that a connection of another kind may do. */
  get isWithout() {
    return performance.now() < this.#withoutUntil;
  }

  /** A connection of another kind did not come about either: the server is gone. */
  forgive() {
    this.#withoutUntil = -Infinity;
  }

  /** How long it is until a link may be tried; 0 if there is one, or it may be now. */
  get waitMillis() {
    return this.#withRoom ? 0 : Math.max(0, this.#nextAt - performance.now());
  }

  /**
   * @param {Wish} wish
   * @param {SubscriptionListeners} listeners
   */
  subscribe(wish, listeners) {
    return (this.#withRoom ?? this.#open()).subscribe(wish, listeners);
  }

  /**
   * Who asks is who the handshake showed: somebody may have signed in since. Then the next
   * subscription gets a link of its own.
   *
   * @returns {boolean} whether it does
   */
  renew() {
    const isOld = (this.#withRoom?.ageMillis ?? 0) > staleMillis;
    if (isOld) {
      this.#links = [];
    }
    return isOld;
  }

  get #withRoom() {
    return this.#links.find(({ hasRoom }) => hasRoom);
  }

  #open() {
    /** @type {LiveLink} */
    const link = new LiveLink(this.#url, {
      onhello: () => this.#greeted(),
      onend: (trouble) => this.#ended(link, trouble),
    });
    this.#links.push(link);
    return link;
  }

  #greeted() {
    this.#hasBeenGreeted = true;
    this.clock.refresh();
  }

  /**
   * @param {LiveLink} link
   * @param {Trouble} trouble
   * @returns {Trouble} the same, with how long to wait
   */
  #ended(link, trouble) {
    console.info(`zoetrope-player: the link to ${this.#url} ${trouble.detail}`);
    this.#links = this.#links.filter((other) => other !== link);
    if (link.ageMillis >= steadyMillis) {
      this.#failures = 0;
      this.#backoff.reset();
    } else if (trouble.awayMillis === 0) {
      this.#failures++;
    }
    if (this.#failures >= (this.#hasBeenGreeted ? maxFailures : 1)) {
      this.#withoutUntil = performance.now() + withoutMillis;
      return trouble;
    }
    const waitMillis = this.#backoff.next(trouble.reason, trouble.awayMillis);
    this.#nextAt = performance.now() + waitMillis;
    return new Trouble(trouble.reason, trouble.detail, trouble.words, waitMillis); // which has the time away in it
  }

  /** @returns {(() => Promise<number>) | null} asks for the server's time; null while a link is coming */
  #timeTeller() {
    const link = this.#links.find(({ isGreeted }) => isGreeted);
    if (link) {
      return () => link.askTime();
    }
    return this.#links.length > 0 ? null : async () => (await fetchSources(`${this.#url}/`)).now ?? NaN;
  }
}
