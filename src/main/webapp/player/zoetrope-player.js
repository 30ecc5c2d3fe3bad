// @ts-check
import { namesOf } from './ladder.js';
import { Playback } from './playback.js';
import { Screen } from './screen.js';
import { Sight } from './sight.js';
import { inSentence } from './sources.js';
import { texts } from './texts.js';
import { streamUrl } from './way.js';
import { ways } from './ways.js';

/**
 * @typedef {import('./meter.js').PlayerStats} PlayerStats
 * @typedef {import('./texts.js').Say} Say
 * @typedef {'none' | 'connecting' | 'playing' | 'paused' | 'calm' | 'stalled' | 'retrying' | 'failed' | 'hidden'} State
 * @typedef {'none' | 'playing' | 'paused' | 'calm' | 'hidden'} Mode what is done, if all goes well
 */

/** Who scrolls past, or looks at another tab for a moment, finds all as it was. */
const hideMillis = 1_000;
/** These take effect together, a moment after the last of them has changed. */
const wishes = new Set(['way', 'ways', 'rendition', 'latency']);

const template = document.createElement('template');
template.innerHTML = `
  <style>
    :host { display: block; position: relative; overflow: hidden; background: #000; color: #fff; aspect-ratio: var(--picture-ratio, 16 / 9); }
    :host([hidden]) { display: none; }
    :host(:fullscreen) { aspect-ratio: auto; width: 100%; height: 100%; }
    .layer, .layer > *, .still, .poster { position: absolute; inset: 0; display: block; width: 100%; height: 100%; }
    canvas, video, img { width: 100%; height: 100%; object-fit: contain; }
    :host([fit=cover]) :is(canvas, video, img) { object-fit: cover; }
    :host([fit=fill]) :is(canvas, video, img) { object-fit: fill; }
    .layer > div > img { position: absolute; inset: 0; }
    .fresh { opacity: 0; }
    .still[hidden], .poster[hidden] { display: none; }
    .above { z-index: 1; }
    p { position: absolute; z-index: 2; inset: auto 0 0; margin: 0; padding: 2.5em 1em .8em; font: 500 .9rem/1.35 system-ui, sans-serif; text-align: center; text-wrap: balance; background: linear-gradient(transparent, rgb(0 0 0 / .8)); }
    p:empty { display: none; }
    .ask { position: absolute; z-index: 3; inset: 0; margin: auto; width: max-content; height: max-content; min-width: 44px; min-height: 44px; padding: .6em 1.4em; border: 2px solid #fff; border-radius: 2em; background: #000; color: #fff; font: 600 1rem system-ui, sans-serif; cursor: pointer; }
    .ask:focus-visible { outline: 3px solid #fff; outline-offset: 3px; }
    .ask[hidden] { display: none; }
  </style>
  <img class="poster" alt="" part="poster" hidden>
  <canvas class="still" part="still" hidden></canvas>
  <div class="layer" part="picture" role="img"></div>
  <p role="status" part="status"></p>
  <button type="button" class="ask" part="button" hidden></button>`;

/**
 * Plays one live source: shows the newest still at once, then the best way that this browser can
 * play, and another whenever that does not work, without ever going black. Reconnects by itself, and
 * stops while nobody can see it. Who asks for little data or motion gets stills until they ask for
 * more.
 *
 * @attr {string} src address of the source without an ending, `http://host/live/demo`, perhaps with
 *     a share link, `?link=…`; relative ones count from the page
 * @attr {string} ways which ways to try, in that order, apart by blanks: `webcodecs`, `mse`,
 *     `mpeg1`, `mjpeg`, `gif`, `stills`, or `fmp4` for the first two; all, in that order, if missing
 * @attr {string} way the same, but only one of them
 * @attr {string} rendition name of a rendition; the usual one if missing
 * @attr {number} latency milliseconds to stay behind the newest picture, for ways that have to wait
 *     for some; each way's own if missing
 * @attr {'false'} muted plays sound from the start, where browsers allow that; muted if missing
 * @attr {boolean} controls shows controls
 * @attr {'contain' | 'cover' | 'fill'} fit how the picture fills the element; contain if missing
 * @attr {string} poster address of an image that is shown until there is a picture
 * @attr {boolean} stats has the controls show the numbers
 * @attr {boolean} background goes on while nobody can see it
 * @attr {string} label says to screen readers what is shown
 * @attr {string} lang language of what the player says; else that of the page, or of the browser
 *
 * @csspart still the newest still, or the last picture of a way that went
 * @csspart picture what the ways show
 * @csspart poster
 * @csspart status what the viewer is told
 * @csspart button each button
 * @csspart controls the controls' bar with all around it
 * @csspart menu the menu of ways
 * @csspart stats the numbers
 *
 * @cssprop --zoetrope-accent colour of what is on, chosen or focused
 * @cssprop --zoetrope-foreground colour of the controls' words and drawings
 * @cssprop --zoetrope-background what is behind them; opaque, as pictures have all colours
 * @cssprop --zoetrope-radius how round their corners are
 *
 * @fires statechange when {@link ZoetropePlayer.state} or the message has changed
 * @fires waychange when another way is on screen, or none, with `{from, to, reason}` as its detail;
 *     reasons: `start`, `asked`, `sound`, `better`; `unsupported`, `denied`, `no-frame`, `stalled`,
 *     `lost`, `unavailable`, `restarting`, `stopping` of the one before; `again` after a while without any;
 *     `hidden`, `paused`, `calm`, `removed`
 * @fires stats once a second while it plays, with {@link PlayerStats} as its detail
 * @fires error when it has failed, with `{reason, message}` as its detail
 * @fires volumechange when it is muted, or not any more, or louder or lower
 */
export class ZoetropePlayer extends HTMLElement {
  static observedAttributes = ['src', 'way', 'ways', 'rendition', 'latency', 'muted', 'controls', 'poster', 'background', 'label', 'lang'];

  #root = this.attachShadow({ mode: 'open' });
  #layer;
  #poster;
  #status;
  #ask;
  #screen;
  /** @type {Say} */
  #say = (key) => key;

  /** @type {State} */
  #state = 'none';
  /** @type {Mode} */
  #mode = 'none';
  /** @type {(say: Say) => string} */
  #message = () => '';
  #reason = '';
  /** @type {Playback | null} while there is a source and we are in a document */
  #playback = null;
  /** @type {Sight | null} while we are in a document */
  #sight = null;
  /** @type {import('./controls.js').Controls | null} */
  #controls = null;
  /** @type {Set<string>} attributes that were changed and not yet looked at */
  #changed = new Set();
  /** What the last picture may be of. */
  #lastSrc = '';
  #isPaused = false;
  /** Whether the viewer has asked for moving pictures, though calm. */
  #isAskedFor = false;
  #wanted = '';
  #isMuted = true;
  #volume = 1;
  #hideTimer = 0;

  constructor() {
    super();
    this.#root.append(template.content.cloneNode(true));
    this.#layer = /** @type {HTMLElement} */ (this.#root.querySelector('.layer'));
    this.#poster = /** @type {HTMLImageElement} */ (this.#root.querySelector('.poster'));
    this.#status = /** @type {HTMLElement} */ (this.#root.querySelector('p'));
    this.#ask = /** @type {HTMLButtonElement} */ (this.#root.querySelector('.ask'));
    this.#screen = new Screen(/** @type {HTMLCanvasElement} */ (this.#root.querySelector('.still')), this.#layer);
    this.#ask.addEventListener('click', () => this.play());
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** What the viewer is told, empty while all is well. */
  get message() {
    return this.#status.textContent ?? '';
  }

  /** Why it has failed, as {@link import('./way.js').Trouble} says; empty unless it has. */
  get reason() {
    return this.#state === 'failed' ? this.#reason : '';
  }

  /** Name of the way on screen; empty while there is none. */
  get way() {
    return this.#playback?.way ?? '';
  }

  /** Of the last second; null while no way is on screen. @returns {PlayerStats | null} */
  get stats() {
    return this.#playback?.stats ?? null;
  }

  /** Names of the ways that the page allows, this browser has and the source is served for. */
  get waysThere() {
    return this.#playback?.waysThere ?? [];
  }

  /** Name of the way that the viewer has asked for by {@link tryWay}; empty without. */
  get wanted() {
    return this.#wanted;
  }

  /** Whether there is sound to be had: unless the source has none, or no way that is allowed. */
  get canHaveSound() {
    return this.#playback?.hasSound !== false && this.#allowed().some((name) => ways[name].hasSound);
  }

  /** Set it to false in answer to a click: browsers may refuse sound otherwise. */
  get muted() {
    return this.#isMuted;
  }

  set muted(isMuted) {
    if (this.#isMuted !== Boolean(isMuted)) {
      this.#isMuted = Boolean(isMuted);
      this.#playback?.changeSound(); // within the click
      this.#announce(new Event('volumechange'));
    }
  }

  /** From 0 to 1. */
  get volume() {
    return this.#volume;
  }

  set volume(volume) {
    if (!(volume >= 0 && volume <= 1)) {
      throw new RangeError(`volume: expected 0 to 1, got ${volume}`);
    }
    if (this.#volume !== volume) {
      this.#volume = volume;
      this.#playback?.changeSound();
      this.#announce(new Event('volumechange'));
    }
  }

  /** Whether {@link pause} was called last. */
  get paused() {
    return this.#isPaused;
  }

  /** Whether only stills are shown because the viewer wants little data or motion. */
  get isCalm() {
    return !this.#isAskedFor && (this.#sight?.isCalm ?? false);
  }

  /** Goes on; also begins anew after it has failed. */
  play() {
    this.#isPaused = false;
    this.#isAskedFor = true;
    if (this.#state === 'failed') {
      this.#mode = 'none'; // so that it is entered again
    }
    this.#look();
  }

  /** Lets go of all connections; the picture stays. */
  pause() {
    this.#isPaused = true;
    this.#look();
  }

  /**
   * Prefers a way, as long as it works.
   *
   * @param {string} name one of {@link waysThere}; empty for the best one
   * @throws {RangeError} for other names
   */
  tryWay(name) {
    if (name && !(name in ways)) {
      throw new RangeError(`tryWay: expected one of ${Object.keys(ways).join(', ')}, or '', got ${name}`);
    }
    this.#wanted = name;
    this.#isAskedFor ||= name !== '';
    this.#look();
    this.#playback?.change('asked', name);
  }

  /**
   * The newest picture of the source, a JPEG.
   *
   * @throws {Error} if there is no source, or it has no picture now; the message is the server's
   */
  async snapshot() {
    const src = this.#src();
    if (!src) {
      throw new Error('snapshot: expected a src');
    }
    const response = await fetch(streamUrl(src, '.jpg'), { headers: { Accept: 'image/jpeg, text/plain' }, cache: 'no-store' });
    if (!response.ok) {
      throw new Error(inSentence((await response.text()).trim()) || `Status ${response.status}.`);
    }
    return response.blob();
  }

  /** What shows the picture now; null if nothing does. */
  picture() {
    return this.#playback?.picture ?? null;
  }

  connectedCallback() {
    this.#sight = new Sight(this, () => this.#look());
    this.#speak();
    this.#showPoster();
    this.#restart();
  }

  disconnectedCallback() {
    clearTimeout(this.#hideTimer);
    this.#sight?.close();
    this.#sight = null;
    this.#controls?.close();
    this.#controls = null;
    this.#playback?.close();
    this.#playback = null;
    this.#mode = 'none';
    this.#state = 'none';
  }

  /**
   * @param {string} name
   * @param {string | null} old
   * @param {string | null} value
   */
  attributeChangedCallback(name, old, value) {
    if (name === 'muted') {
      this.muted = value !== 'false';
    } else if (old !== value && this.#sight) {
      this.#attributeChanged(name);
    }
  }

  /** @param {string} name */
  #attributeChanged(name) {
    if (name === 'label') {
      this.#label();
    } else if (name === 'lang') {
      this.#speak();
    } else if (name === 'poster') {
      this.#showPoster();
    } else if (name === 'controls') {
      this.#showControls();
    } else if (name === 'background') {
      this.#look();
    } else {
      this.#changed.add(name);
      queueMicrotask(() => this.#applyChanges()); // several attributes may change together
    }
  }

  #applyChanges() {
    const isNewSource = this.#changed.has('src');
    const isNewWish = [...this.#changed].some((name) => wishes.has(name));
    this.#changed.clear();
    if (!this.#sight) {
      return; // looked at when we are back
    }
    if (isNewSource) {
      this.#restart();
    } else if (isNewWish) {
      this.#playback?.change('asked');
    }
  }

  /** Finds the words for everything. */
  #speak() {
    this.#say = texts(this, () => this.#relabel());
    this.#relabel();
  }

  #relabel() {
    this.#label();
    this.#ask.textContent = this.#say('play-moving');
    this.#status.textContent = this.#message(this.#say);
    if (this.#controls) {
      this.#controls.relabel(); // who is in them stays there
    } else {
      this.#showControls();
    }
  }

  #label() {
    this.#layer.setAttribute('aria-label', this.getAttribute('label') ?? this.#say('picture'));
  }

  #showPoster() {
    const poster = this.getAttribute('poster');
    this.#poster.hidden = !poster;
    if (poster) {
      this.#poster.src = new URL(poster, document.baseURI).href;
    } else {
      this.#poster.removeAttribute('src');
    }
  }

  /** The controls are loaded by who has them. */
  async #showControls() {
    const sight = this.#sight;
    this.#controls?.close();
    this.#controls = null;
    this.#offerPlay();
    if (!sight || !this.hasAttribute('controls')) {
      return;
    }
    try {
      const { Controls } = await import(new URL('controls.js', import.meta.url).href);
      if (sight === this.#sight && this.hasAttribute('controls') && !this.#controls) {
        /** @type {Say} */
        const say = (key, values) => this.#say(key, values);
        this.#controls = new Controls(this, this.#root, say);
      }
    } catch (error) {
      console.info(`zoetrope-player: no controls: ${error}`);
    }
  }

  /** Begins from nothing; only what the viewer has chosen stays. */
  #restart() {
    this.#playback?.close();
    this.#playback = null;
    this.#mode = 'none';
    const src = this.#src();
    if (src !== this.#lastSrc) {
      this.#lastSrc = src;
      this.#isAskedFor = false;
      this.#screen.clear();
    }
    if (!src) {
      this.#tell('none');
      return;
    }
    this.#playback = new Playback(src, this.#screen, () => this.#settings(), {
      onstate: (state, message) => this.#tell(state, message),
      onwaychange: (from, to, reason) => this.#announce(new CustomEvent('waychange', { detail: { from, to, reason } })),
      onsize: (width, height) => this.style.setProperty('--picture-ratio', `${width} / ${height}`),
      onstats: (stats) => this.#announce(new CustomEvent('stats', { detail: stats })),
      onfail: ({ reason }) => this.#failed(reason),
    });
    this.#look();
  }

  /** @returns {import('./playback.js').Settings} */
  #settings() {
    const latency = Number(this.getAttribute('latency'));
    return {
      order: this.#order(),
      rendition: this.getAttribute('rendition') ?? '',
      width: Math.ceil(this.clientWidth * devicePixelRatio),
      latencyMillis: latency > 0 && latency < Infinity ? latency : 0,
      isMuted: this.#isMuted,
      volume: this.#volume,
    };
  }

  /** The ways that the page allows and this browser has, the best first. */
  #allowed() {
    const only = (this.getAttribute('way') ?? '').trim().split(/\s+/)[0];
    const names = namesOf(only || (this.getAttribute('ways') ?? ''), ways);
    return names.filter((name) => ways[name].Way.isSupported());
  }

  /** The same, with what the viewer wants before the others: a way, or sound. */
  #order() {
    const names = this.#allowed();
    const rank = (/** @type {string} */ name) => {
      if (name === this.#wanted) {
        return 0;
      }
      return this.#isMuted || ways[name].hasSound ? 1 : 2;
    };
    return names.sort((one, other) => rank(one) - rank(other));
  }

  /** Does what is called for now. */
  #look() {
    clearTimeout(this.#hideTimer);
    const mode = this.#modeNow();
    if (mode === 'hidden' && (this.#mode === 'playing' || this.#mode === 'calm')) {
      this.#hideTimer = setTimeout(() => this.#enter(this.#modeNow()), hideMillis);
    } else {
      this.#enter(mode);
    }
    this.#offerPlay();
  }

  /** @returns {Mode} */
  #modeNow() {
    if (!this.#playback || !this.#sight) {
      return 'none';
    }
    if (this.#isPaused) {
      return 'paused';
    }
    if (!this.#sight.isSeen && !this.hasAttribute('background')) {
      return 'hidden';
    }
    return this.isCalm ? 'calm' : 'playing';
  }

  /** @param {Mode} mode */
  #enter(mode) {
    const playback = this.#playback;
    if (!playback || mode === this.#mode) {
      return;
    }
    this.#mode = mode;
    if (mode === 'playing') {
      playback.play('start');
      return;
    }
    this.#tell(mode);
    if (mode === 'calm') {
      playback.calm(mode);
    } else {
      playback.rest(mode);
    }
    if (mode === 'paused') {
      playback.peek();
    }
  }

  /** Who gets stills only must be able to ask for more, also without controls. */
  #offerPlay() {
    this.#ask.hidden = this.#state !== 'calm' || this.hasAttribute('controls');
  }

  /** @param {string} reason */
  #failed(reason) {
    this.#reason = reason;
    this.#announce(new CustomEvent('error', { detail: { reason, message: this.message } }));
  }

  /**
   * @param {State} state
   * @param {(say: Say) => string} [message]
   */
  #tell(state, message = () => '') {
    const text = message(this.#say);
    this.#message = message;
    if (state === this.#state && text === this.message) {
      return;
    }
    this.#state = state;
    this.#status.textContent = text;
    this.#offerPlay();
    this.#announce(new Event('statechange'));
  }

  /**
   * Later, so that who hears it may call us.
   *
   * @param {Event} event
   */
  #announce(event) {
    queueMicrotask(() => this.dispatchEvent(event));
  }

  /** The source's whole address, empty if there is none. */
  #src() {
    const src = this.getAttribute('src');
    return src ? new URL(src, document.baseURI).href : '';
  }
}

customElements.define('zoetrope-player', ZoetropePlayer);
