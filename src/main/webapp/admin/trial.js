// @ts-check
import { actionButton } from './actions.js';
import { make, setText } from './dom.js';
import { bitrate, figure, isNumber, sentence, wayName } from './words.js';

/** @typedef {import('./app.js').App} App */

/** Tries settings before they are kept: the picture, what is in the stream, how it will play, what to mind. */
export class Trial {
  element = make('div', { class: 'trial' });
  #app;
  #settings;
  #encode;
  #path;
  #place = make('p', { class: 'problem', role: 'alert' });
  #progress = make('p', { class: 'hint' });
  #result = make('div', { role: 'status' });
  #button;
  /** @type {AbortController | null} */
  #running = null;
  #timer = 0;

  /**
   * @param {App} app
   * @param {{settings: () => any, encode: () => void}} form with what is to be tried, and what has it encoded for all browsers
   * @param {string} id of the source whose secrets count where they are not typed anew; empty for none
   */
  constructor(app, { settings, encode }, id) {
    this.#path = id ? `probe?source=${encodeURIComponent(id)}` : 'probe';
    this.#app = app;
    this.#settings = settings;
    this.#encode = encode;
    this.#button = actionButton(app, { label: 'Try it', busy: 'Trying…', place: this.#place, act: () => this.#try() });
    this.element.append(make('div', { class: 'buttons' }, this.#button), this.#progress, this.#place, this.#result);
  }

  run() {
    this.#button.click();
  }

  /** Gives up what is being tried. */
  close() {
    this.#running?.abort();
    clearInterval(this.#timer);
  }

  /** Forgets what was found: the settings have changed. */
  clear() {
    this.close();
    this.#result.replaceChildren();
    setText(this.#place, '');
    setText(this.#progress, '');
  }

  async #try() {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    if (this.#result.contains(document.activeElement)) {
      this.#button.focus();
    }
    this.#result.replaceChildren();
    let seconds = 0;
    const tick = () => setText(this.#progress, `Waiting for a picture: ${seconds++} s of at most 15 s.`);
    tick();
    this.#timer = setInterval(tick, 1_000);
    try {
      const { data } = await this.#app.api.call('POST', this.#path, { body: this.#settings(), signal: running.signal });
      this.#result.replaceChildren(...(data.ok ? found(data, this.#encode) : failed(data)));
    } catch (error) {
      if (!running.signal.aborted) {
        throw withKeys(error);
      }
    } finally {
      clearInterval(this.#timer);
      setText(this.#progress, '');
    }
    return false;
  }
}

/** @param {any} error */
function withKeys(error) {
  const errors = error.errors ?? [];
  return errors.length === 0 ? error : new Error(errors.map((/** @type {any} */ each) => `${each.key}: ${each.expected}`).join('; '));
}

/** @param {any} trial @param {() => void} encode */
function found({ picture, tracks = [], ways = [], warnings = [], tookMillis }, encode) {
  return [
    make('p', { class: 'good' }, `It works${isNumber(tookMillis) ? `: the answer took ${(tookMillis / 1000).toFixed(1)} s` : ''}.`),
    picture ? make('img', { class: 'trial-picture', src: picture, alt: 'The picture that came' }) : make('p', { class: 'hint' }, 'No picture was taken.'),
    make('h3', {}, 'What is in it'),
    make('ul', {}, ...tracks.map((/** @type {any} */ track) => make('li', {}, trackWords(track)))),
    make('h3', {}, 'How it will play'),
    make('ul', {}, ...ways.map((/** @type {any} */ way) => make('li', {}, make('b', {}, wayName(way.format)), `: ${way.words}`))),
    ...(warnings.length === 0 ? [] : [
      make('h3', {}, 'Please mind'),
      make('ul', { class: 'warnings' }, ...warnings.map((/** @type {any} */ warning) =>
          make('li', {}, make('b', {}, sentence(warning.words)), ` ${warning.advice ? sentence(warning.advice) : ''}`))),
    ]),
    ...(isForSomeBrowsersOnly(tracks, ways) ? [make('div', { class: 'buttons' }, make('button', { type: 'button', click: encode }, 'Encode it for all browsers'))] : []),
  ];
}

/**
 * Whether fMP4 is passed on in a codec that only some browsers play.
 *
 * @param {any[]} tracks
 * @param {any[]} ways
 */
function isForSomeBrowsersOnly(tracks, ways) {
  return tracks.some(({ codec }) => ['hevc', 'av1'].includes(codec)) && ways.some(({ format, copied }) => format === 'fmp4' && copied);
}

/** @param {any} trial */
function failed({ words = 'It did not work', advice = '', log = [] }) {
  return [
    make('p', { class: 'bad' }, sentence(words)),
    advice ? make('p', {}, sentence(advice)) : make('span', {}),
    make('p', { class: 'hint' }, 'Change what is wrong, and try again. It may also be kept as it is: then it is tried again and again by itself.'),
    ...(log.length === 0 ? [] : [make('details', {}, make('summary', {}, 'What ffmpeg said'), make('pre', { class: 'log', tabindex: 0 }, log.join('\n')))]),
  ];
}

/** @param {any} track */
function trackWords({ kind, codec, name, width, height, fps, keyframeSeconds, bitrate: bits, sampleRate, channels }) {
  if (kind === 'audio') {
    return `Sound: ${name || codec}${sampleRate ? `, ${sampleRate} Hz` : ''}${channels ? `, ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`}` : ''}`;
  }
  const parts = [
    name || codec,
    width ? `${width} × ${height}` : '',
    isNumber(fps) ? `${figure(fps, fps % 1 === 0 ? 0 : 2)} frames per second` : '',
    isNumber(keyframeSeconds) ? `a keyframe every ${figure(keyframeSeconds, 1)} s` : '',
    isNumber(bits) && bits > 0 ? bitrate(bits / 8) : '',
  ];
  return `Picture: ${parts.filter(Boolean).join(', ')}`;
}
