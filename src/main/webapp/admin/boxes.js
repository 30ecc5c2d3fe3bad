// @ts-check
import { labelled, make, setText, ticked } from './dom.js';
import { count } from './words.js';

/** @typedef {import('./app.js').App} App */

/** So many are seen at once; more have a filter. */
const fewSources = 12;

/** Waits for the sources to choose from, if they have not come yet. @param {App} app */
export async function sourcesToChoose(app) {
  if (!app.sources.isKnown) {
    app.tell('Asking the server…');
    await app.sources.refresh().catch(console.info); // without them, there is none to choose
    app.hush('Asking the server…');
  }
}

/** Sources to choose from: a box for each, by title and id. */
export class SourceBoxes {
  element;
  /** @type {HTMLInputElement[]} */
  #boxes;
  #chosen = make('p', { class: 'hint', role: 'status' });

  /**
   * @param {App} app
   * @param {string[]} chosen ids, also of sources that are not there any more
   * @param {string} [hint]
   */
  constructor(app, chosen, hint = '') {
    const ids = [...new Set([...chosen, ...app.sources.all.keys()])]; // those that are chosen stand first
    this.#boxes = ids.map((id) => make('input', { type: 'checkbox', name: `source-${id}`, value: id, checked: chosen.includes(id) }));
    const fields = this.#boxes.map((box) => ticked(nameOf(app, box.value), box));
    const list = make('div', { class: 'boxes' }, ...fields);
    this.element = make('fieldset', {}, make('legend', {}, 'Sources'), hint ? make('p', { class: 'hint' }, hint) : null,
        ids.length > fewSources ? filterOf(fields) : null, list, this.#chosen);
    list.addEventListener('change', () => this.#count());
    this.#count();
  }

  #count() {
    const some = this.value.length;
    setText(this.#chosen, this.#boxes.length > fewSources ? `${some === 0 ? 'None' : some} of ${count(this.#boxes.length, 'source')} chosen` : '');
  }

  /** The ids that are chosen. */
  get value() {
    return this.#boxes.filter(({ checked }) => checked).map(({ value }) => value);
  }
}

/** @param {App} app @param {string} id */
function nameOf(app, id) {
  const title = app.sources.get(id)?.title;
  return title && title !== id ? `${title} (${id})` : id;
}

/** @param {HTMLElement[]} fields */
function filterOf(fields) {
  const input = make('input', { type: 'search', autocomplete: 'off' });
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const field of fields) {
      const text = (field.textContent ?? '').toLowerCase();
      field.hidden = !words.every((word) => text.includes(word));
    }
  });
  return labelled('Show only', input);
}
