// @ts-check
import { ServerClock } from './server-clock.js';
import { fetchSources, idOf, listUrl, whyDenied } from './sources.js';
import { Trouble, streamUrl } from './way.js';
import { GifWay } from './ways/gif.js';
import { JsmpegWay } from './ways/jsmpeg.js';
import { MjpegWay } from './ways/mjpeg.js';
import { MseWay } from './ways/mse.js';
import { WebCodecsWay } from './ways/webcodecs.js';

/**
 * @typedef {import('./way.js').Way} Way
 * @typedef {import('./way.js').WayOptions} WayOptions
 * @typedef {{new (options: WayOptions): Way, isSupported(): boolean}} WayClass
 *
 * @typedef {'none' | 'connecting' | 'playing' | 'stalled' | 'retrying' | 'failed' | 'hidden'} State
 *
 * @typedef {object} PlayerStats
 * @property {string} label how the picture is decoded and shown, empty while there is none
 * @property {number} width coded width in pixels, 0 while unknown
 * @property {number} height coded height in pixels, 0 while unknown
 * @property {number} fps frames painted per second; NaN if the browser does not tell
 * @property {number} ageMillis from capture to screen; NaN if not known
 * @property {boolean} hasSound
 */

/** The ways to choose from, each with what plays it, the best first. */
const ways = Object.freeze({
  fmp4: [WebCodecsWay, MseWay],
  mpeg1: [JsmpegWay],
  mjpeg: [MjpegWay],
  gif: [GifWay],
});
/** What plays each way when sound is wanted; the other ways are silent. */
const waysWithSound = Object.freeze({ fmp4: [MseWay], mpeg1: [JsmpegWay] });

const firstPictureMillis = 5_000;
const stillMillis = 2_000;
const statsMillis = 1_000;
const firstBackoffMillis = 1_000;
const maxBackoffMillis = 30_000;
/** A picture that stands for so long, though the source is live, has lost its connection. */
const stallMillis = 15_000;
/** A connection that played for so long was a good one: the next back-off begins anew. */
const steadyMillis = 10_000;

const troubleWords = Object.freeze({
  'no-such-source': 'There is no such source.',
  denied: 'You may not watch this source.',
  unsupported: 'This browser cannot play the stream this way. Please choose another way.',
  unavailable: 'The source gives no picture at the moment.',
  restarting: 'The stream restarts.',
  lost: 'The connection was lost.',
});

const template = document.createElement('template');
template.innerHTML = `
  <style>
    :host { display: block; position: relative; overflow: hidden; background: #000; color: #fff; aspect-ratio: var(--picture-ratio, 16 / 9); }
    :host([hidden]) { display: none; }
    :host(:fullscreen) { aspect-ratio: auto; width: 100%; height: 100%; }
    .layer, .layer > *, .still { position: absolute; inset: 0; display: block; width: 100%; height: 100%; }
    canvas, video, img { width: 100%; height: 100%; object-fit: contain; }
    .layer > div > img { position: absolute; inset: 0; }
    .fresh { opacity: 0; }
    .still:not([src]) { display: none; }
    .above { z-index: 1; }
    p { position: absolute; z-index: 2; inset: auto 0 0; margin: 0; padding: 2.5em 1em .8em; font: 500 .9rem/1.35 system-ui, sans-serif; text-align: center; text-wrap: balance; background: linear-gradient(transparent, rgb(0 0 0 / .8)); }
    p:empty { display: none; }
  </style>
  <img class="still" alt="" part="still">
  <div class="layer" part="picture"></div>
  <p role="status" part="status"></p>`;

/**
 * Plays one live source, by the way that is asked for. Shows the newest still until the first frame
 * and whenever there is no picture, reconnects by itself, and stops while nobody can see it.
 *
 * @attr {string} src address of the source without an ending, `http://host/live/demo`, perhaps with
 *     a share link, `?link=…`; relative ones count from the page
 * @attr {'fmp4' | 'mpeg1' | 'mjpeg' | 'gif'} way fmp4 if missing
 * @attr {string} rendition name of a rendition; the usual one if missing
 * @attr {boolean} sound plays sound too, where way and source have it; set it in answer to a click
 * @attr {string} label says to screen readers what is shown
 *
 * @fires statechange when {@link ZoetropePlayer.state} or the message has changed
 * @fires stats once a second, with {@link PlayerStats} as its detail
 */
export class ZoetropePlayer extends HTMLElement {
  static observedAttributes = ['src', 'way', 'rendition', 'sound', 'label'];

  #root = this.attachShadow({ mode: 'open' });
  #layer;
  #still;
  #status;

  /** @type {State} */
  #state = 'none';
  /** @type {Way | null} that paints, or has painted last */
  #shown = null;
  /** @type {Way | null} that has not painted yet */
  #opening = null;
  /** @type {WayClass[]} to be tried when the present one is not supported */
  #candidates = [];
  /** @type {Set<string>} attributes that were changed and not yet looked at */
  #changed = new Set();
  #attempt = 0;
  #reason = '';
  #shownSince = 0;
  #framesSeen = 0;
  #lastFrameAt = 0;
  #tickedAt = 0;
  #askedAt = 0;
  #ageSum = 0;
  #agesNoted = 0;
  /** @type {ServerClock | null} */
  #clock = null;
  /** @type {AbortController | null} ends all that belongs to being connected */
  #connected = null;
  /** @type {HTMLImageElement | null} */
  #loadingStill = null;
  #firstPictureTimer = 0;
  #retryTimer = 0;
  #stillTimer = 0;
  #statsTimer = 0;

  constructor() {
    super();
    this.#root.append(template.content.cloneNode(true));
    this.#layer = /** @type {HTMLElement} */ (this.#root.querySelector('.layer'));
    this.#still = /** @type {HTMLImageElement} */ (this.#root.querySelector('.still'));
    this.#status = /** @type {HTMLElement} */ (this.#root.querySelector('p'));
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** What the viewer is told, empty while all is well. */
  get message() {
    return this.#status.textContent ?? '';
  }

  /** Why it has failed, as {@link Trouble} says; empty unless it has. */
  get reason() {
    return this.#state === 'failed' ? this.#reason : '';
  }

  /** @returns {keyof typeof ways} */
  get way() {
    const way = this.getAttribute('way');
    return way && way in ways ? /** @type {keyof typeof ways} */ (way) : 'fmp4';
  }

  set way(way) {
    this.setAttribute('way', way);
  }

  /** Whether the present way can have sound; whether the source has, only playing it tells. */
  get canHaveSound() {
    return this.way in waysWithSound;
  }

  connectedCallback() {
    this.#connected = new AbortController();
    document.addEventListener('visibilitychange', () => this.#restart(), { signal: this.#connected.signal });
    this.#label();
    this.#restart();
  }

  disconnectedCallback() {
    this.#connected?.abort();
    this.#connected = null;
    this.#clear();
    this.#clock?.close();
    this.#clock = null;
    this.#state = 'none';
  }

  /**
   * @param {string} name
   * @param {string | null} old
   * @param {string | null} value
   */
  attributeChangedCallback(name, old, value) {
    if (old === value || !this.#connected) {
      return;
    }
    if (name === 'label') {
      this.#label();
    } else if (name === 'sound') {
      this.#switch(); // within the click, as browsers want it
    } else {
      this.#changed.add(name);
      queueMicrotask(() => this.#applyChanges()); // several attributes may change together
    }
  }

  #applyChanges() {
    const isNewSource = this.#changed.has('src');
    const isAny = this.#changed.size > 0;
    this.#changed.clear();
    if (this.#connected && isNewSource) {
      this.#restart();
    } else if (this.#connected && isAny) {
      this.#switch();
    }
  }

  #label() {
    this.#layer.setAttribute('role', 'img');
    this.#layer.setAttribute('aria-label', this.getAttribute('label') ?? 'Live picture');
  }

  /** Begins from nothing: no picture, no still, no back-off. */
  #restart() {
    this.#clear();
    this.#attempt = 0;
    const src = this.#src();
    if (!src) {
      this.#tell('none', '');
    } else if (document.hidden) {
      this.#tell('hidden', '');
    } else {
      this.#clock?.close();
      this.#clock = new ServerClock(listUrl(src));
      this.#statsTimer = setInterval(() => this.#tick(), statsMillis);
      this.#refreshStill();
      this.#switch();
    }
  }

  /** Stops all; the last still stays. */
  #clear() {
    clearTimeout(this.#firstPictureTimer);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#stillTimer);
    clearInterval(this.#statsTimer);
    this.#drop(this.#opening);
    this.#drop(this.#shown);
    this.#opening = null;
    this.#shown = null;
    if (this.#loadingStill) {
      this.#loadingStill.onload = null;
      this.#loadingStill.onerror = null;
      this.#loadingStill = null;
    }
  }

  /** Goes to the way and sound that the attributes say; what is shown stays until that paints. */
  #switch() {
    if (!this.#src() || document.hidden) {
      return;
    }
    const way = this.way;
    const silent = !this.hasAttribute('sound');
    this.#candidates = [...(silent || !(way in waysWithSound) ? ways[way] : waysWithSound[/** @type {keyof typeof waysWithSound} */ (way)])]
        .filter((candidate) => candidate.isSupported());
    this.#open();
  }

  /** Opens the best candidate. */
  #open() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#firstPictureTimer);
    this.#drop(this.#opening);
    this.#opening = null;
    const WayClass = this.#candidates[0];
    const src = this.#src();
    if (!WayClass) {
      this.#fail(new Trouble('unsupported'));
      return;
    }
    const way = new WayClass({
      src,
      rendition: this.getAttribute('rendition') ?? '',
      sound: this.hasAttribute('sound'),
      onframe: () => this.#painted(way),
      onerror: (trouble) => this.#stopped(way, trouble),
    });
    way.element.classList.add('fresh');
    this.#opening = way;
    this.#layer.append(way.element);
    this.#tell('connecting', '');
    this.#firstPictureTimer = setTimeout(() => this.#tellLate(), firstPictureMillis);
    this.#clock?.refresh();
    way.start();
  }

  #tellLate() {
    this.#tell('connecting', 'No picture yet. Still trying; meanwhile you see the newest still.');
    this.#refreshStill();
  }

  /** @param {Way} way */
  #painted(way) {
    this.#lastFrameAt = performance.now();
    this.#noteAge(way);
    if (way === this.#opening) {
      clearTimeout(this.#firstPictureTimer);
      this.#drop(this.#shown);
      this.#shown = way;
      this.#opening = null;
      this.#shownSince = this.#lastFrameAt;
      this.#framesSeen = 0;
      this.#tickedAt = this.#lastFrameAt;
      way.element.classList.remove('fresh');
    }
    if (way === this.#shown && this.#state !== 'playing' && !this.#opening) {
      this.#tell('playing', '');
      this.#shape();
    }
  }

  /** @param {Way} way */
  #noteAge(way) {
    const age = (this.#clock?.now() ?? NaN) - way.stats().captureMillis;
    if (way === this.#shown && !Number.isNaN(age)) {
      this.#ageSum += age;
      this.#agesNoted++;
    }
  }

  /**
   * @param {Way} way
   * @param {Trouble} trouble
   */
  #stopped(way, trouble) {
    if (way === this.#shown && this.#opening) {
      return; // its follower is already on the way
    }
    if (trouble.detail) {
      console.info(`zoetrope-player: ${trouble.detail}`);
    }
    clearTimeout(this.#firstPictureTimer);
    if (way === this.#opening) {
      this.#drop(way);
      this.#opening = null;
    }
    if (trouble.reason === 'unsupported' && this.#candidates.length > 1) {
      this.#candidates.shift();
      this.#open();
    } else if (trouble.isPassing) {
      this.#retry(way, trouble);
    } else {
      this.#fail(trouble);
    }
  }

  /** @param {Trouble} trouble that trying again does not help */
  #fail(trouble) {
    clearTimeout(this.#retryTimer);
    this.#drop(this.#shown);
    this.#shown = null;
    this.#reason = trouble.reason;
    if (trouble.reason === 'denied') {
      this.#still.removeAttribute('src'); // what may not be watched is not shown either
    }
    this.#tell('failed', trouble.words || troubleWords[trouble.reason]);
  }

  /**
   * @param {Way} way
   * @param {Trouble} trouble
   */
  #retry(way, trouble) {
    if (way === this.#shown && performance.now() - this.#shownSince > steadyMillis) {
      this.#attempt = 0;
    }
    const backoff = Math.min(maxBackoffMillis, firstBackoffMillis * 2 ** this.#attempt);
    const jittered = backoff * (0.5 + Math.random() / 2);
    this.#attempt++;
    this.#retryTimer = setTimeout(() => this.#open(), jittered);
    this.#refreshStill();
    const seconds = Math.max(1, Math.round(jittered / 1000));
    this.#tell('retrying', `${troubleWords[trouble.reason]} Trying again in ${seconds} s.`);
    this.#askWhetherThere();
  }

  /** Images do not say why they failed; the list of sources does. */
  async #askWhetherThere() {
    const src = this.#src();
    const source = await this.#fetchSource();
    if (source !== null) {
      return;
    }
    let trouble;
    try {
      const words = await whyDenied(src, this.#connected?.signal);
      trouble = words === null ? new Trouble('no-such-source') : new Trouble('denied', '', words);
    } catch {
      return; // the server has gone: trying again sees to that
    }
    if (this.#state === 'retrying' && src === this.#src()) {
      this.#fail(trouble);
    }
  }

  /** What the server says of our source: null if it has none such, undefined if it says nothing. */
  async #fetchSource() {
    const src = this.#src();
    try {
      const { sources } = await fetchSources(listUrl(src), this.#connected?.signal);
      return sources.find(({ id }) => id === idOf(src)) ?? null;
    } catch {
      return undefined; // trying again is all there is to do, and others see to that
    }
  }

  /** @param {Way | null} way */
  #drop(way) {
    if (way) {
      way.stop();
      way.element.remove();
    }
  }

  /** Once a second: the numbers, and whether the picture still moves. */
  #tick() {
    this.#clock?.refresh();
    const stats = this.#shown?.stats();
    const frames = stats?.frames ?? 0;
    const now = performance.now();
    const fps = ((frames - this.#framesSeen) * 1000) / (now - this.#tickedAt);
    const ageMillis = this.#ageSum / this.#agesNoted; // NaN if none was known
    this.#framesSeen = frames;
    this.#tickedAt = now;
    this.#ageSum = 0;
    this.#agesNoted = 0;
    if (this.#state === 'stalled' && now - Math.max(this.#lastFrameAt, this.#askedAt) > stallMillis) {
      this.#askedAt = now;
      this.#reopenIfLive();
    }
    if (this.#state === 'playing' && !Number.isNaN(frames) && now - this.#lastFrameAt > firstPictureMillis) {
      this.#tell('stalled', 'No new picture for some seconds. Waiting for the source.');
      this.#refreshStill();
    }
    if (this.#state === 'playing') {
      this.#shape();
    }
    /** @type {PlayerStats} */
    const detail = {
      label: stats?.label ?? '',
      width: stats?.width ?? 0,
      height: stats?.height ?? 0,
      fps: stats ? fps : NaN,
      ageMillis,
      hasSound: stats?.hasSound ?? false,
    };
    this.dispatchEvent(new CustomEvent('stats', { detail }));
  }

  /** A network that went away closes no socket; so a picture that stands is opened anew. */
  async #reopenIfLive() {
    const source = await this.#fetchSource();
    if (source?.state === 'live' && this.#state === 'stalled') {
      this.#open();
    }
  }

  /** Takes the shape of the picture, so that the page has no bars beside it. */
  #shape() {
    const { width = 0, height = 0 } = this.#shown?.stats() ?? {};
    if (width > 0 && height > 0) {
      this.style.setProperty('--picture-ratio', `${width} / ${height}`);
    }
  }

  /** Loads the newest still, and goes on doing so as long as there is no picture. */
  #refreshStill() {
    clearTimeout(this.#stillTimer);
    if (this.#loadingStill) {
      return;
    }
    const still = new Image();
    still.className = 'still';
    still.alt = '';
    still.decoding = 'sync'; // else there is nothing to see for a moment
    still.part.add('still');
    const url = streamUrl(this.#src(), '.jpg', { n: String(Date.now()) });
    const next = () => {
      this.#loadingStill = null;
      if (this.#state !== 'playing' && this.reason !== 'denied') {
        this.#stillTimer = setTimeout(() => this.#refreshStill(), stillMillis);
      }
    };
    still.onload = () => {
      this.#still.replaceWith(still);
      this.#still = still;
      if (!this.#shown) {
        this.style.setProperty('--picture-ratio', `${still.naturalWidth} / ${still.naturalHeight}`);
      } else if (this.#state === 'stalled' || this.#state === 'retrying') {
        this.#still.classList.add('above'); // the still is newer than what was painted last
      }
      next();
    };
    still.onerror = next;
    this.#loadingStill = still;
    still.src = url;
  }

  /**
   * @param {State} state
   * @param {string} message
   */
  #tell(state, message) {
    if (state === 'playing') {
      this.#still.classList.remove('above');
    }
    if (state === this.#state && message === this.message) {
      return;
    }
    this.#state = state;
    this.#status.textContent = message;
    this.dispatchEvent(new Event('statechange'));
  }

  /** The source's whole address, empty if there is none. */
  #src() {
    const src = this.getAttribute('src');
    return src ? new URL(src, document.baseURI).href : '';
  }
}

customElements.define('zoetrope-player', ZoetropePlayer);
