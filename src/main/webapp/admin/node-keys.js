// @ts-check
import { hereOnlyWords } from '../pages/here-only.js';
import { actionButton, copyLine, openDialog, run } from './actions.js';
import { SourceBoxes, sourcesToChoose } from './boxes.js';
import { asking, labelled, make, row, setText, table } from './dom.js';
import { followerLines } from './node-words.js';
import { moment, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

const refreshMillis = 5_000;
const heads = Object.freeze(['Key', 'Sources', 'At most', 'Made', 'Last used', 'Followers', 'Action']);
const some = 'some';
const bitsPerKilobit = 1000;

/** The keys by which followers come in: made, listed, revoked. */
export class NodeKeyList {
  element;
  #app;
  /** What this node is called. */
  #node = '';
  #place = make('p', { class: 'problem', role: 'alert' });
  #create = make('button', { type: 'button', class: 'primary', click: () => this.#ask() }, 'New node key');
  #made = make('ul', { class: 'lines', role: 'list' });
  #list = make('div', {}, asking());
  #timer = 0;
  #shown = '';
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.element = make('section', { class: 'apart' }, make('h2', {}, 'Node keys'),
        make('p', { class: 'hint' }, 'Another Zoetrope shows a node key to have sources of this one, whoever may watch them here. It opens nothing else.'),
        make('div', { class: 'buttons' }, this.#create), this.#made, this.#place, this.#list);
    this.#refresh();
  }

  /** @param {string} node what this node is called */
  tellNode(node) {
    this.#node = node;
  }

  close() {
    clearTimeout(this.#timer);
    this.#left.abort();
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (!document.hidden) {
      try {
        this.#show(await this.#app.api.get('nodes/keys', this.#left.signal));
      } catch (error) {
        if (!this.#left.signal.aborted) {
          this.#list.replaceChildren();
          this.#shown = '';
          setText(this.#place, troubleWords(error));
        }
      }
    }
    if (!this.#left.signal.aborted) {
      this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
    }
  }

  /** @param {any[]} keys */
  #show(keys) {
    const shown = JSON.stringify(keys);
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    this.#list.replaceChildren(keys.length === 0
        ? make('p', {}, 'There are no node keys.')
        : table('Node keys', heads, keys.map((key) => this.#row(key))));
    if (focused) {
      /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
    }
  }

  /** @param {any} key */
  #row({ id, title, sources, limit, createdAt, lastUsed, followers }) {
    const name = title || id;
    const revoke = actionButton(this.#app, {
      label: 'Revoke', name: `Revoke ${name}`, busy: 'Revoking…', done: `${name} is revoked; the followers that came by it are cut off.`, place: this.#place, kind: 'danger',
      question: { title: `Revoke ${name}?`, text: 'The nodes that use it are cut off at once, and have nothing from here any more. This cannot be undone.', yes: 'Revoke' },
      act: async () => {
        await this.#app.api.call('DELETE', `nodes/keys/${encodeURIComponent(id)}`);
        this.#made.replaceChildren();
        await this.#refresh();
        this.#create.focus();
      },
    });
    revoke.dataset.key = `revoke-${id}`;
    return row(heads, name, sources?.join(', ') ?? 'all', limit ? `${limit / bitsPerKilobit} kbit/s` : 'any', moment(createdAt), lastUsed ? moment(lastUsed) : 'never', String(followers ?? 0), revoke);
  }

  async #ask() {
    await sourcesToChoose(this.#app);
    const title = make('input', { name: 'title', autocomplete: 'off', required: true, autofocus: true, maxlength: 100 });
    const scope = make('select', { name: 'scope' }, make('option', { value: 'all' }, 'All sources, also later ones'), make('option', { value: some }, 'Chosen sources'));
    const boxes = new SourceBoxes(this.#app, []);
    boxes.element.hidden = true;
    scope.addEventListener('change', () => (boxes.element.hidden = scope.value !== some));
    const titleField = labelled('Title', title, 'Which node it is for.');
    const limit = make('input', { name: 'limit', type: 'number', min: 64, max: 900_000, step: 1 });
    const limitField = labelled('Most, kbit/s', limit, 'What each follower is sent at most, all sources together. It skips what does not fit, as over a slow link. Empty: any.');
    const place = make('p', { class: 'problem', role: 'alert' });
    const submit = make('button', { class: 'primary' }, 'Make the key');
    const { promise } = openDialog('New node key', (close) => {
      const form = make('form', { class: 'stack' }, titleField, labelled('What it may have', scope), boxes.element, limitField, place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const sources = scope.value === some ? boxes.value : null;
        if (sources?.length === 0) {
          setText(place, 'Please choose at least one source.');
          return;
        }
        run(this.#app, submit, {
          label: 'Make the key', busy: 'Making it…', done: 'The key is made. It is shown this once.', place, fields: { title: titleField, limit: limitField },
          act: async () => close((await this.#app.api.call('POST', 'nodes/keys', { body: { title: title.value.trim(), sources, limit: limit.value === '' ? null : Number(limit.value) * bitsPerKilobit } })).data),
        });
      });
      return [form];
    });
    const made = /** @type {any} */ (await promise);
    if (made) {
      this.#showMade(made);
      await this.#refresh();
    }
  }

  /** @param {any} made */
  #showMade({ title, key, sources }) {
    const address = new URL('..', import.meta.url).href.replace(/\/$/, '');
    const lines = followerLines({ node: this.#node, address, key, sources });
    const first = copyLine(this.#app, `Node key ${title}, as a line of secrets.yaml at the other node`, lines.secret, 'It is shown this once: copy it now.');
    const second = copyLine(this.#app, `${lines.file} at the other node`, lines.source, hereOnlyWords());
    this.#made.replaceChildren(first.element, second.element);
    first.element.querySelector('button')?.focus();
  }
}
