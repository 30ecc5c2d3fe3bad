// @ts-check
import { actionButton, run } from './actions.js';
import { labelled, make } from './dom.js';
import { roleName } from './rights.js';

/** @typedef {import('./app.js').App} App */

/** What each may. */
const mayWords = Object.freeze({
  viewer: 'You may watch the sources that an administrator chose for you.',
  operator: 'You may watch all sources, start and stop them, and see who watches.',
  admin: 'You may do everything.',
});

/** Who else can tell who somebody is. */
const viaWords = Object.freeze({ basic: 'your browser, which sends name and password by itself', token: 'a token', container: 'the servlet container' });

/** The password of who is signed in, and signing out. */
export class AccountPage {
  title = 'Your account';
  element;

  /** @param {App} app */
  constructor(app) {
    const { name, role, via } = app.api.session;
    const place = make('p', { class: 'problem', role: 'alert' });
    const isOurs = via === undefined || via === 'session';
    this.element = make('div', { class: 'narrow' },
        make('h1', {}, this.title),
        make('p', {}, `Signed in as ${name ?? 'nobody'}, ${roleName(role)}. ${mayWords[/** @type {keyof typeof mayWords} */ (role)] ?? ''}`),
        place,
        isOurs
            ? make('div', { class: 'buttons' }, actionButton(app, {
              label: 'Sign out', busy: 'Signing out…', done: 'Signed out.', place,
              act: async () => {
                await app.api.signOut();
                await app.api.refreshSession();
                history.replaceState(null, '', '#/sources');
                app.signedIn();
              },
            }))
            : make('p', { class: 'hint' }, `Who you are was told by ${viaWords[/** @type {keyof typeof viaWords} */ (via)] ?? via}: signing out, and another password, are done there.`),
        isOurs ? passwordForm(app) : null);
  }
}

/** @param {App} app */
function passwordForm(app) {
  const old = make('input', { type: 'password', autocomplete: 'current-password', required: true });
  const fresh = make('input', { type: 'password', autocomplete: 'new-password', required: true, minlength: 8 });
  const name = make('input', { type: 'text', autocomplete: 'username', value: app.api.session.name ?? '', hidden: true, 'aria-hidden': 'true', tabindex: -1 });
  const place = make('p', { class: 'problem', role: 'alert' });
  const button = make('button', {}, 'Change the password');
  const oldField = labelled('Present password', old);
  const freshField = labelled('New password', fresh, 'At least 8 characters. Wherever else you are signed in, you are signed out.');
  const form = make('form', { class: 'stack' },
      make('h2', {}, 'Another password'), name, oldField, freshField, place,
      make('div', { class: 'buttons' }, button));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(app, button, {
      label: 'Change the password', busy: 'Changing…', done: 'The password is changed.', place, fields: { old: oldField, new: freshField },
      act: async () => {
        await app.api.call('PUT', 'session/password', { body: { old: old.value, new: fresh.value } });
        form.reset();
      },
    });
  });
  return form;
}
