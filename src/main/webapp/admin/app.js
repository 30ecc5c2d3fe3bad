// @ts-check
import { AccountPage } from './account-page.js';
import { AccountsPage } from './accounts-page.js';
import { Api } from './api.js';
import { make, setText } from './dom.js';
import { LinksPage } from './links-page.js';
import { LiveSources } from './live-sources.js';
import { NodesPage } from './nodes-page.js';
import { ServerPage } from './server-page.js';
import { SignIn } from './sign-in.js';
import { SourceForm } from './source-form.js';
import { SourcePage } from './source-page.js';
import { SourcesPage } from './sources-page.js';
import { TokensPage } from './tokens-page.js';
import { troubleWords } from './words.js';

/**
 * One page of the admin page. Made when its address is gone to, closed when it is left.
 *
 * @typedef {object} Page
 * @property {string} title
 * @property {HTMLElement} element
 * @property {() => void} [close] lets go of timers, sockets and listeners
 * @property {(path: string[]) => boolean} [goTo] goes to another address within itself; false if that is not its own
 *
 * @typedef {object} Room
 * @property {string} path
 * @property {string} label
 * @property {import('./api.js').Session['role']} role who sees it
 * @property {(app: App, path: string[]) => Page} page
 */

const toldMillis = 6_000;

/** @type {Room[]} */
const rooms = [
  { path: 'sources', label: 'Sources', role: 'operator', page: (app) => new SourcesPage(app) },
  { path: 'add', label: 'Add a source', role: 'admin', page: (app) => new SourceForm(app) },
  { path: 'links', label: 'Links', role: 'admin', page: (app) => new LinksPage(app) },
  { path: 'accounts', label: 'Accounts', role: 'admin', page: (app) => new AccountsPage(app) },
  { path: 'tokens', label: 'Tokens', role: 'admin', page: (app) => new TokensPage(app) },
  { path: 'nodes', label: 'Nodes', role: 'operator', page: (app) => new NodesPage(app) },
  { path: 'server', label: 'Server', role: 'operator', page: (app) => new ServerPage(app) },
  { path: 'account', label: 'Your account', role: 'viewer', page: (app) => new AccountPage(app) },
];

/** The admin page: who is signed in, where one is, what is told. */
export class App {
  api = new Api();
  sources = new LiveSources(this.api);
  #content = byId('content');
  #rooms = byId('rooms');
  #who = byId('who');
  #answer = '';
  #answerTimer = 0;
  #news = '';
  #newsTimer = 0;
  /** @type {Page | null} */
  #page = null;
  #signIn = new SignIn(this);

  async start() {
    this.api.onsignedout = () => this.#signIn.askAgain();
    this.sources.addEventListener('incident', (event) => this.#tellIncident(/** @type {CustomEvent} */ (event).detail));
    addEventListener('hashchange', () => this.#show(true));
    byId('skip').addEventListener('click', (event) => {
      event.preventDefault(); // the hash is the address of the page
      this.#content.focus();
    });
    try {
      await this.api.refreshSession();
    } catch (error) {
      this.api.session = { role: 'nobody' };
      this.tell(troubleWords(error));
    }
    this.#show(false);
  }

  /** Says what came of an action, politely; nothing but the next one takes it back. @param {string} words */
  tell(words) {
    clearTimeout(this.#answerTimer);
    this.#answer = words;
    this.#say();
    this.#answerTimer = words ? setTimeout(() => this.tell(''), toldMillis) : 0;
  }

  /** Says nothing any more, if these are still the words. @param {string} words */
  hush(words) {
    if (this.#answer === words) {
      this.tell('');
    }
  }

  /** Says what happens by itself, beside what an action has to say. @param {string} words */
  #tellNews(words) {
    clearTimeout(this.#newsTimer);
    this.#news = words;
    this.#say();
    this.#newsTimer = words ? setTimeout(() => this.#tellNews(''), toldMillis) : 0;
  }

  /** Also within dialogs. */
  #say() {
    const said = [this.#answer, this.#news].filter(Boolean).join(' ');
    document.querySelectorAll('.told').forEach((place) => setText(/** @type {HTMLElement} */ (place), said));
  }

  /** @param {{source: string, kind: string, text: string}} incident */
  #tellIncident({ source, kind, text }) {
    const title = this.sources.get(source)?.title || source;
    if (kind === 'LOST') {
      this.#tellNews(`${title} is lost${text ? `: ${text}` : ''}.`);
    } else if (kind === 'RECOVERED') {
      this.#tellNews(`${title} is back.`);
    }
  }

  /** Goes to a page. @param {string} path such as `sources/gate` */
  go(path) {
    const hash = `#/${path}`;
    if (location.hash === hash) {
      this.#show(true);
    } else {
      location.hash = hash;
    }
  }

  /** Shows what the person who has just signed in, or out, may see. */
  signedIn() {
    this.#leave();
    if (!location.hash.startsWith('#/')) {
      history.replaceState(null, '', '#/sources');
    }
    this.#show(true);
  }

  /** The page's title and heading have changed. @param {string} title */
  retitle(title) {
    document.title = `${title} · Zoetrope`;
  }

  /** @param {boolean} isMove whether the focus goes to the new page */
  #show(isMove) {
    const setup = this.#setupToken();
    this.#showWho();
    if (this.api.session.role === 'nobody') {
      this.sources.stop();
      this.#enter(this.#signIn.page(setup), isMove);
      return;
    }
    const path = location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decoded);
    if (this.api.may('operator')) {
      this.sources.start();
    }
    if (this.#page?.goTo?.(path)) {
      this.#markRoom(path[0]);
      return;
    }
    this.#enter(this.#pageOf(path), isMove);
    this.#markRoom(path[0] ?? 'sources');
  }

  /** That of a setup link; empty without one, and when there is an account already. */
  #setupToken() {
    const token = /^#setup=(.+)$/.exec(location.hash)?.[1];
    if (token && (this.api.session.role !== 'nobody' || this.api.session.setup === false)) {
      history.replaceState(null, '', '#/sources');
      this.tell('This server is set up already: the link has done its work.');
      return '';
    }
    return token ? decoded(token) : '';
  }

  /** @param {string[]} path @returns {Page} */
  #pageOf(path) {
    const [name = 'sources', id, part = ''] = path;
    const room = rooms.find((each) => each.path === name);
    if (!room) {
      return note('No such page', 'There is nothing at this address. The links above lead to what there is.');
    }
    if (!this.api.may(room.role)) {
      return this.api.may('operator')
          ? note('Not for this account', `Only an administrator sees “${room.label}”.`)
          : note('Signed in', 'This account may watch: the sources are behind “Watch”, above.');
    }
    if (name === 'sources' && id) {
      return part === 'edit' ? this.#editPage(id) : new SourcePage(this, id, part);
    }
    return room.page(this, path);
  }

  /** @param {string} id */
  #editPage(id) {
    return this.api.may('admin') ? new SourceForm(this, id) : note('Not for this account', 'Only an administrator changes sources.');
  }

  /** @param {Page} page @param {boolean} isMove */
  #enter(page, isMove) {
    this.#leave();
    this.#page = page;
    this.#content.replaceChildren(page.element);
    this.retitle(page.title);
    if (isMove) {
      scrollTo(0, 0);
      const target = page.element.querySelector('[autofocus], h1');
      if (target instanceof HTMLElement) {
        target.tabIndex = target.tagName === 'H1' ? -1 : target.tabIndex;
        target.focus({ preventScroll: true });
      }
    }
  }

  #leave() {
    this.#page?.close?.();
    this.#page = null;
  }

  #showWho() {
    const { name, role } = this.api.session;
    setText(this.#who, role === 'nobody' ? '' : `${name ?? role}, ${role === 'admin' ? 'administrator' : role}`);
    const seen = rooms.filter((room) => this.api.may(room.role));
    this.#rooms.hidden = role === 'nobody';
    this.#rooms.replaceChildren(...seen.map(({ path, label }) => make('a', { href: `#/${path}` }, label)));
  }

  /** @param {string} name */
  #markRoom(name) {
    for (const link of this.#rooms.children) {
      link.getAttribute('href') === `#/${name}` ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
    }
  }
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody typed a percent sign: there is nothing at such an address, which is told
  }
}

/** @param {string} title @param {string} text @returns {Page} */
function note(title, text) {
  return { title, element: make('div', {}, make('h1', {}, title), make('p', {}, text)) };
}

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) {
    throw new TypeError(`expected #${id}`);
  }
  return element;
}

new App().start();
