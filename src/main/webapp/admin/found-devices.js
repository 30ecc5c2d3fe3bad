// @ts-check
import { actionButton, openDialog } from './actions.js';
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
  #words = make('p', { class: 'hint', role: 'status' }, 'Looking for cameras at this machine…');
  #left = new AbortController();

  /**
   * @param {App} app
   * @param {(found: Found) => void} choose
   */
  constructor(app, choose) {
    this.#app = app;
    this.#choose = choose;
    const place = make('p', { class: 'problem', role: 'alert' });
    this.element = make('section', { 'aria-labelledby': 'found-title' },
        make('h3', { id: 'found-title' }, 'Found here'), this.#words, this.#here,
        make('div', { class: 'buttons' }, actionButton(app, {
          label: 'Look for cameras on the network', busy: 'Looking for some seconds…', place, act: () => this.#search(),
        })), place, this.#network);
    this.#list();
  }

  close() {
    this.#left.abort();
  }

  async #list() {
    try {
      const { webcams = [], piCameras = [], displays = [] } = await this.#app.api.get('devices', this.#left.signal);
      const all = [
        ...webcams.map((/** @type {any} */ { device, name }) => this.#button(`${name || 'Webcam'} (${device})`, 'webcam', name || 'Webcam', { device })),
        ...piCameras.map((/** @type {any} */ { camera, model }) => this.#button(`Pi camera ${camera}, ${model}`, 'pi-camera', 'Pi camera', { camera })),
        ...displays.map((/** @type {string} */ display) => this.#button(`Screen ${display}`, 'screen', 'Screen', { display })),
      ];
      this.#here.replaceChildren(...all);
      setText(this.#words, all.length === 0 ? 'No webcam, Pi camera or display is at this machine.' : '');
    } catch (error) {
      if (!this.#left.signal.aborted) {
        setText(this.#words, `What is at this machine is not known: ${troubleWords(error)}`);
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
    const { cameras } = await this.#app.api.get('discovery/onvif?seconds=3', this.#left.signal);
    this.#network.replaceChildren(...cameras.map((/** @type {any} */ camera) => make('li', {},
        make('button', { type: 'button', click: () => this.#askCamera(camera) }, `${camera.name || camera.hardware || 'Camera'} (${camera.address})`))));
    this.#app.tell(cameras.length === 0 ? '' : `${count(cameras.length, 'camera')} answered.`);
    if (cameras.length === 0) {
      throw new Error('No ONVIF camera answered. Cameras in another network, or with ONVIF switched off, are added by their address.');
    }
    return undefined;
  }

  /** @param {any} camera */
  #askCamera(camera) {
    const user = make('input', { autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', autofocus: true });
    const password = make('input', { type: 'password', autocomplete: 'new-password' });
    const place = make('p', { class: 'problem', role: 'alert' });
    const streams = make('ul', { class: 'found', role: 'list' });
    openDialog(camera.name || camera.address, (close) => [
      make('p', {}, 'Cameras tell their streams to who may watch them.'),
      labelled('User', user), labelled('Password', password), place,
      make('div', { class: 'buttons' },
          make('button', { type: 'button', click: () => close() }, 'Cancel'),
          actionButton(this.#app, {
            label: 'Ask for its streams', busy: 'Asking…', place, kind: 'primary',
            act: async () => {
              const { data } = await this.#app.api.call('POST', 'discovery/onvif', {
                body: { service: camera.services[0] ?? '', user: user.value, password: password.value },
              });
              streams.replaceChildren(...data.streams.map((/** @type {any} */ stream) => make('li', {}, make('button', {
                type: 'button',
                click: () => {
                  close();
                  this.#choose({
                    kind: 'url', title: camera.name || data.model || '',
                    settings: { url: stream.url, user: user.value || undefined, password: password.value || undefined },
                  });
                },
              }, `${stream.name}: ${stream.encoding}, ${stream.width} × ${stream.height}, ${stream.fps} fps`))));
              return false;
            },
          })),
      streams,
    ]);
  }
}
