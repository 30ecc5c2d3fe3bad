// @ts-check
import { labelled, make, ticked } from './dom.js';

/** @typedef {import('./app.js').App} App */

const roleWords = Object.freeze({
  viewer: 'Viewer: watches the sources chosen below',
  operator: 'Operator: watches all, starts and stops them',
  admin: 'Administrator: all',
});

/** The fields for a role, and for the sources of a viewer. */
export class Rights {
  #role;
  #boxes;
  #sources;
  elements;

  /**
   * @param {App} app
   * @param {string} role
   * @param {string[]} sources
   */
  constructor(app, role, sources) {
    this.#role = make('select', { name: 'role' }, ...Object.entries(roleWords).map(([value, words]) => make('option', { value, selected: value === role }, words)));
    const ids = new Set([...app.sources.all.keys(), ...sources]);
    this.#boxes = [...ids].map((id) => make('input', { type: 'checkbox', name: `source-${id}`, value: id, checked: sources.includes(id) }));
    this.#sources = make('fieldset', { class: 'boxes' }, make('legend', {}, 'Sources'), ...this.#boxes.map((box) => ticked(box.value, box)));
    this.#sources.hidden = role !== 'viewer';
    this.#role.addEventListener('change', () => (this.#sources.hidden = this.#role.value !== 'viewer'));
    this.elements = [labelled('Role', this.#role), this.#sources];
  }

  get value() {
    const isViewer = this.#role.value === 'viewer';
    return { role: this.#role.value, ...(isViewer ? { sources: this.#boxes.filter(({ checked }) => checked).map(({ value }) => value) } : {}) };
  }
}
