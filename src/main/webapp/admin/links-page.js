// @ts-check
import { hereOnlyWords } from '../pages/here-only.js';
import { actionButton, copyButton, copyLine, openDialog, run } from './actions.js';
import { SourceBoxes, sourcesToChoose } from './boxes.js';
import { asking, labelled, make, row, setText, table, ticked } from './dom.js';
import { kindOf } from './kinds.js';
import { moment, troubleWords, wayName } from './words.js';

/** @typedef {import('./app.js').App} App */

const refreshMillis = 5_000;
const heads = Object.freeze(['Link', 'Sources', 'Ways', 'Until', 'Viewers', 'Actions']);
const longestTitle = 100;
/** What is chosen together: a format, however it is fetched. */
const ways = Object.freeze({ fmp4: ['fmp4', 'mp4'], mpeg1: ['mpeg1', 'ts'], mjpeg: ['mjpeg'], gif: ['gif'] });
/** Comes with each way: what is shown before the first picture. */
const stills = 'jpg';
/** Not to watch, but to send from a browser; a link has to name it. */
const publish = 'publish';
const hoursOf = Object.freeze({ hours: 1, days: 24, weeks: 168 });

/** All share links. */
export class LinksPage {
  title = 'Links';
  element;
  #list;

  /** @param {App} app */
  constructor(app) {
    this.#list = new LinkList(app, '');
    this.element = make('div', {}, make('h1', {}, this.title), this.#list.element);
  }

  close() {
    this.#list.close();
  }
}

/** Share links, of one source or of all: made, copied, revoked. */
export class LinkList {
  element;
  #app;
  #id;
  #place = make('p', { class: 'problem', role: 'alert' });
  #list = make('div', {}, asking());
  #create = make('button', { type: 'button', class: 'primary', click: () => this.#ask() }, 'New link');
  #made = make('ul', { class: 'lines', role: 'list' });
  #timer = 0;
  #key = '';
  #left = new AbortController();

  /**
   * @param {App} app
   * @param {string} id of the source; empty for all
   */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element = make('section', {},
        id ? make('h2', {}, 'Share') : null,
        make('p', { class: 'hint' }, 'Whoever has a link watches without an account, until it expires or is revoked here.'),
        id && isForEverybody(app, id) ? make('p', { class: 'hint' }, 'This source is for everybody: the address of its watch page is enough. A link is needed where “Who may watch” says so, under “Change”.') : null,
        make('p', { class: 'hint' }, hereOnlyWords()),
        make('div', { class: 'buttons' }, this.#create), this.#made, this.#place, this.#list);
    this.#refresh();
  }

  close() {
    clearTimeout(this.#timer);
    this.#left.abort();
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (document.hidden) {
      this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
      return;
    }
    try {
      const all = await this.#app.api.get('links', this.#left.signal);
      this.#show(this.#id ? all.filter((/** @type {any} */ { sources }) => sources.length === 0 || sources.includes(this.#id)) : all);
    } catch (error) {
      if (!this.#left.signal.aborted) {
        this.#list.replaceChildren();
        this.#key = '';
        setText(this.#place, troubleWords(error));
      }
    }
    if (!this.#left.signal.aborted) {
      this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
    }
  }

  /** @param {any[]} links */
  #show(links) {
    const key = JSON.stringify(links);
    if (key === this.#key) {
      return;
    }
    this.#key = key;
    if (links.length === 0) {
      this.#list.replaceChildren(make('p', {}, 'There are no links.'));
      return;
    }
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    this.#list.replaceChildren(table('Share links', heads, links.map((link) => this.#row(link))));
    if (focused) {
      /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
    }
  }

  /** @param {any} link */
  #row(link) {
    const name = link.title || link.id;
    const address = make('code', { class: 'visually-hidden' }, addressOf(link));
    const copy = copyButton(this.#app, `the link ${name}`, address);
    const revoke = actionButton(this.#app, {
      label: 'Revoke', name: `Revoke ${name}`, busy: 'Revoking…', done: `${name} is revoked; whoever watched by it is cut off.`, place: this.#place, kind: 'danger',
      question: { title: `Revoke ${name}?`, text: 'Whoever watches by it is cut off at once. This cannot be undone.', yes: 'Revoke' },
      act: async () => {
        await this.#app.api.call('DELETE', `links/${encodeURIComponent(link.id)}`);
        this.#made.replaceChildren();
        await this.#refresh();
        this.#create.focus();
      },
    });
    copy.dataset.key = `copy-${link.id}`;
    revoke.dataset.key = `revoke-${link.id}`;
    return row(heads, name, link.sources.length === 0 ? 'all' : link.sources.join(', '), allOr(link.ways), moment(link.expiresAt),
        link.maxViewers ? `${link.viewers} of ${link.maxViewers}` : String(link.viewers ?? 0),
        link.path || link.link ? make('div', { class: 'buttons' }, copy, revoke, address) : make('div', { class: 'buttons' }, revoke));
  }

  async #ask() {
    await sourcesToChoose(this.#app);
    const title = make('input', { name: 'title', autocomplete: 'off', autofocus: true, maxlength: longestTitle });
    const number = make('input', { name: 'time', type: 'number', min: 1, max: 3650, value: 1, required: true });
    const unit = make('select', { name: 'unit', 'aria-label': 'Unit' }, ...Object.keys(hoursOf).map((each) => make('option', { value: each, selected: each === 'days' }, each)));
    const most = make('input', { name: 'most', type: 'number', min: 1, max: 100_000, placeholder: 'any' });
    const wayBoxes = Object.keys(ways).map((way) => make('input', { type: 'checkbox', name: `way-${way}`, value: way, checked: true }));
    const boxes = this.#id ? null : new SourceBoxes(this.#app, []);
    const goLive = make('input', { type: 'checkbox', name: 'publish' });
    const ids = this.#id ? [this.#id] : [...this.#app.sources.all.keys()];
    const isForLive = ids.some((id) => isSentByBrowsers(this.#app, id));
    const titleField = labelled('Title', title, 'To tell it from others, such as who gets it.');
    const mostField = labelled('Most viewers at a time', most);
    const place = make('p', { class: 'problem', role: 'alert' });
    const submit = make('button', { class: 'primary' }, 'Make the link');
    const { promise } = openDialog('New link', (close) => {
      const form = make('form', { class: 'stack' },
          titleField,
          make('div', { class: 'field' }, make('label', { for: 'link-time' }, 'Good for'), make('div', { class: 'together' }, number, unit)),
          mostField, boxes?.element,
          make('fieldset', {}, make('legend', {}, 'Ways to watch'), make('div', { class: 'boxes' }, ...wayBoxes.map((box) => ticked(wayName(box.value), box)))),
          isForLive ? ticked('Go live', goLive, 'Whoever has the link sends camera, screen or microphone from a browser, without a key.') : null,
          place,
          make('div', { class: 'buttons' }, make('button', { type: 'button', click: () => close() }, 'Cancel'), submit));
      number.id = 'link-time';
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const sources = boxes?.value ?? [this.#id];
        if (sources.length === 0) {
          setText(place, 'Please choose at least one source.');
          return;
        }
        const chosen = wayBoxes.filter(({ checked }) => checked).flatMap(({ value }) => ways[/** @type {keyof typeof ways} */ (value)]);
        if (chosen.length === 0 && !goLive.checked) {
          setText(place, 'Please choose at least one way to watch.');
          return;
        }
        const other = goLive.checked && sources.find((id) => !isSentByBrowsers(this.#app, id));
        if (other) {
          setText(place, `Nobody goes live at ${other} from a browser: choose sources “Sent by HTTP” only.`);
          return;
        }
        const isAnyWay = wayBoxes.every(({ checked }) => checked) && !goLive.checked;
        const named = [...chosen, ...(chosen.length > 0 ? [stills] : []), ...(goLive.checked ? [publish] : [])];
        run(this.#app, submit, {
          label: 'Make the link', busy: 'Making it…', done: 'The link is made.', place, fields: { title: titleField, maxViewers: mostField },
          act: async () => {
            const { data } = await this.#app.api.call('POST', 'links', {
              body: {
                title: title.value.trim() || `For ${sources.join(', ')}`.slice(0, longestTitle), sources, ways: isAnyWay ? [] : named,
                hours: Number(number.value) * hoursOf[/** @type {keyof typeof hoursOf} */ (unit.value)],
                ...(most.value ? { maxViewers: Number(most.value) } : {}),
              },
            });
            close(data);
          },
        });
      });
      return [form];
    });
    const link = await promise;
    if (link) {
      const made = copyLine(this.#app, `New link, ${/** @type {any} */ (link).title}`, addressOf(link));
      this.#made.replaceChildren(made.element);
      made.element.querySelector('button')?.focus();
      await this.#refresh();
    }
  }
}

/** @param {App} app @param {string} id */
function isForEverybody(app, id) {
  return app.sources.get(id)?.access === 'public';
}

/** @param {App} app @param {string} id */
function isSentByBrowsers(app, id) {
  return kindOf(app.sources.get(id)?.kind)?.publish === 'http';
}

/** The address that is given away. @param {any} link */
function addressOf({ path, link, sources }) {
  const relative = (path ?? `/watch/${sources[0]}?link=${link}`).replace(/^\//, '');
  return new URL(`../${relative}`, import.meta.url).href;
}

/** @param {string[] | undefined} names */
function allOr(names = []) {
  const chosen = [...Object.keys(ways), publish].filter((way) => names.includes(way));
  return names.length === 0 ? 'all' : (chosen.length > 0 ? chosen : names).map(wayName).join(', ');
}
