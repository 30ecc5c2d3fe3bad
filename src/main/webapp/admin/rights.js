// @ts-check
import { SourceBoxes } from './boxes.js';
import { labelled, make } from './dom.js';

/** @typedef {import('./app.js').App} App */

const roleWords = Object.freeze({
  viewer: 'Viewer: watches chosen sources',
  operator: 'Operator: starts and stops all',
  admin: 'Administrator: everything',
});

/** What roles are called in lists. */
const roleNames = Object.freeze({ viewer: 'viewer', operator: 'operator', admin: 'administrator' });

/** @param {string} role */
export function roleName(role) {
  return roleNames[/** @type {keyof typeof roleNames} */ (role)] ?? role;
}

/** What somebody of that role may watch. @param {string} role @param {string[] | undefined} sources */
export function sourcesInWords(role, sources = []) {
  return role === 'viewer' ? sources.join(', ') || 'only public ones' : 'all';
}

/** The fields for a role, and for the sources of a viewer. */
export class Rights {
  #role;
  #sources;
  elements;

  /**
   * @param {App} app
   * @param {string} role
   * @param {string[]} sources
   */
  constructor(app, role, sources) {
    this.#role = make('select', { name: 'role' }, ...Object.entries(roleWords).map(([value, words]) => make('option', { value, selected: value === role }, words)));
    this.#sources = new SourceBoxes(app, sources, 'What is public may be watched anyway.');
    this.#sources.element.hidden = role !== 'viewer';
    this.#role.addEventListener('change', () => (this.#sources.element.hidden = this.#role.value !== 'viewer'));
    this.elements = [labelled('Role', this.#role), this.#sources.element];
  }

  get value() {
    const isViewer = this.#role.value === 'viewer';
    return { role: this.#role.value, ...(isViewer ? { sources: this.#sources.value } : {}) };
  }
}
