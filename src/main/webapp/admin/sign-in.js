// @ts-check
import { openDialog, run } from './actions.js';
import { Problem } from './api.js';
import { labelled, make } from './dom.js';

/** @typedef {import('./app.js').App} App */

/** Signing in: as a page, as a dialog above what was being done, and the first time with a setup link. */
export class SignIn {
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {string} token of the setup link, empty without one */
  page(token) {
    const isFirst = token !== '' || this.#app.api.session.setup === true;
    const title = isFirst ? 'Set up Zoetrope' : 'Sign in';
    const form = isFirst ? this.#setupForm(token) : this.#form(() => this.#app.signedIn());
    return { title, element: make('div', { class: 'narrow' }, make('h1', {}, title), form) };
  }

  /** Asks above what is open, of which nothing is lost. Fulfilled when somebody is signed in. */
  async askAgain() {
    const { promise } = openDialog('Please sign in again', (close) => [
      make('p', {}, 'The session has ended. What you were doing stays, and goes on when you are signed in.'),
      this.#form(() => close(true)),
    ]);
    if ((await promise) !== true) {
      throw new Problem(401, 'Nobody is signed in.');
    }
  }

  /** @param {() => void} done */
  #form(done) {
    const name = make('input', { name: 'name', autocomplete: 'username', required: true, autofocus: true, autocapitalize: 'none', spellcheck: 'false', value: this.#app.api.session.name ?? 'admin' });
    const password = make('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
    const place = make('p', { class: 'problem', role: 'alert' });
    const button = make('button', { class: 'primary' }, 'Sign in');
    const form = make('form', { class: 'stack' }, labelled('Account', name), labelled('Password', password), place, make('div', { class: 'buttons' }, button), forgotten());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      run(this.#app, button, {
        label: 'Sign in', busy: 'Signing in…', done: 'Signed in.', place,
        act: async () => {
          try {
            await this.#app.api.signIn(name.value.trim(), password.value);
          } catch (error) {
            if (error instanceof Problem && error.status === 401) {
              password.select();
              throw new Error('Account or password is not right. Please check both; large and small letters differ');
            }
            throw error;
          }
          done();
        },
      });
    });
    return form;
  }

  /** @param {string} token */
  #setupForm(token) {
    const link = make('input', { name: 'token', required: true, autofocus: token === '', autocomplete: 'off', spellcheck: 'false', value: token });
    const name = make('input', { name: 'name', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false', value: 'admin' });
    const password = make('input', { name: 'password', type: 'password', autocomplete: 'new-password', required: true, minlength: 8, autofocus: token !== '' });
    const place = make('p', { class: 'problem', role: 'alert' });
    const button = make('button', { class: 'primary' }, 'Begin');
    const linkField = labelled('Setup link', link, 'The server wrote it when it started, into its log and where it was started: …/admin/#setup=… Open it, or paste it here.');
    const nameField = labelled('Account', name, 'Small letters, digits, dot, - and _.');
    const passwordField = labelled('Password', password, 'At least 8 characters. A sentence is good.');
    linkField.hidden = token !== '';
    const form = make('form', { class: 'stack' },
        make('p', {}, 'Nobody has an account here yet. The first one is an administrator: it adds the cameras and may do everything. Choose its password.'),
        linkField,
        nameField, passwordField, place,
        make('div', { class: 'buttons' }, button));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      run(this.#app, button, {
        label: 'Begin', busy: 'Setting up…', done: 'The account is made: now a camera can be added.', place, fields: { name: nameField, password: passwordField },
        act: async () => {
          try {
            await this.#app.api.setUp(link.value.trim().replace(/^.*#setup=/, ''), name.value.trim(), password.value);
          } catch (error) {
            if (error instanceof Problem && error.status === 401) {
              linkField.hidden = false;
              link.focus();
              throw new Error('This link is not the right one: each start of the server makes another. Take the newest from its log');
            }
            throw error;
          }
          history.replaceState(null, '', '#/sources');
          this.#app.signedIn();
        },
      });
    });
    return form;
  }
}

/** What to do without a password. */
function forgotten() {
  return make('details', {}, make('summary', {}, 'Password forgotten?'),
      make('p', {}, 'An administrator can give you a new one, under “Accounts”.'),
      make('p', {}, 'If none can sign in any more: start the server once with ', make('code', {}, 'ZOETROPE_ADMIN_PASSWORD'),
          ' in its environment. That becomes the password of the account ', make('code', {}, 'admin'), '.'));
}
