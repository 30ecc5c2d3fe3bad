// @ts-check
import { actionButton, ask, openDialog, run } from './actions.js';
import { labelled, make, row, setText, table } from './dom.js';
import { Rights } from './rights.js';
import { moment, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

/** Who may sign in. */
export class AccountsPage {
  title = 'Accounts';
  element;
  #app;
  #place = make('p', { class: 'problem', role: 'alert' });
  #create = make('button', { type: 'button', class: 'primary', click: () => this.#edit(null) }, 'New account');
  #list = make('div', {});
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.element = make('div', {}, make('h1', {}, this.title),
        make('div', { class: 'buttons' }, this.#create),
        this.#place, this.#list);
    this.#refresh();
  }

  close() {
    this.#left.abort();
  }

  async #refresh() {
    try {
      const accounts = await this.#app.api.get('accounts', this.#left.signal);
      this.#list.replaceChildren(table('Accounts', ['Name', 'Role', 'Sources', 'Made', 'Last signed in', 'Actions'], accounts.map((/** @type {any} */ account) => this.#row(account))));
    } catch (error) {
      if (!this.#left.signal.aborted) {
        setText(this.#place, troubleWords(error));
      }
    }
  }

  /** @param {any} account */
  #row(account) {
    const { name, role, sources, createdAt, lastSignIn } = account;
    return row(name, role, role === 'viewer' ? (sources ?? []).join(', ') || 'none' : 'all', moment(createdAt), lastSignIn ? moment(lastSignIn) : 'never',
        make('div', { class: 'buttons' },
            make('button', { type: 'button', 'aria-label': `Change ${name}`, click: () => this.#edit(account) }, 'Change'),
            actionButton(this.#app, {
              label: 'Delete', name: `Delete ${name}`, busy: 'Deleting…', done: `${name} is deleted.`, place: this.#place, kind: 'danger',
              act: async () => {
                const isSure = await ask({ title: `Delete ${name}?`, text: 'Its sessions end at once.', yes: 'Delete' });
                if (!isSure) {
                  return false;
                }
                await this.#app.api.call('DELETE', `accounts/${encodeURIComponent(name)}`);
                await this.#refresh();
                this.#create.focus();
                return undefined;
              },
            })));
  }

  /** @param {any} account null for a new one */
  async #edit(account) {
    const name = make('input', { name: 'name', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', required: true, autofocus: !account, value: account?.name ?? '', disabled: Boolean(account) });
    const password = make('input', { name: 'password', type: 'password', autocomplete: 'new-password', minlength: 8, required: !account });
    const rights = new Rights(this.#app, account?.role ?? 'viewer', account?.sources ?? []);
    const place = make('p', { class: 'problem', role: 'alert' });
    const submit = make('button', { class: 'primary' }, 'Save');
    const { promise } = openDialog(account ? `Change ${account.name}` : 'New account', (close) => {
      const form = make('form', { class: 'stack' }, labelled('Name', name), ...rights.elements,
          labelled(account ? 'New password' : 'Password', password, account ? 'Empty: it stays as it is.' : 'At least 8 characters.'), place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        run(this.#app, submit, {
          label: 'Save', busy: 'Saving…', done: 'Saved.', place,
          act: async () => {
            await this.#app.api.call('PUT', `accounts/${encodeURIComponent(name.value.trim())}`, {
              body: { ...rights.value, ...(password.value ? { password: password.value } : {}) },
            });
            close(true);
          },
        });
      });
      return [form];
    });
    if (await promise) {
      await this.#refresh();
      this.#create.focus(); // the row that had it is another one now
    }
  }
}
