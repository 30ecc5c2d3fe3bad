// @ts-check
import { fetchSources, linkOf, stateWords, withLink } from '../player/sources.js';
import { streamUrl } from '../player/way.js';

/** @typedef {import('../player/sources.js').Source} Source */

const listMillis = 5_000;
const stillMillis = 5_000;
/** A source that starts may take longer than a still may wait: it is asked again. */
const patienceMillis = 4_000;
/** A browser has six connections to a server: some stay free for the list, a click, a moving card. */
const maxStillsAtOnce = 3;
/** What the list says soon after a still has started a source. */
const soonMillis = 300;
/** A pointer that only passes by starts nothing. */
const hoverMillis = 150;
/** Kinds whose word in files is not one for people. */
const kindNames = Object.freeze({ url: 'camera or stream', 'rtmp-publish': 'sent by RTMP', 'srt-publish': 'sent by SRT', 'http-publish': 'sent by HTTP' });

const baseUrl = new URL('../', import.meta.url);
const liveUrl = new URL('live/', baseUrl).href;
/** What lets in who is not signed in. */
const link = linkOf(location.href);
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * One source: a still that is loaded anew while it can be seen, an endless image while it is
 * pointed at or focused. Only one card of a page moves at a time, since a browser has six
 * connections to a server.
 */
class Card {
  /** @type {Card | null} the one that moves */
  static #current = null;
  /** @type {Set<Card>} whose stills are being loaded */
  static #loading = new Set();
  /** @type {Set<Card>} whose stills wait for their turn, in that order */
  static #queue = new Set();
  static #sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      cards.get(target.id.slice('source-'.length))?.see(isIntersecting);
    }
  });

  element;
  #link;
  #screen;
  #still;
  #noStill;
  #isSeen = false;
  #stillTimer = 0;
  /** @type {HTMLImageElement | null} */
  #nextStill = null;
  #state = '';
  #hoverTimer = 0;
  /** @type {HTMLImageElement | null} */
  #moving = null;
  #id;

  /** @param {string} id */
  constructor(id) {
    this.#id = id;
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById('card'));
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = find(copy, '.card', HTMLElement);
    this.element.id = `source-${id}`;
    this.#link = find(copy, 'a', HTMLAnchorElement);
    this.#link.href = withLink(new URL(`watch/${id}`, baseUrl).href, link);
    this.#screen = find(copy, '.screen', HTMLElement);
    this.#still = find(copy, '.still', HTMLImageElement);
    this.#noStill = find(copy, '.no-still', HTMLElement);
    this.#link.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && this.#moveSoon());
    this.#link.addEventListener('pointerleave', () => this.#rest());
    this.#link.addEventListener('focus', () => this.#link.matches(':focus-visible') && this.#moveSoon());
    this.#link.addEventListener('blur', () => this.#rest());
    Card.#sight.observe(this.element);
  }

  /** @param {Source} source */
  show(source) {
    setText(find(this.element, '.title', HTMLElement), source.title || source.id);
    const badge = find(this.element, '.badge', HTMLElement);
    setText(badge, stateWords[source.state] ?? source.state);
    badge.dataset.state = source.state;
    this.#state = source.state;
    badge.title = source.cause;
    if (source.state === 'waiting' && this.#still.hidden) {
      this.#noStill.hidden = false;
    }
    setText(find(this.element, '.detail', HTMLElement), `${kindNames[/** @type {keyof typeof kindNames} */ (source.kind)] ?? source.kind.replaceAll('-', ' ')} · ${countViewers(source.viewers)}`);
  }

  remove() {
    this.pause();
    Card.#sight.unobserve(this.element);
    this.element.remove();
  }

  /** Lets go of everything; {@link resume} takes it up again. */
  pause() {
    this.#endStill();
    this.#rest();
  }

  resume() {
    if (this.#isSeen && !document.hidden) {
      this.#wantStill();
    }
  }

  /** @param {boolean} isSeen whether any of it is within the window */
  see(isSeen) {
    this.#isSeen = isSeen;
    this.pause();
    this.resume();
  }

  #wantStill() {
    clearTimeout(this.#stillTimer);
    Card.#queue.add(this);
    Card.#loadWaiting();
  }

  static #loadWaiting() {
    for (const card of Card.#queue) {
      if (Card.#loading.size === maxStillsAtOnce) {
        return;
      }
      Card.#queue.delete(card);
      card.#loadStill();
    }
  }

  #loadStill() {
    Card.#loading.add(this);
    const next = new Image();
    next.className = 'still';
    next.alt = '';
    next.decoding = 'sync'; // else the page shows nothing for a moment
    next.onload = () => this.#stillCame(next);
    next.onerror = () => this.#stillCame(null);
    next.src = streamUrl(liveUrl + this.#id, '.jpg', { link, n: String(Date.now()) });
    this.#nextStill = next;
    this.#stillTimer = setTimeout(() => this.#stillCame(null), patienceMillis);
  }

  /** @param {HTMLImageElement | null} next the new still, if there is one */
  #stillCame(next) {
    if (next) {
      this.#nextStill = null;
      this.#still.replaceWith(next);
      this.#still = next;
    }
    if (next && this.#state !== 'live') {
      refreshSoon();
    }
    this.#still.hidden = !next;
    this.#noStill.hidden = next !== null;
    this.#endStill();
    if (this.#isSeen && !document.hidden) {
      this.#stillTimer = setTimeout(() => this.#wantStill(), stillMillis);
    }
  }

  /** Gives up what is being loaded, if anything. */
  #endStill() {
    clearTimeout(this.#stillTimer);
    if (this.#nextStill) {
      this.#nextStill.onload = null;
      this.#nextStill.onerror = null;
      this.#nextStill.removeAttribute('src'); // ends its connection
      this.#nextStill = null;
    }
    Card.#queue.delete(this);
    if (Card.#loading.delete(this)) {
      Card.#loadWaiting();
    }
  }

  #moveSoon() {
    clearTimeout(this.#hoverTimer);
    if (!reducedMotion.matches) {
      this.#hoverTimer = setTimeout(() => this.#move(), hoverMillis);
    }
  }

  #move() {
    if (Card.#current) {
      Card.#current.#rest();
    }
    Card.#current = this;
    const image = new Image();
    image.alt = '';
    image.src = streamUrl(liveUrl + this.#id, '.gif', { link, n: String(Date.now()) });
    image.onerror = () => this.#rest(); // the still goes on showing
    this.#moving = image;
    this.#screen.append(image);
  }

  #rest() {
    clearTimeout(this.#hoverTimer);
    if (this.#moving) {
      this.#moving.onerror = null;
      this.#moving.removeAttribute('src'); // ends its connection
      this.#moving.remove();
      this.#moving = null;
    }
    if (Card.#current === this) {
      Card.#current = null;
    }
  }
}

/** @type {Map<string, Card>} by id, in the order of the page */
const cards = new Map();
const list = /** @type {HTMLElement} */ (document.getElementById('sources'));
const empty = /** @type {HTMLElement} */ (document.getElementById('empty'));
const signIn = /** @type {HTMLElement} */ (document.getElementById('sign-in'));
const summary = /** @type {HTMLElement} */ (document.getElementById('summary'));
let listTimer = 0;
let soonTimer = 0;

async function refresh() {
  clearTimeout(listTimer);
  try {
    const { sources } = await fetchSources(withLink(liveUrl, link));
    show(sources);
  } catch (error) {
    console.info(error);
    setText(summary, 'The server does not answer. Trying again.');
  }
  clearTimeout(listTimer);
  if (!document.hidden) {
    listTimer = setTimeout(refresh, listMillis);
  }
}

/** Several stills that come together are one reason to ask. */
function refreshSoon() {
  clearTimeout(soonTimer);
  soonTimer = setTimeout(refresh, soonMillis);
}

/** @param {Source[]} sources */
function show(sources) {
  const ids = new Set(sources.map(({ id }) => id));
  for (const [id, card] of cards) {
    if (!ids.has(id)) {
      card.remove();
      cards.delete(id);
    }
  }
  sources.forEach((source, i) => {
    let card = cards.get(source.id);
    if (!card) {
      card = new Card(source.id);
      cards.set(source.id, card);
    }
    card.show(source);
    if (list.children[i] !== card.element) {
      list.insertBefore(card.element, list.children[i] ?? null);
    }
  });
  empty.hidden = sources.length > 0;
  signIn.hidden = empty.hidden;
  const live = sources.filter(({ state }) => state === 'live').length;
  setText(summary, sources.length === 0 ? '' : `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}, ${live} live`);
}

/** @param {number} viewers */
function countViewers(viewers) {
  return viewers === 1 ? '1 viewer' : `${viewers} viewers`;
}

/**
 * Leaves equal text alone, so that screen readers stay silent.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
function find(parent, selector, type) {
  const element = parent.querySelector(selector);
  if (!(element instanceof type)) {
    throw new TypeError(`expected ${selector} to be a ${type.name}`);
  }
  return element;
}

document.addEventListener('visibilitychange', () => {
  for (const card of cards.values()) {
    document.hidden ? card.pause() : card.resume();
  }
  if (!document.hidden) {
    refresh();
  }
});
refresh();
