// @ts-check
import { actionButton } from './actions.js';
import { make, setText } from './dom.js';
import { bitrate, figure, isNumber, sentence, wayName } from './words.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} TrialForm
 * @property {() => any} settings what is to be tried
 * @property {() => void} encode has it encoded for all browsers
 * @property {(isOfLogin: boolean) => void} mend leads to what is wrong: user and password, or where it comes from
 * @property {(isGood: boolean) => void} ended told what came of it
 */

/** So long the server waits for a picture. */
const mostSeconds = 15;

/** Tries settings before they are kept: the picture, what is in the stream, how it will play, what to mind. */
export class Trial {
  element = make('div', { class: 'trial' });
  #app;
  #form;
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
   * @param {TrialForm} form
   * @param {string} id of the source whose secrets count where they are not typed anew; empty for none
   */
  constructor(app, form, id) {
    this.#path = id ? `probe?source=${encodeURIComponent(id)}` : 'probe';
    this.#app = app;
    this.#form = form;
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
    const tick = () => {
      setText(this.#progress, seconds <= mostSeconds ? `Waiting for a picture: ${seconds} s of at most ${mostSeconds} s.` : `Waiting for the server: ${seconds} s.`);
      seconds++;
    };
    tick();
    this.#timer = setInterval(tick, 1_000);
    try {
      const settings = this.#form.settings();
      const { data } = await this.#app.api.call('POST', this.#path, { body: settings, signal: running.signal });
      const isOfLogin = data.cause === 'WRONG_PASSWORD' && !/^srt:/i.test(settings.url ?? ''); // which has a passphrase
      this.#result.replaceChildren(...(data.ok ? found(data, this.#form.encode) : failed(data, isOfLogin, this.#form.mend)));
      this.#form.ended(Boolean(data.ok));
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

/**
 * @param {any} trial
 * @param {boolean} isOfLogin whether user or password was refused
 * @param {TrialForm['mend']} mend
 */
function failed({ words = 'It did not work', advice = '', log = [] }, isOfLogin, mend) {
  return [
    make('p', { class: 'bad' }, sentence(words)),
    advice ? make('p', {}, sentence(advice)) : make('span', {}),
    make('div', { class: 'buttons' }, make('button', { type: 'button', class: 'primary', click: () => mend(isOfLogin) }, isOfLogin ? 'Change user and password' : 'Change what is wrong')),
    make('p', { class: 'hint' }, 'It may also be kept as it is: then it is tried again and again by itself.'),
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
