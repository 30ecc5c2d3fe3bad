// @ts-check
import { checkAddress } from './address.js';
import { labelled, make, setText, tellAt, ticked } from './dom.js';
import { originEntry, originLine } from './origin-lines.js';

/** @typedef {import('./kinds.js').Field} Field */

const keyBytes = 18;

/** A key nobody guesses. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_');
}

/** One key of a source's file in a form. */
export class FieldInput {
  element;
  field;
  input;
  /** What the file said when it was read. @type {unknown} */
  #before = undefined;
  /** Whether a secret that stands in the file is to go. */
  #isRemoved = false;
  #isOutOfPlace = false;
  #remove = make('button', { type: 'button', class: 'link', hidden: true }, 'Remove it');
  /** @type {(check: import('./address.js').AddressCheck) => void} */
  onaddress = () => {};
  /** Told whenever the address is another. @type {(address: string) => void} */
  ontyped = () => {};

  /** @param {Field} field */
  constructor(field) {
    this.field = field;
    this.input = makeInput(field);
    this.element = field.type === 'switch'
        ? ticked(field.label, /** @type {HTMLInputElement} */ (this.input), field.hint)
        : labelled(field.label, this.input, field.hint);
    if (field.type === 'address') {
      this.#checkWhileTyped();
    }
    if (field.type === 'secret') {
      this.#remove.setAttribute('aria-label', `Remove the ${field.label.toLowerCase()}`);
      this.#remove.addEventListener('click', () => this.#removeSecret());
      this.input.addEventListener('input', () => (this.#isRemoved = false));
      this.input.after(this.#remove);
    }
  }

  /** Shows what the file says; `undefined` for nothing. @param {unknown} value */
  load(value) {
    this.#before = value;
    this.#write(value);
  }

  /** Takes what the file says now, and keeps what was typed. @param {unknown} value */
  reload(value) {
    const isTouched = this.isChanged;
    this.#before = value;
    if (!isTouched) {
      this.#write(value);
    }
  }

  /** Takes it away where it makes no sense, with what is in it. @param {string} address */
  fitTo(address) {
    const isFit = !this.field.only || this.field.only.test(address.trim());
    this.#isOutOfPlace = !isFit;
    this.element.hidden = !isFit;
  }

  /** Whether it differs from what the file said. */
  get isChanged() {
    if (this.#isOutOfPlace) {
      return this.#before !== undefined;
    }
    return this.#isRemoved || textOf(this.value) !== textOf(this.#shown());
  }

  /** What is to stand in the file; `undefined` for nothing, so that the usual counts. */
  get value() {
    const { input, field } = this;
    if (this.#isOutOfPlace) {
      return undefined;
    }
    if (field.type === 'switch') {
      const isOn = /** @type {HTMLInputElement} */ (input).checked;
      return isOn === (field.isOn ?? false) ? undefined : isOn;
    }
    const text = input.value.trim();
    if (field.type === 'secret' || field.type === 'key') {
      return input.value === '' ? undefined : { value: input.value };
    }
    if (field.type === 'choice' && text === field.choices?.[0][0]) {
      return undefined;
    }
    if (text === '') {
      return undefined;
    }
    if (isList(field)) {
      const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
      return field.type === 'origins' ? lines.map(originEntry) : lines;
    }
    const isNumber = field.type === 'number' || (field.type === 'choice' && /^\d+$/.test(text));
    return isNumber ? Number(text) : text;
  }

  /** What is wrong with it, as far as can be said here; empty if nothing. */
  get trouble() {
    const { input, field } = this;
    const isKept = field.type === 'secret' || field.type === 'key' ? this.#before !== undefined : false;
    if (field.required && this.value === undefined && !isKept) {
      return `${field.label} is needed.`;
    }
    if (field.type === 'address' && checkAddress(input.value).verdict === 'wrong') {
      return checkAddress(input.value).words;
    }
    return input.validationMessage;
  }

  /** @param {string} words what is wrong, for people; empty for nothing */
  tell(words) {
    tellAt(this.element, words);
  }

  /** What {@link value} is while nothing is typed. */
  #shown() {
    const { field } = this;
    if (field.type === 'secret' || field.type === 'key') {
      return undefined;
    }
    if (field.type === 'switch') {
      return this.#before === (field.isOn ?? false) ? undefined : this.#before;
    }
    if (field.type === 'choice' && String(this.#before) === field.choices?.[0][0]) {
      return undefined;
    }
    if (isList(field) && this.#before !== undefined) {
      const items = [this.#before].flat();
      return field.type === 'origins' ? items.map((each) => originEntry(originLine(each))) : items;
    }
    return this.#before;
  }

  /** @param {unknown} value */
  #write(value) {
    const { input, field } = this;
    if (field.type === 'switch') {
      /** @type {HTMLInputElement} */ (input).checked = typeof value === 'boolean' ? value : field.isOn ?? false;
    } else if (field.type === 'secret' || field.type === 'key') {
      input.value = '';
      input.setAttribute('placeholder', value === undefined ? '' : 'stays as it is');
      this.#remove.hidden = value === undefined || field.type === 'key';
    } else if (field.type === 'choice') {
      input.value = value === undefined ? field.choices?.[0][0] ?? '' : String(value);
    } else if (field.type === 'origins') {
      input.value = [value ?? []].flat().map(originLine).join('\n');
    } else {
      input.value = Array.isArray(value) ? value.join('\n') : value === undefined ? '' : String(value);
    }
    input.dispatchEvent(new Event('input'));
  }

  #removeSecret() {
    this.input.value = '';
    this.input.setAttribute('placeholder', 'will be removed');
    this.#isRemoved = true;
    this.#remove.hidden = true;
    this.input.focus();
  }

  #checkWhileTyped() {
    const said = make('p', { class: 'hint said', id: `${this.input.id}-said`, role: 'status' });
    const instead = make('button', { type: 'button', class: 'link', hidden: true });
    this.input.setAttribute('aria-describedby', `${said.id} ${this.input.id}-problem`);
    this.input.after(said, instead);
    this.input.addEventListener('input', () => {
      const check = checkAddress(this.input.value);
      setText(said, check.words);
      said.dataset.verdict = check.verdict;
      this.ontyped(this.input.value);
      this.tell('');
      instead.hidden = check.instead === undefined;
      setText(instead, `Take ${check.instead ?? ''}`);
      instead.onclick = () => {
        this.input.value = check.instead ?? '';
        this.input.dispatchEvent(new Event('input'));
        this.input.focus();
      };
    });
    // Not on the way to a button: what is said here gets shorter, and the button would move away from the pointer.
    this.input.addEventListener('blur', ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && relatedTarget.matches('input, select, textarea')) {
        this.settle();
      }
    });
    this.input.dispatchEvent(new Event('input'));
  }

  /** Takes for granted what is missing of an address that is typed to the end, and user and password apart. */
  settle() {
    if (this.field.type !== 'address') {
      return;
    }
    const { instead, isCut } = checkAddress(this.input.value);
    const whole = checkAddress(isCut ? instead ?? '' : this.input.value);
    const settled = whole.without ?? (isCut ? instead : undefined);
    if (settled !== undefined) {
      this.input.value = settled;
      this.onaddress(whole);
      this.input.dispatchEvent(new Event('input'));
    }
  }
}

/** Whether it is written a line for each. @param {Field} field */
function isList({ type }) {
  return type === 'lines' || type === 'origins';
}

/** A number and its digits are the same to a file. @param {unknown} value */
function textOf(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
}

/** @param {Field} field */
function makeInput(field) {
  const { type, usual, least, most, step, required } = field;
  if (type === 'choice') {
    return make('select', { name: field.key }, ...(field.choices ?? []).map(([value, label]) => make('option', { value }, label)));
  }
  if (isList(field)) {
    return make('textarea', { name: field.key, rows: 3, spellcheck: 'false', 'aria-required': required ? 'true' : null });
  }
  if (type === 'switch') {
    return make('input', { name: field.key, type: 'checkbox', checked: field.isOn ?? false });
  }
  const isSecret = type === 'secret';
  return make('input', {
    name: field.key,
    type: type === 'number' ? 'number' : isSecret ? 'password' : 'text',
    inputmode: type === 'address' ? 'url' : null,
    autocomplete: isSecret ? 'new-password' : 'off',
    autocapitalize: 'none', spellcheck: 'false',
    placeholder: usual, min: least, max: most, step,
    'aria-required': required ? 'true' : null,
  });
}

/**
 * What stands at a key with dots.
 *
 * @param {any} settings
 * @param {string} key
 */
export function valueAt(settings, key) {
  return key.split('.').reduce((within, part) => (within && typeof within === 'object' ? within[part] : undefined), settings);
}

/**
 * Puts a value at a key with dots.
 *
 * @param {any} settings
 * @param {string} key
 * @param {unknown} value
 */
export function putAt(settings, key, value) {
  const parts = key.split('.');
  const last = /** @type {string} */ (parts.pop());
  let within = settings;
  for (const part of parts) {
    if (!within[part] || typeof within[part] !== 'object') {
      within[part] = {};
    }
    within = within[part];
  }
  within[last] = value;
}
