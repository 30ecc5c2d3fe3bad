// @ts-check
import { actionButton, run } from './actions.js';
import { Problem } from './api.js';
import { asking, labelled, make, setText, tellAt, ticked } from './dom.js';
import { FieldInput, newKey, putAt, valueAt } from './fields.js';
import { FoundDevices } from './found-devices.js';
import { makeChoice } from './makes.js';
import { furtherFields, kindOf, kinds, nameFields, renditionFields, runningFields } from './kinds.js';
import { Trial } from './trial.js';
import { sentence } from './words.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./kinds.js').Field} Field
 */

const stepNames = ['Kind', 'Address', 'Try', 'Name'];
const addressStep = 1;
const trialStep = 2;
const nameStep = 3;
const longestId = 64;

/** Adds a source in four steps, or changes one by the same fields. */
export class SourceForm {
  title;
  element = make('div', { class: 'source-form' });
  #app;
  /** Of the source that is changed; empty for a new one. */
  #id;
  #kind = '';
  #step = 0;
  /** @type {Map<string, FieldInput>} by key */
  #inputs = new Map();
  /** @type {Map<string, HTMLInputElement>} whether a format is on */
  #formats = new Map();
  /** What the file says. @type {any} */
  #settings = {};
  #tag = '';
  #isIdTyped = false;
  #place = make('p', { class: 'problem', role: 'alert' });
  #conflict = make('div', { class: 'conflict', role: 'alert', hidden: true });
  #kindFields = make('div', { class: 'fields' });
  #addressWords = make('p', { class: 'hint' });
  #trial;
  /** @type {FoundDevices | null} */
  #found = null;
  #idInput = make('input', { name: 'id', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: longestId, 'aria-required': 'true' });
  #idField = labelled('Id', this.#idInput, 'Part of its addresses, such as /watch/front-gate: a-z, 0-9 and -. It cannot be changed later.');
  /** @type {HTMLElement[]} */
  #sections = [];
  #steps = make('ol', { class: 'steps', 'aria-label': 'Steps' });
  #back = make('button', { type: 'button', click: () => this.#goTo(this.#step - (this.#isPublished && this.#step === nameStep ? 2 : 1)) }, 'Back');
  #next = make('button', { type: 'submit', class: 'primary' }, 'Next');
  #form = make('form', { novalidate: true });
  #heading;

  /**
   * @param {App} app
   * @param {string} [id]
   */
  constructor(app, id = '') {
    this.#app = app;
    this.#id = id;
    this.title = id ? `Change ${id}` : 'Add a source';
    this.#heading = make('h1', {}, this.title);
    this.#trial = new Trial(app, {
      settings: () => this.#probed(), encode: () => this.#encode(), mend: (isOfLogin) => this.#mend(isOfLogin),
      ended: (isGood) => this.#next.classList.toggle('primary', isGood || Boolean(id)),
    }, id);
    this.#kindFields.addEventListener('input', () => this.#trial.clear());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#id ? this.#save() : this.#goOn();
    });
    if (id) {
      const meanwhile = asking();
      this.element.append(this.#heading, meanwhile); // which keeps the focus
      this.#load().then(() => meanwhile.replaceWith(this.#form),
          (error) => meanwhile.replaceWith(make('p', { class: 'problem', role: 'alert' }, sentence(error.message))));
    } else {
      this.#buildWizard();
    }
  }

  close() {
    this.#trial.close();
    this.#found?.close();
  }

  #buildWizard() {
    this.#found = new FoundDevices(this.#app, (found) => this.#takeFound(found));
    const cards = kinds.map(({ kind, name, about }) => make('label', { class: 'kind' },
        make('input', { type: 'radio', name: 'kind', value: kind, change: () => this.#setKind(kind) }), make('b', {}, name), make('span', {}, about)));
    this.#sections = [
      section('What is it?', this.#found.element, make('fieldset', { class: 'kinds' }, make('legend', {}, 'Or choose yourself'), ...cards)),
      section('Where does it come from?', this.#addressWords, this.#kindFields),
      section('Does it work?', this.#trial.element),
      section('What is it called?', ...this.#nameSection()),
    ];
    this.#steps.append(...stepNames.map((name) => make('li', {}, name)));
    this.#form.append(...this.#sections, this.#place, make('div', { class: 'buttons' }, this.#back, this.#next));
    this.element.append(this.#heading, this.#steps, this.#form);
    this.#proposeIds();
    this.#show(0);
  }

  async #load() {
    const { data, headers } = await this.#app.api.call('GET', `sources/${this.#id}`);
    this.#settings = data.settings ?? {};
    this.#tag = headers.get('ETag') ?? '';
    if (data.mirroredBy) {
      throw new Error(`${this.#id} has no settings of its own: ${data.mirroredBy} mirrors it from another node; change that source, or this one at the other node`);
    }
    if (!data.settings) {
      throw new Error(`sources/${this.#id}.yaml is not YAML, so that this page cannot change it: mend the file by hand`);
    }
    this.#setKind(String(this.#settings.kind ?? ''));
    const place = make('p', { class: 'problem', role: 'alert' });
    const save = make('button', { type: 'submit', class: 'primary' }, 'Save');
    this.#next = save;
    this.#trial.element.hidden = this.#isPublished;
    this.#form.append(
        section('Where does it come from?', this.#addressWords, this.#kindFields),
        section('Does it work?', make('p', { class: 'hint', hidden: !this.#isPublished }, 'There is nothing to try: whoever sends it finds what to paste at the page of this source, under “Send to it”.'), this.#trial.element),
        section('Name and rights', ...this.#nameSection()),
        this.#conflict, this.#place,
        make('div', { class: 'buttons' }, save, make('a', { class: 'button', href: `#/sources/${this.#id}` }, 'Cancel')),
        make('section', { class: 'apart' }, make('h2', {}, 'Delete'),
            make('p', {}, 'Its settings are removed, and whoever watches it is cut off.'), place,
            actionButton(this.#app, {
              label: 'Delete this source', busy: 'Deleting…', done: `${this.#id} is deleted.`, place, kind: 'danger',
              question: { title: `Delete ${this.#id}?`, text: 'Its settings are removed, and whoever watches it is cut off. This cannot be undone.', yes: 'Delete' },
              act: () => this.#delete(),
            })));
    setText(this.#heading, `Change ${this.#settings.title || this.#id}`);
    for (const input of this.#inputs.values()) {
      input.load(this.#loaded(input));
    }
    this.#loadFormats();
  }

  /** What counts for a field by the file. @param {FieldInput} input */
  #loaded({ field }) {
    return valueAt(this.#settings, field.key) ?? (field.isIdElse ? this.#id : undefined);
  }

  #loadFormats() {
    for (const [format, input] of this.#formats) {
      input.checked = !isOff(valueAt(this.#settings, `renditions.${format}`));
      input.dispatchEvent(new Event('change'));
    }
  }

  /** The fields of the last step. */
  #nameSection() {
    const [title, access] = this.#fields(nameFields);
    const [keepRunning, ...running] = this.#fields(runningFields);
    const formats = renditionFields.map(({ format, name, about, fields }) => {
      const isOn = make('input', { type: 'checkbox', checked: true, name: `renditions.${format}` });
      const own = make('div', { class: 'fields' }, ...this.#fields(fields));
      isOn.addEventListener('change', () => (own.hidden = !isOn.checked));
      this.#formats.set(format, isOn);
      return make('fieldset', {}, make('legend', {}, name), make('p', { class: 'hint' }, about), ticked(`Offer ${name}`, isOn), own);
    });
    return [
      title, this.#id ? null : this.#idField, access, keepRunning,
      make('details', {}, make('summary', {}, 'When it runs'), make('div', { class: 'fields' }, ...running)),
      make('details', {}, make('summary', {}, 'Formats that viewers can ask for'), ...formats),
      make('details', {}, make('summary', {}, 'Other pages, and limits for its programs'), make('div', { class: 'fields' }, ...this.#fields(furtherFields))),
    ];
  }

  /** @param {Field[]} fields */
  #fields(fields) {
    return fields.map((field) => {
      const input = new FieldInput(field);
      this.#inputs.set(field.key, input);
      return input.element;
    });
  }

  /** @param {string} kind */
  #setKind(kind) {
    if (kind === this.#kind) {
      return;
    }
    for (const field of kindOf(this.#kind)?.fields ?? []) {
      this.#inputs.delete(field.key);
    }
    this.#kind = kind;
    this.#trial.clear();
    const known = kindOf(kind);
    setText(this.#addressWords, known ? sentence(`${known.name}: ${known.about}`) : `This page does not know the kind “${kind}”; what every source has can be changed here.`);
    this.#kindFields.replaceChildren(...this.#fields(known?.fields ?? []));
    const address = this.#inputs.get('url');
    if (address) {
      address.element.after(makeChoice(/** @type {HTMLInputElement} */ (address.input)));
      address.ontyped = (typed) => this.#inputs.forEach((input) => input.fitTo(typed));
      address.ontyped(address.input.value);
      address.onaddress = ({ user, password }) => {
        this.#put('user', user);
        this.#put('password', password);
      };
    }
    if (this.#isPublished && !this.#id && this.#inputs.has('key')) {
      this.#put('key', newKey());
    }
    if (known?.fields.some(({ isInMedia }) => isInMedia)) {
      this.#tellMediaFolder(kind);
    }
  }

  /** Where on the server files have to lie. @param {string} kind */
  async #tellMediaFolder(kind) {
    try {
      const { home } = await this.#app.api.get('server');
      if (kind === this.#kind) {
        setText(this.#addressWords, `${this.#addressWords.textContent} Put them below ${home}/media first.`);
      }
    } catch (error) {
      console.info(error); // without it, the hint that is there has to do
    }
  }

  /** Leads to what is wrong with a source that does not work. @param {boolean} isOfLogin */
  #mend(isOfLogin) {
    if (!this.#id) {
      this.#show(addressStep);
    }
    const inputs = [...this.#inputs.values()];
    const user = this.#inputs.get('user')?.input.value;
    const key = isOfLogin ? (user ? 'password' : 'user') : 'url';
    const first = this.#inputs.get(key) ?? inputs.find(({ element }) => this.#kindFields.contains(element));
    first?.input.focus();
  }

  /** Has fMP4 encoded, for browsers that cannot play what the source has, and tries that. */
  #encode() {
    this.#put('renditions.fmp4.encode', 'always');
    this.#trial.run();
  }

  /** @param {string} key @param {unknown} value */
  #put(key, value) {
    const input = this.#inputs.get(key)?.input;
    if (input && value !== undefined && value !== '') {
      input.value = String(value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      this.#inputs.get(key)?.settle();
    }
  }

  /** @param {import('./found-devices.js').Found} found */
  #takeFound({ kind, title, settings }) {
    const radio = this.#form.querySelector(`input[name=kind][value="${kind}"]`);
    if (radio instanceof HTMLInputElement) {
      radio.checked = true;
    }
    this.#setKind(kind);
    Object.entries(settings).forEach(([key, value]) => this.#put(key, value));
    if (!this.#inputs.get('title')?.value) {
      this.#put('title', title);
    }
    this.#goTo(1);
  }

  /** Makes an id of the title for as long as nobody has typed one. */
  #proposeIds() {
    this.#inputs.get('title')?.input.addEventListener('input', (event) => {
      if (!this.#isIdTyped) {
        this.#idInput.value = this.#freeId(idOf(/** @type {HTMLInputElement} */ (event.target).value));
      }
    });
    this.#idInput.addEventListener('input', () => {
      this.#isIdTyped = this.#idInput.value !== '';
      tellAt(this.#idField, '');
    });
  }

  /** @param {string} id */
  #freeId(id) {
    const { sources } = this.#app;
    for (let i = 2; id && sources.get(id); i++) {
      id = `${id.replace(/-\d+$/, '')}-${i}`;
    }
    return id;
  }

  /** @param {number} step */
  #goTo(step) {
    this.#app.tell(''); // what was told on the way here would hide the buttons
    this.#show(step);
    const heading = this.#sections[step].querySelector('h2');
    heading?.focus();
    if (step === trialStep) {
      this.#trial.run();
    }
  }

  /** Whether somebody sends it, so that there is nothing to try. */
  get #isPublished() {
    return Boolean(kindOf(this.#kind)?.publish);
  }

  /** @param {number} step */
  #show(step) {
    this.#step = step;
    this.#sections.forEach((each, i) => (each.hidden = i !== step));
    [...this.#steps.children].forEach((each, i) => {
      i === step ? each.setAttribute('aria-current', 'step') : each.removeAttribute('aria-current');
      each.classList.toggle('past', i < step);
      /** @type {HTMLElement} */ (each).hidden = i === trialStep && this.#isPublished;
    });
    this.#back.hidden = step === 0;
    this.#next.classList.add('primary');
    setText(this.#next, step === nameStep ? 'Add the source' : 'Next');
    setText(this.#place, '');
  }

  #goOn() {
    if (this.#step === 0 && !this.#kind) {
      setText(this.#place, 'Please choose what it is, or look for cameras.');
      /** @type {HTMLElement | null} */ (this.#form.querySelector('input[name=kind]'))?.focus();
      return;
    }
    if (this.#step === addressStep && !this.#isGood(kindOf(this.#kind)?.fields ?? [])) {
      return;
    }
    if (this.#step === 0 && !this.#inputs.get('url')?.value) {
      this.#put('url', this.#found?.typed); // looked for in vain, it comes by its address
    }
    const there = this.#inputs.get('source')?.value;
    if (this.#step === addressStep && this.#idInput.value === '' && isId(there)) {
      this.#idInput.value = this.#freeId(there); // until a title makes another one
    }
    if (this.#step < nameStep) {
      this.#goTo(this.#step + (this.#step === addressStep && this.#isPublished ? 2 : 1));
      return;
    }
    const id = this.#idInput.value.trim();
    if (!isId(id)) {
      tellAt(this.#idField, id === '' ? 'An id is needed; a title makes one.' : 'Expected 1 to 64 of a-z, 0-9 and -, not beginning with -.');
      this.#idInput.focus();
      return;
    }
    run(this.#app, this.#next, {
      label: 'Add the source', busy: 'Adding…', done: `${this.#inputs.get('title')?.value ?? id} is added.`, place: this.#place, act: () => this.#create(id),
    });
  }

  /** @param {string} id */
  async #create(id) {
    try {
      const { data } = await this.#app.api.call('PUT', `sources/${id}`, { body: this.#whole(), headers: { 'If-None-Match': '*' } });
      this.#app.sources.take(data);
      this.#app.go(this.#isPublished ? `sources/${id}/publish` : `sources/${id}`);
      return undefined;
    } catch (error) {
      if (error instanceof Problem && error.status === 412) {
        tellAt(this.#idField, `There is a source ${id} already: please take another id.`);
        this.#idInput.focus();
        return false;
      }
      return this.#refused(error);
    }
  }

  #save() {
    if (!this.#isGood([...this.#inputs.values()].map(({ field }) => field))) {
      return;
    }
    run(this.#app, this.#next, { label: 'Save', busy: 'Saving: the new settings are tried first…', place: this.#place, act: () => this.#patch() });
  }

  async #patch() {
    try {
      const { data } = await this.#app.api.call('PATCH', `sources/${this.#id}`, {
        body: this.#changes(), headers: this.#tag ? { 'If-Match': this.#tag } : {},
      });
      this.#app.sources.take(data);
      this.#app.go(`sources/${this.#id}`);
      this.#app.tell(data.writtenAnew ? 'Saved. The file had to be written anew, without its comments.' : 'Saved.');
      return false;
    } catch (error) {
      if (error instanceof Problem && error.status === 412) {
        this.#tellConflict();
        return false;
      }
      return this.#refused(error);
    }
  }

  #tellConflict() {
    const place = make('p', { class: 'problem' });
    const take = actionButton(this.#app, {
      label: 'Take theirs, and keep what I changed', busy: 'Asking…', place,
      act: async () => {
        const { data, headers } = await this.#app.api.call('GET', `sources/${this.#id}`);
        const wereOn = new Map([...this.#formats].map(([format, input]) => [format, this.#isFormatChanged(format) ? input.checked : undefined]));
        this.#settings = data.settings ?? {};
        this.#tag = headers.get('ETag') ?? '';
        this.#inputs.forEach((input) => input.reload(this.#loaded(input)));
        this.#loadFormats();
        for (const [format, input] of this.#formats) {
          input.checked = wereOn.get(format) ?? input.checked;
        }
        this.#conflict.hidden = true;
        this.#next.focus();
        this.#app.tell('What the others saved is here now, with your changes above it. Please look, and save.');
        return false;
      },
    });
    this.#conflict.replaceChildren(
        make('p', {}, 'Somebody else has changed this source since you opened it. Nothing of yours is lost, and nothing is saved yet.'), place, take);
    this.#conflict.hidden = false;
    take.focus();
  }

  async #delete() {
    await this.#app.api.call('DELETE', `sources/${this.#id}`);
    this.#app.sources.remove(this.#id);
    this.#app.go('sources');
  }

  /** Tells mistakes at their fields; the others are thrown on. @param {unknown} error */
  #refused(error) {
    if (!(error instanceof Problem) || error.errors.length === 0) {
      throw error;
    }
    const elsewhere = [];
    let isFirst = true;
    for (const { key, expected } of error.errors) {
      const [first] = key.split('.');
      const input = this.#inputs.get(key) ?? this.#inputs.get(first);
      if (!input) {
        elsewhere.push(`${key}: ${expected}`);
        continue;
      }
      input.tell(sentence(input.field.key === key ? expected : `${key.slice(first.length + 1)}: ${expected}`));
      if (isFirst) {
        this.#lead(input);
        isFirst = false;
      }
    }
    throw new Error(elsewhere.join('; ') || 'Not saved yet: what is wrong stands at the fields above');
  }

  /** Leads to a field, wherever it is. @param {FieldInput} input */
  #lead({ element, input }) {
    const step = this.#sections.findIndex((each) => each.contains(element));
    if (step >= 0 && step !== this.#step) {
      this.#show(step);
    }
    const details = element.closest('details');
    if (details) {
      details.open = true;
    }
    input.focus();
  }

  /** @param {Field[]} fields */
  #isGood(fields) {
    /** @type {FieldInput | null} */
    let first = null;
    for (const { key } of fields) {
      const input = this.#inputs.get(key);
      input?.settle();
      const trouble = input?.trouble ?? '';
      input?.tell(trouble);
      if (trouble && !first) {
        first = input ?? null;
      }
    }
    if (first) {
      this.#lead(first);
    }
    return first === null;
  }

  /** All settings of a new source. */
  #whole() {
    /** @type {any} */
    const whole = { kind: this.#kind };
    for (const [key, input] of this.#inputs) {
      if (input.value !== undefined) {
        putAt(whole, key, input.value);
      }
    }
    for (const [format, input] of this.#formats) {
      if (!input.checked) {
        putAt(whole, `renditions.${format}`, false);
      }
    }
    return whole;
  }

  /** What is to be merged into the file (RFC 7396); what is not known here stays. */
  #changes() {
    /** @type {any} */
    const changes = {};
    for (const [format, input] of this.#formats) {
      if (this.#isFormatChanged(format)) {
        putAt(changes, `renditions.${format}`, input.checked ? null : false);
      }
    }
    for (const [key, input] of this.#inputs) {
      const [, format] = key.split('.');
      const isOfOff = key.startsWith('renditions.') && this.#formats.get(format)?.checked === false;
      if (input.isChanged && !isOfOff) {
        putAt(changes, key, input.value ?? null);
      }
    }
    return changes;
  }

  /** @param {string} format */
  #isFormatChanged(format) {
    return this.#formats.get(format)?.checked === isOff(valueAt(this.#settings, `renditions.${format}`));
  }

  /** What is tried: all but the title. */
  #probed() {
    this.#inputs.get('url')?.settle();
    const whole = this.#id ? merged(this.#settings, this.#changes()) : this.#whole();
    const { title, ...others } = whole;
    return others;
  }
}

/** @param {string} title @param {...(Node | null)} children */
function section(title, ...children) {
  return make('section', {}, make('h2', { tabindex: -1 }, title), ...children);
}

/** Whether that is the id of a source. @param {unknown} text @returns {text is string} */
function isId(text) {
  return typeof text === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(text);
}

/** @param {unknown} value */
function isOff(value) {
  return value === false || value === 'off' || value === 'no' || value === 'false';
}

/** @param {string} title */
function idOf(title) {
  const letters = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o' };
  return title.toLowerCase()
      .replaceAll(/[äöüßæø]/g, (letter) => letters[/** @type {keyof typeof letters} */ (letter)])
      .normalize('NFD').replaceAll(/[̀-ͯ]/g, '')
      .replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, longestId).replaceAll(/-+$/g, '');
}

/** A merge patch, applied (RFC 7396). @param {any} target @param {any} patch @returns {any} */
function merged(target, patch) {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key];
    } else {
      result[key] = merged(result[key], value);
    }
  }
  return result;
}
