// @ts-check
import { actionButton, ask, copyLine, openDialog, run } from './actions.js';
import { labelled, make, row, setText, table } from './dom.js';
import { Rights } from './rights.js';
import { moment, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

/** Keys for programs that use the API. */
export class TokensPage {
  title = 'Tokens';
  element;
  #app;
  #place = make('p', { class: 'problem', role: 'alert' });
  #create = make('button', { type: 'button', class: 'primary', click: () => this.#ask() }, 'New token');
  #made = make('ul', { class: 'lines', role: 'list' });
  #list = make('div', {});
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.element = make('div', {}, make('h1', {}, this.title),
        make('p', { class: 'hint' }, 'A program shows its token as “Authorization: Bearer …”, to the API and when it watches. ', make('a', { href: app.api.url('openapi.json').href }, 'What the API can do')),
        make('div', { class: 'buttons' }, this.#create),
        this.#made, this.#place, this.#list);
    this.#refresh();
  }

  close() {
    this.#left.abort();
  }

  async #refresh() {
    try {
      const tokens = await this.#app.api.get('tokens', this.#left.signal);
      this.#list.replaceChildren(tokens.length === 0
          ? make('p', {}, 'There are no tokens.')
          : table('Tokens', ['Token', 'Role', 'Sources', 'Made', 'Until', 'Last used', 'Action'], tokens.map((/** @type {any} */ token) => this.#row(token))));
    } catch (error) {
      if (!this.#left.signal.aborted) {
        setText(this.#place, troubleWords(error));
      }
    }
  }

  /** @param {any} token */
  #row({ id, title, role, sources, createdAt, expiresAt, lastUsed }) {
    const name = title || id;
    return row(name, role, role === 'viewer' ? (sources ?? []).join(', ') || 'none' : 'all', moment(createdAt), expiresAt ? moment(expiresAt) : 'for ever', lastUsed ? moment(lastUsed) : 'never',
        actionButton(this.#app, {
          label: 'Delete', name: `Delete ${name}`, busy: 'Deleting…', done: `${name} is deleted.`, place: this.#place, kind: 'danger',
          act: async () => {
            const isSure = await ask({ title: `Delete ${name}?`, text: 'Programs that use it are refused from now on.', yes: 'Delete' });
            if (!isSure) {
              return false;
            }
            await this.#app.api.call('DELETE', `tokens/${encodeURIComponent(id)}`);
            await this.#refresh();
            this.#create.focus();
            return undefined;
          },
        }));
  }

  async #ask() {
    const title = make('input', { name: 'title', autocomplete: 'off', required: true, autofocus: true, maxlength: 120 });
    const days = make('input', { name: 'days', type: 'number', min: 1, max: 3650, placeholder: 'for ever' });
    const rights = new Rights(this.#app, 'operator', []);
    const place = make('p', { class: 'problem', role: 'alert' });
    const submit = make('button', { class: 'primary' }, 'Make the token');
    const { promise } = openDialog('New token', (close) => {
      const form = make('form', { class: 'stack' }, labelled('Title', title, 'What uses it.'), ...rights.elements, labelled('Good for so many days', days), place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        run(this.#app, submit, {
          label: 'Make the token', busy: 'Making it…', done: 'The token is made. It is shown this once.', place,
          act: async () => {
            const { data } = await this.#app.api.call('POST', 'tokens', {
              body: { title: title.value.trim(), ...rights.value, ...(days.value ? { days: Number(days.value) } : {}) },
            });
            close(data);
          },
        });
      });
      return [form];
    });
    const made = /** @type {any} */ (await promise);
    if (made) {
      const line = copyLine(this.#app, `Token ${made.title}`, made.token, 'It is shown this once: copy it now.');
      this.#made.replaceChildren(line.element);
      line.element.querySelector('button')?.focus();
      await this.#refresh();
    }
  }
}
