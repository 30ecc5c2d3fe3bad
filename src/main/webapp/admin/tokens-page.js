// @ts-check
import { actionButton, copyLine, openDialog, run } from './actions.js';
import { sourcesToChoose } from './boxes.js';
import { asking, labelled, make, row, setText, table } from './dom.js';
import { Rights, roleName, sourcesInWords } from './rights.js';
import { millis, moment, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

const heads = Object.freeze(['Token', 'Role', 'Sources', 'Made', 'Until', 'Last used', 'Action']);

/** Keys for programs that use the API. */
export class TokensPage {
  title = 'Tokens';
  element;
  #app;
  #place = make('p', { class: 'problem', role: 'alert' });
  #create = make('button', { type: 'button', class: 'primary', click: () => this.#ask() }, 'New token');
  #made = make('ul', { class: 'lines', role: 'list' });
  #list = make('div', {}, asking());
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.element = make('div', {}, make('h1', {}, this.title),
        make('p', { class: 'hint' }, 'A token is the key of a program, such as a home automation, which shows it in the header “Authorization: Bearer …”. ', make('a', { href: new URL('../api/', import.meta.url).href }, 'What programs can ask for')),
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
          : table('Tokens', heads, tokens.map((/** @type {any} */ token) => this.#row(token))));
    } catch (error) {
      if (!this.#left.signal.aborted) {
        this.#list.replaceChildren();
        setText(this.#place, troubleWords(error));
      }
    }
  }

  /** @param {any} token */
  #row({ id, title, role, sources, createdAt, expiresAt, lastUsed }) {
    const name = title || id;
    const isOver = millis(expiresAt) < Date.now();
    const until = expiresAt ? `${moment(expiresAt)}${isOver ? ', expired' : ''}` : 'for ever';
    return row(heads, name, roleName(role), sourcesInWords(role, sources), moment(createdAt), until, lastUsed ? moment(lastUsed) : 'never',
        actionButton(this.#app, {
          label: 'Revoke', name: `Revoke ${name}`, busy: 'Revoking…', done: `${name} is revoked.`, place: this.#place, kind: 'danger',
          question: { title: `Revoke ${name}?`, text: 'The program that uses it is refused from now on. This cannot be undone.', yes: 'Revoke' },
          act: async () => {
            await this.#app.api.call('DELETE', `tokens/${encodeURIComponent(id)}`);
            this.#made.replaceChildren();
            await this.#refresh();
            this.#create.focus();
          },
        }));
  }

  async #ask() {
    await sourcesToChoose(this.#app);
    const title = make('input', { name: 'title', autocomplete: 'off', required: true, autofocus: true, maxlength: 100 });
    const days = make('input', { name: 'days', type: 'number', min: 1, max: 3650, placeholder: 'for ever' });
    const titleField = labelled('Title', title, 'Which program it is for.');
    const daysField = labelled('Good for so many days', days, 'Empty: until it is revoked.');
    const rights = new Rights(this.#app, 'operator', []);
    const place = make('p', { class: 'problem', role: 'alert' });
    const submit = make('button', { class: 'primary' }, 'Make the token');
    const { promise } = openDialog('New token', (close) => {
      const form = make('form', { class: 'stack' }, titleField, ...rights.elements, daysField, place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        run(this.#app, submit, {
          label: 'Make the token', busy: 'Making it…', done: 'The token is made. It is shown this once.', place, fields: { title: titleField, days: daysField },
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
