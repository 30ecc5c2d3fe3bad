// @ts-check
import { actionButton, run } from './actions.js';
import { labelled, make } from './dom.js';

/** @typedef {import('./app.js').App} App */

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
        make('p', {}, `Signed in as ${name ?? 'nobody'}, ${role === 'admin' ? 'an administrator' : role === 'operator' ? 'an operator' : 'a viewer'}.`),
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
            : make('p', { class: 'hint' }, `Who you are was said by ${via}: leaving is done there.`),
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
  const form = make('form', { class: 'stack' },
      make('h2', {}, 'Another password'), name, labelled('Present password', old),
      labelled('New password', fresh, 'At least 8 characters. Other sessions of this account end.'), place,
      make('div', { class: 'buttons' }, button));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(app, button, {
      label: 'Change the password', busy: 'Changing…', done: 'The password is changed.', place,
      act: async () => {
        await app.api.call('PUT', 'session/password', { body: { old: old.value, new: fresh.value } });
        form.reset();
      },
    });
  });
  return form;
}
