// @ts-check
import { setText } from '../pages/dom.js';

export { setText };

/**
 * An element with its attributes and children. A function is a listener for the event of that name, `true` an
 * attribute without value; `false`, `null` and `undefined` are left out.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, /** @type {EventListener} */ (value));
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

let made = 0;

/** An id that no other element of the page has. @param {string} stem */
export function newId(stem) {
  return `${stem}-${++made}`;
}

/**
 * A label, what it is for, and a line that explains it.
 *
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} input
 * @param {string} [hint]
 */
export function labelled(label, input, hint = '') {
  input.id ||= newId('field');
  const error = make('p', { class: 'problem', id: `${input.id}-problem`, 'aria-live': 'polite' });
  const about = make('p', { class: 'hint', id: `${input.id}-hint` }, hint);
  input.setAttribute('aria-describedby', hint ? `${about.id} ${error.id}` : error.id);
  const isSecret = input.getAttribute('type') === 'password';
  const place = isSecret ? make('div', { class: 'secret' }, input, showButton(/** @type {HTMLInputElement} */ (input))) : input;
  return make('div', { class: 'field' }, make('label', { for: input.id }, label), place, hint ? about : null, error);
}

/** Shows what is typed into a field that hides it. @param {HTMLInputElement} input */
function showButton(input) {
  const button = make('button', { type: 'button', 'aria-pressed': 'false', 'aria-label': 'Show what is typed' }, 'Show');
  button.addEventListener('click', () => {
    const isShown = input.type === 'password';
    input.type = isShown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(isShown));
  });
  return button;
}

/** Stands where something will be that the server was asked for. */
export function asking() {
  return make('p', { class: 'hint' }, 'Asking the server…');
}

/**
 * A box to tick, with its label beside it.
 *
 * @param {string} label
 * @param {HTMLInputElement} input
 * @param {string} [hint]
 */
export function ticked(label, input, hint = '') {
  input.id ||= newId('field');
  return make('div', { class: 'field tick' }, input, make('label', { for: input.id }, label), hint ? make('p', { class: 'hint' }, hint) : null);
}

/**
 * Says below a field what is wrong with it; nothing if `words` is empty.
 *
 * @param {Element} field as {@link labelled} makes it
 * @param {string} words
 */
export function tellAt(field, words) {
  const place = field.querySelector('.problem');
  const input = field.querySelector('input, select, textarea');
  if (place instanceof HTMLElement) {
    setText(place, words);
  }
  if (input) {
    words ? input.setAttribute('aria-invalid', 'true') : input.removeAttribute('aria-invalid');
  }
}

/**
 * Names and values.
 *
 * @param {[string, Node | string][]} lines
 */
export function numbers(lines) {
  return make('dl', { class: 'numbers' }, ...lines.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))));
}

/**
 * A table that scrolls within itself where it is too wide; on a phone each row is a card, on which each cell says
 * what it is.
 *
 * @param {string} caption for screen readers
 * @param {readonly string[]} heads
 * @param {HTMLTableRowElement[]} rows as {@link row} makes them
 */
export function table(caption, heads, rows) {
  return make('div', { class: 'wide', role: 'region', 'aria-label': caption, tabindex: 0 },
      make('table', {},
          make('caption', { class: 'visually-hidden' }, caption),
          make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
          make('tbody', {}, ...rows)));
}

/**
 * @param {readonly string[]} heads of the table
 * @param {...(Node | string)} cells the first one names the row
 */
export function row(heads, ...cells) {
  const [first, ...others] = cells;
  return make('tr', {}, make('th', { scope: 'row' }, first), ...others.map((cell, i) => make('td', { 'data-head': heads[i + 1] }, cell)));
}
