// @ts-check
import { actionButton, openDialog, run } from './actions.js';
import { Problem } from './api.js';
import { sourcesToChoose } from './boxes.js';
import { asking, labelled, make, row, setText, table } from './dom.js';
import { Rights, roleName, sourcesInWords } from './rights.js';
import { moment, troubleWords } from './words.js';

/** @typedef {import('./app.js').App} App */

const heads = Object.freeze(['Name', 'Role', 'Sources', 'Made', 'Last signed in', 'Actions']);

/** Who may sign in. */
export class AccountsPage {
  title = 'Accounts';
  element;
  #app;
  #place = make('p', { class: 'problem', role: 'alert' });
  #create = make('button', { type: 'button', class: 'primary', click: () => this.#edit(null) }, 'New account');
  #list = make('div', {}, asking());
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.element = make('div', {}, make('h1', {}, this.title),
        make('p', { class: 'hint' }, 'Who may sign in, here and where a source is not for everybody. Programs have tokens instead.'),
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
      this.#list.replaceChildren(table('Accounts', heads, accounts.map((/** @type {any} */ account) => this.#row(account))));
    } catch (error) {
      if (!this.#left.signal.aborted) {
        this.#list.replaceChildren();
        setText(this.#place, troubleWords(error));
      }
    }
  }

  /** @param {any} account */
  #row(account) {
    const { name, role, sources, createdAt, lastSignIn } = account;
    const isOwn = name === this.#app.api.session.name;
    return row(heads, isOwn ? `${name} (you)` : name, roleName(role), sourcesInWords(role, sources), moment(createdAt), lastSignIn ? moment(lastSignIn) : 'never',
        make('div', { class: 'buttons' },
            make('button', { type: 'button', 'aria-label': `Change ${name}`, click: () => this.#edit(account) }, 'Change'),
            actionButton(this.#app, {
              label: 'Delete', name: `Delete ${name}`, busy: 'Deleting…', done: `${name} is deleted.`, place: this.#place, kind: 'danger',
              question: {
                title: `Delete ${name}?`, yes: 'Delete',
                text: isOwn ? 'This is your own account: you are signed out at once, and cannot come back by it.' : 'Whoever is signed in by it is signed out at once, and what they watch ends.',
              },
              act: async () => {
                await this.#app.api.call('DELETE', `accounts/${encodeURIComponent(name)}`);
                await this.#refresh();
                this.#create.focus();
              },
            })));
  }

  /** @param {any} account null for a new one */
  async #edit(account) {
    await sourcesToChoose(this.#app);
    const name = make('input', { name: 'name', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', required: true, autofocus: !account, value: account?.name ?? '', disabled: Boolean(account) });
    const password = make('input', { name: 'password', type: 'password', autocomplete: 'new-password', minlength: 8, required: !account });
    const rights = new Rights(this.#app, account?.role ?? 'viewer', account?.sources ?? []);
    const nameField = labelled('Name', name, account ? '' : 'Small letters, digits, dot, - and _.');
    const passwordField = labelled(account ? 'New password' : 'Password', password, account ? 'Empty: it stays as it is.' : 'At least 8 characters.');
    const place = make('p', { class: 'problem', role: 'alert' });
    const submit = make('button', { class: 'primary' }, 'Save');
    const { promise } = openDialog(account ? `Change ${account.name}` : 'New account', (close) => {
      const form = make('form', { class: 'stack' }, nameField, ...rights.elements, passwordField, place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit));
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        run(this.#app, submit, {
          label: 'Save', busy: 'Saving…', done: 'Saved.', place, fields: { name: nameField, password: passwordField },
          act: async () => {
            if (!account) {
              await this.#refuseTaken(name.value.trim());
            }
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

  /** To the server, a name that is there means that its account is to be changed. @param {string} wanted */
  async #refuseTaken(wanted) {
    const accounts = await this.#app.api.get('accounts', this.#left.signal);
    if (accounts.some((/** @type {any} */ { name }) => name === wanted)) {
      const expected = `there is an account ${wanted} already: take another name, or change that one`;
      throw new Problem(409, expected, [{ key: 'name', value: wanted, expected }]);
    }
  }
}
