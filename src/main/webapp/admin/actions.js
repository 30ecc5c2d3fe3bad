// @ts-check
import { Problem } from './api.js';
import { make, newId, setText, tellAt } from './dom.js';
import { sentence, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

const copiedMillis = 2_000;
/** Longer than anything takes that gets to the server. */
const heldBackMillis = 20_000;
/** A browser opens six connections to a server, all its tabs together. */
const heldBackWords = 'No answer yet. If pictures of this server move in other tabs or windows, close some: a browser makes only six connections to a server at a time, and this waits for one of them.';

/**
 * A button that says at once that it is at work, and afterwards what came of it.
 *
 * @param {App} app
 * @param {Deed & {name?: string, kind?: string}} deed with a name for screen readers, where the label is not enough, and a class
 */
export function actionButton(app, { name, kind = '', ...deed }) {
  const button = make('button', { type: 'button', class: kind, 'aria-label': name }, deed.label);
  button.addEventListener('click', () => run(app, button, deed));
  return button;
}

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string | Node} text
 * @property {string} yes
 *
 * @typedef {object} Deed
 * @property {string} label
 * @property {string} busy what the button says meanwhile
 * @property {string} [done] told when it is done
 * @property {HTMLElement} place where a refusal is told
 * @property {() => Promise<unknown>} act does it; where that is false, `done` is not told
 * @property {Question} [question] asked before
 * @property {Record<string, HTMLElement>} [fields] by the key that the server has for them: mistakes are told there
 */

/**
 * Does something for a button. While that goes on, further clicks do nothing; the button keeps the focus.
 *
 * @param {App} app
 * @param {HTMLButtonElement} button
 * @param {Deed} deed
 */
export async function run(app, button, { label, busy, done, place, act, fields = {}, question }) {
  if (button.getAttribute('aria-disabled') === 'true' || (question && !(await ask(question)))) {
    return;
  }
  button.setAttribute('aria-disabled', 'true');
  setText(button, busy);
  setText(place, '');
  Object.values(fields).forEach((field) => tellAt(field, ''));
  app.tell(busy);
  const patience = setTimeout(() => setText(place, heldBackWords), heldBackMillis);
  try {
    const isDone = await act();
    if (place.textContent === heldBackWords) {
      setText(place, '');
    }
    isDone !== false && done ? app.tell(done) : app.hush(busy);
  } catch (error) {
    app.tell('');
    setText(place, tellAtFields(error, fields) ? '' : troubleWords(error));
  } finally {
    clearTimeout(patience);
    button.removeAttribute('aria-disabled');
    setText(button, label);
  }
}

/**
 * Tells mistakes at their fields, and leads to the first.
 *
 * @param {unknown} error
 * @param {Record<string, HTMLElement>} fields
 * @returns {boolean} whether all that is wrong is told there
 */
function tellAtFields(error, fields) {
  const errors = error instanceof Problem ? error.errors : [];
  const known = errors.filter(({ key }) => fields[key]);
  known.forEach(({ key, expected }) => tellAt(fields[key], sentence(expected)));
  if (known.length > 0) {
    /** @type {HTMLElement | null} */ (fields[known[0].key].querySelector('input, select, textarea'))?.focus();
  }
  return known.length > 0 && known.length === errors.length;
}

/** The buttons that every source has. */
export class SourceButtons {
  element = make('div', { class: 'buttons' });
  #start;
  #stop;
  #restart;
  #tryNow;

  /**
   * @param {App} app
   * @param {string} id
   * @param {HTMLElement} place where a refusal is told
   */
  constructor(app, id, place) {
    /** @param {string} part */
    const post = (part) => async () => app.sources.take((await app.api.call('POST', `sources/${id}/${part}`)).data);
    const button = (/** @type {string} */ label, /** @type {string} */ busy, /** @type {string} */ done, /** @type {string} */ part) =>
        actionButton(app, { label, name: `${label} ${id}`, busy, done: `${id}: ${done}`, place, act: post(part) });
    this.#start = button('Start', 'Starting…', 'switched on', 'start');
    this.#stop = button('Stop', 'Stopping…', 'switched off', 'stop');
    this.#restart = button('Restart', 'Restarting…', 'begins anew', 'restart');
    this.#tryNow = button('Try now', 'Trying…', 'is tried now', 'try-now');
    this.element.append(this.#start, this.#stop, this.#restart, this.#tryNow);
  }

  /** Shows those that make sense now. @param {any} source */
  show(source) {
    const isOff = source.enabled === false;
    const isAtWork = source.state !== 'mistaken';
    const isSwitched = isAtWork && !source.mirroredBy;
    hide(this.#start, !isOff || !isSwitched, this.#stop);
    hide(this.#stop, isOff || !isSwitched, this.#start);
    hide(this.#restart, isOff || !isAtWork || source.state === 'idle', this.#stop);
    hide(this.#tryNow, isOff || !['waiting', 'failed', 'ended'].includes(source.state), this.#stop);
  }
}

/**
 * Hides a button; if it had the focus, `heir` gets that.
 *
 * @param {HTMLElement} button
 * @param {boolean} isHidden
 * @param {HTMLElement} heir
 */
function hide(button, isHidden, heir) {
  if (isHidden === button.hidden) {
    return;
  }
  const hadFocus = document.activeElement === button;
  button.hidden = isHidden;
  if (isHidden && hadFocus) {
    heir.hidden = false;
    heir.focus();
  }
}

/**
 * A button that copies what `text` gives.
 *
 * @param {App} app
 * @param {string} name what is copied, for screen readers
 * @param {HTMLElement} code shows it: selected where the browser lets nobody copy
 */
export function copyButton(app, name, code) {
  const button = make('button', { type: 'button', 'aria-label': `Copy ${name}` }, 'Copy');
  button.addEventListener('click', async () => {
    if (await isCopied(code)) {
      button.textContent = 'Copied';
      app.tell(`Copied ${name}`);
    } else {
      button.textContent = 'Selected';
      app.tell(`Selected ${name}: copy it with Ctrl+C`);
    }
    setTimeout(() => (button.textContent = 'Copy'), copiedMillis);
  });
  return button;
}

/** Copies what is in `code`; if the browser does not let us, it is selected then. @param {HTMLElement} code */
async function isCopied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    return true;
  } catch {
    // Plain http has no clipboard; the older way, which has no other name, works there too.
    getSelection()?.selectAllChildren(code);
    return document.execCommand('copy');
  }
}

/**
 * A line to copy, with its name above it.
 *
 * @param {App} app
 * @param {string} name
 * @param {string} text
 * @param {string} [about]
 */
export function copyLine(app, name, text, about = '') {
  const code = make('code', {}, text);
  const note = make('span', { class: 'line-about' }, about);
  const element = make('li', {}, make('span', { class: 'line-name' }, name), code, copyButton(app, `the line for ${name}`, code), note);
  return { element, code, note };
}

/**
 * Asks before something that cannot be undone; Esc is no.
 *
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes }) {
  const { promise } = openDialog(title, (close) => [
    typeof text === 'string' ? make('p', {}, text) : text,
    make('div', { class: 'buttons' },
        make('button', { type: 'button', autofocus: true, click: () => close(false) }, 'Cancel'),
        make('button', { type: 'button', class: 'danger', click: () => close(true) }, yes)),
  ]);
  return promise.then((answer) => answer === true);
}

/**
 * Opens a modal dialog; the focus goes back to where it was when it is closed.
 *
 * @param {string} title
 * @param {(close: (answer?: unknown) => void) => (Node | string)[]} fill
 */
export function openDialog(title, fill) {
  const before = document.activeElement;
  const heading = make('h2', { id: newId('dialog-title') }, title);
  const dialog = make('dialog', { 'aria-labelledby': heading.id });
  /** @type {(answer: unknown) => void} */
  let resolve = () => {};
  const promise = new Promise((fulfil) => {
    resolve = fulfil;
  });
  /** @type {unknown} */
  let answer;
  const close = (/** @type {unknown} */ given) => {
    answer = given;
    dialog.close();
  };
  dialog.append(heading, ...fill(close), make('p', { class: 'told', role: 'status' })); // what is outside is not heard now
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) {
      before.focus();
    }
    resolve(answer);
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, promise, close };
}
