// @ts-check
import { make } from './dom.js';

const stillMillis = 5_000;
/** A source that starts may take longer than a still may wait: it is asked again. */
const patienceMillis = 4_000;
/** A browser has six connections to a server: some stay free for the events and a click. */
const maxAtOnce = 3;

const liveUrl = new URL('../live/', import.meta.url).href;

/** The newest picture of a source, loaded anew while it is wanted. Three of a page load at a time. */
export class Still {
  /** @type {Set<Still>} */
  static #loading = new Set();
  /** @type {Set<Still>} in the order of their turns */
  static #queue = new Set();

  element = make('span', { class: 'screen' });
  #image = make('img', { class: 'still', alt: '', hidden: true });
  #none = make('span', { class: 'no-still', hidden: true }, 'No picture');
  #id;
  #isWanted = false;
  #timer = 0;
  /** @type {HTMLImageElement | null} */
  #next = null;

  /** @param {string} id */
  constructor(id) {
    this.#id = id;
    this.element.append(this.#image, this.#none);
  }

  /** @param {boolean} isWanted whether it is seen, and there may be a picture */
  want(isWanted) {
    if (isWanted === this.#isWanted) {
      return;
    }
    this.#isWanted = isWanted;
    if (isWanted) {
      this.#ask();
    } else {
      this.#end();
    }
  }

  /** Says that there is none. */
  clear() {
    if (this.#none.hidden) { // else it is said already, and nothing is written
      this.#image.hidden = true;
      this.#none.hidden = false;
    }
  }

  #ask() {
    clearTimeout(this.#timer);
    Still.#queue.add(this);
    Still.#loadWaiting();
  }

  static #loadWaiting() {
    for (const still of Still.#queue) {
      if (Still.#loading.size === maxAtOnce) {
        return;
      }
      Still.#queue.delete(still);
      still.#load();
    }
  }

  #load() {
    Still.#loading.add(this);
    const next = new Image();
    next.className = 'still';
    next.alt = '';
    next.decoding = 'sync'; // else the page shows nothing for a moment
    next.onload = () => this.#came(next);
    next.onerror = () => this.#came(null);
    next.src = `${liveUrl}${this.#id}.jpg?n=${Date.now()}`;
    this.#next = next;
    this.#timer = setTimeout(() => this.#came(null), patienceMillis);
  }

  /** @param {HTMLImageElement | null} next */
  #came(next) {
    if (next) {
      this.#next = null;
      this.#image.replaceWith(next);
      this.#image = next;
    }
    this.#image.hidden = !next;
    this.#none.hidden = next !== null;
    this.#end();
    if (this.#isWanted) {
      this.#timer = setTimeout(() => this.#ask(), stillMillis);
    }
  }

  /** Gives up what is being loaded, if anything. */
  #end() {
    clearTimeout(this.#timer);
    if (this.#next) {
      this.#next.onload = null;
      this.#next.onerror = null;
      this.#next.removeAttribute('src'); // ends its connection
      this.#next = null;
    }
    Still.#queue.delete(this);
    if (Still.#loading.delete(this)) {
      Still.#loadWaiting();
    }
  }
}
