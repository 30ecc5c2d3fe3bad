// @ts-check
import { actionButton, copyLine } from './actions.js';
import { make } from './dom.js';

/** @typedef {import('./app.js').App} App */

/** Who sends sees what viewers see, by whichever way the player takes. */
const waysOfLiveLink = Object.freeze(['publish', 'fmp4', 'mp4', 'mpeg1', 'ts', 'mjpeg', 'gif', 'jpg']);
const hours = 24;
const longestTitle = 100;

/** The page by which a browser sends to a source, for here and to hand on. */
export class BrowserLines {
  element;
  #app;
  #id;
  #place = make('p', { class: 'problem', role: 'alert' });
  #lines = make('ul', { class: 'lines', role: 'list' });

  /** @param {App} app @param {string} id @param {string} key */
  constructor(app, id, key) {
    this.#app = app;
    this.#id = id;
    const page = new URL(`../publish/${id}`, import.meta.url).href;
    this.#lines.append(copyLine(app, 'Page, which asks for the key', page).element);
    this.element = make('div', {},
        make('p', { class: 'hint' }, 'A phone or a computer sends its camera, screen or microphone from a browser, where this server has https.'),
        this.#lines, this.#place,
        make('div', { class: 'buttons' },
            make('a', { class: 'button', href: `${page}#key=${encodeURIComponent(key)}`, target: '_blank' }, 'Open on this device'),
            actionButton(app, {
              label: 'Make a link to send', busy: 'Making it…', done: 'The link is made; the lines above have it.', place: this.#place,
              act: () => this.#makeLink(),
            })));
  }

  async #makeLink() {
    const { data } = await this.#app.api.call('POST', 'links', {
      body: { title: `To go live at ${this.#id}`.slice(0, longestTitle), sources: [this.#id], ways: waysOfLiveLink, hours },
    });
    const address = new URL(`..${data.path}`, import.meta.url).href;
    const { element } = copyLine(this.#app, 'Link that needs no key, for a day', address, 'Whoever has it sends and watches. Revoke it, or make one for longer, under “Share”.');
    this.#lines.append(element);
    element.querySelector('button')?.focus();
  }
}
