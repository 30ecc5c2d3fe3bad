// @ts-check
import { actionButton, openDialog, run } from './actions.js';
import { hostOf } from './address.js';
import { Problem } from './api.js';
import { labelled, make, setText } from './dom.js';
import { count, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

/**
 * What somebody chose.
 *
 * @typedef {object} Found
 * @property {string} kind
 * @property {string} title
 * @property {Record<string, unknown>} settings
 */

/** What this machine and its network have to show: webcams, a Pi's cameras, displays, ONVIF cameras. */
export class FoundDevices {
  element;
  #app;
  #choose;
  #here = make('ul', { class: 'found', role: 'list' });
  #network = make('ul', { class: 'found', role: 'list' });
  #words = make('p', { class: 'hint', role: 'status' }, 'Looking for cameras at the server itself…');
  #host = make('input', { name: 'host', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 253 });
  #left = new AbortController();

  /**
   * @param {App} app
   * @param {(found: Found) => void} choose
   */
  constructor(app, choose) {
    this.#app = app;
    this.#choose = choose;
    const place = make('p', { class: 'problem', role: 'alert' });
    const search = actionButton(app, { label: 'Look for cameras on the network', busy: 'Looking for some seconds…', place, act: () => this.#search() });
    this.#host.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        event.preventDefault(); // which would go on to the next step
        search.click();
      }
    });
    this.element = make('section', { class: 'finding', 'aria-labelledby': 'found-title' },
        make('h3', { id: 'found-title' }, 'Cameras that can be found'), this.#words, this.#here,
        make('div', { class: 'searching' }, search,
            labelled('At one address only', this.#host, 'Optional, such as 192.168.1.20: for a camera in another network.')),
        place, this.#network);
    this.#list();
  }

  close() {
    this.#left.abort();
  }

  /** The one address, as it was typed. */
  get typed() {
    return this.#host.value.trim();
  }

  async #list() {
    try {
      const { webcams = [], piCameras = [], displays = [] } = await this.#app.api.get('devices', this.#left.signal);
      const all = [
        ...webcams.map((/** @type {any} */ { device, name }) => this.#button(`${name || 'Webcam'} (${device})`, 'webcam', name || 'Webcam', { device })),
        ...piCameras.map((/** @type {any} */ { camera, model }) => this.#button(`Raspberry Pi camera ${camera} (${model})`, 'pi-camera', 'Pi camera', { camera })),
        ...displays.map((/** @type {string} */ display) => this.#button(`Screen of the server (${display})`, 'screen', 'Screen', { display })),
      ];
      this.#here.replaceChildren(...all);
      setText(this.#words, all.length === 0 ? 'At the server itself there is no webcam, Pi camera or display.' : '');
    } catch (error) {
      if (!this.#left.signal.aborted) {
        setText(this.#words, `What is at the server itself is not known: ${troubleWords(error)}`);
      }
    }
  }

  /**
   * @param {string} label
   * @param {string} kind
   * @param {string} title
   * @param {Record<string, unknown>} settings
   */
  #button(label, kind, title, settings) {
    return make('li', {}, make('button', { type: 'button', click: () => this.#choose({ kind, title, settings }) }, label));
  }

  async #search() {
    const host = hostOf(this.typed);
    if (this.typed && !host) {
      throw new Error('Expected the number or the name of one camera, such as 192.168.1.20');
    }
    this.#network.replaceChildren();
    const { cameras } = await this.#app.api.get(`discovery/onvif?seconds=3${host && `&host=${encodeURIComponent(host)}`}`, this.#left.signal);
    if (cameras.length === 0) {
      throw new Error(host
          ? `No ONVIF camera answered at ${host}. Is it switched on, and ONVIF at its own page? It can be added by its address, below`
          : 'No ONVIF camera answered. Many have ONVIF switched off at first: switch it on at the camera’s own page, or add the camera by its address, below');
    }
    this.#network.replaceChildren(...cameras.map((/** @type {any} */ camera) => make('li', {},
        make('button', { type: 'button', click: () => this.#askCamera(camera) }, `${camera.name || camera.hardware || 'Camera'} (${camera.address})`))));
    this.#app.tell(`${count(cameras.length, 'camera')} answered.`);
    return false; // which would take that back
  }

  /** @param {any} camera */
  #askCamera(camera) {
    const user = make('input', { autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', autofocus: true });
    const password = make('input', { type: 'password', autocomplete: 'new-password' });
    const place = make('p', { class: 'problem', role: 'alert' });
    const said = make('p', { class: 'hint', role: 'status' });
    const streams = make('ul', { class: 'found', role: 'list' });
    const submit = make('button', { class: 'primary' }, 'Ask for its streams');
    openDialog(camera.name || camera.address, (close) => {
      const form = make('form', { class: 'stack' },
          make('p', {}, 'Most cameras tell their streams only to who may watch them. User and password are those of the camera, as its own page or app knows them.'),
          labelled('User', user), labelled('Password', password), place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit), said, streams);
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        run(this.#app, submit, {
          label: 'Ask for its streams', busy: 'Asking the camera…', place,
          act: async () => {
            streams.replaceChildren();
            setText(said, '');
            const data = await this.#streamsOf(camera, user.value, password.value);
            setText(said, `${count(data.streams.length, 'stream')}: please choose one. A smaller one takes less of the network and of the server.`);
            streams.replaceChildren(...data.streams.map((/** @type {any} */ stream) => make('li', {}, make('button', {
              type: 'button',
              click: () => {
                close();
                this.#choose({
                  kind: 'url', title: camera.name || data.model || '',
                  settings: { url: stream.url, user: user.value || undefined, password: password.value || undefined },
                });
              },
            }, streamWords(stream)))));
            streams.querySelector('button')?.focus();
          },
        });
      });
      return [form];
    });
  }

  /** @param {any} camera @param {string} user @param {string} password */
  async #streamsOf({ address, services }, user, password) {
    const host = address.includes(':') ? `[${address}]` : address;
    const service = services[0] ?? `http://${host}/onvif/device_service`; // as most have it
    try {
      return (await this.#app.api.call('POST', 'discovery/onvif', { body: { service, user, password } })).data;
    } catch (error) {
      const advice = error instanceof Problem ? adviceOf[/** @type {keyof typeof adviceOf} */ (error.status)] : undefined;
      throw advice ? new Error(`${troubleWords(error)} ${advice}`) : error;
    }
  }
}

/** What to do when a camera does not tell its streams, by the status of the answer. */
const adviceOf = Object.freeze({
  422: 'Many cameras have users of their own for ONVIF: make one at the camera’s page. Several wrong tries lock some of them for a while.',
  502: 'It may still be added by its address: choose “Cancel”, then “Camera or stream by its address”.',
  504: 'Is it switched on, and in a network that the server reaches?',
});

/** @param {any} stream */
function streamWords({ name, encoding, width, height, fps }) {
  const parts = [encoding, width > 0 ? `${width} × ${height}` : '', fps > 0 ? `${fps} frames per second` : ''];
  return `${name}: ${parts.filter(Boolean).join(', ')}`;
}
