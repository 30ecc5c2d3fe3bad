// @ts-check
import { SourceButtons } from './actions.js';
import { make, setText } from './dom.js';
import { Sparkline } from './sparkline.js';
import { Still } from './still.js';
import { bitrate, causeOf, count, figure, moment, stateName, stateOf, waysInWords } from './words.js';

/** @typedef {import('./app.js').App} App */

const viewKey = 'zoetrope-admin-view';
const inTrouble = ['stalled', 'waiting', 'failed', 'mistaken'];

/** All sources, as tiles or as a table. */
export class SourcesPage {
  title = 'Sources';
  element;
  #app;
  #summary = make('p', { class: 'summary' });
  #found = make('p', { class: 'hint', role: 'status' });
  #filter = make('input', { type: 'search', id: 'filter', placeholder: 'Title, id, kind or state', autocomplete: 'off' });
  #tools = make('div', { class: 'tools' });
  #place = make('div', {});
  #list = make('div', {});
  #empty;
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  #isTable = localStorage.getItem(viewKey) === 'table';
  #views;
  #sight = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      this.#entries.get(/** @type {HTMLElement} */ (target).dataset.id ?? '')?.see(isIntersecting);
    }
  });
  #change = (/** @type {Event} */ event) => this.#takeChange(/** @type {CustomEvent} */ (event).detail);

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#views = ['tiles', 'table'].map((view) => make('button', {
      type: 'button', 'aria-pressed': String((view === 'table') === this.#isTable), click: () => this.#setView(view),
    }, view === 'table' ? 'Table' : 'Tiles'));
    this.#empty = make('div', { class: 'empty', hidden: true },
        make('h2', {}, 'No sources yet'),
        make('p', {}, 'A source is what can be watched: a camera, a stream, a file, or pictures that somebody sends.'),
        make('p', {}, app.api.may('admin') ? make('a', { class: 'button primary', href: '#/add' }, 'Add the first one') : 'An administrator can add the first one.'));
    this.#tools.append(make('div', { class: 'field' }, make('label', { for: 'filter' }, 'Filter'), this.#filter),
        make('div', { class: 'buttons', role: 'group', 'aria-label': 'View' }, ...this.#views),
        app.api.may('admin') ? make('a', { class: 'button primary', href: '#/add' }, 'Add a camera or other source') : '');
    this.element = make('div', {},
        make('div', { class: 'head' }, make('h1', {}, this.title), this.#summary),
        this.#tools, this.#found, this.#empty, this.#place);
    this.#filter.addEventListener('input', () => this.#applyFilter(true));
    app.sources.addEventListener('change', this.#change);
    document.addEventListener('visibilitychange', this.#visibility);
    this.#arrange();
  }

  close() {
    this.#app.sources.removeEventListener('change', this.#change);
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#sight.disconnect();
    this.#entries.forEach((entry) => entry.close());
  }

  #visibility = () => this.#entries.forEach((entry) => entry.lookAgain());

  /** @param {string} view */
  #setView(view) {
    this.#isTable = view === 'table';
    localStorage.setItem(viewKey, view);
    this.#views.forEach((button, i) => button.setAttribute('aria-pressed', String((i === 1) === this.#isTable)));
    this.#arrange();
  }

  /** Builds the list anew. */
  #arrange() {
    this.#sight.disconnect();
    this.#entries.forEach((entry) => entry.close());
    this.#entries.clear();
    if (this.#isTable) {
      this.#list = make('tbody', {});
      const heads = [['Source', ''], ['Viewers', ''], ['Comes in', ''], ['Fps', 'roomy'], ['CPU', 'roomy'], ['Last hour', 'roomy'], ['Actions', '']];
      this.#place.replaceChildren(make('table', { class: 'list' },
          make('caption', { class: 'visually-hidden' }, 'Sources'),
          make('thead', {}, make('tr', {}, ...heads.map(([head, kind]) => make('th', { scope: 'col', class: kind }, head)))), this.#list));
    } else {
      this.#list = make('ul', { class: 'tiles', role: 'list' });
      this.#place.replaceChildren(this.#list);
    }
    this.#showAll();
  }

  #showAll() {
    const { all, isKnown } = this.#app.sources;
    for (const [id, entry] of this.#entries) {
      if (!all.has(id)) {
        this.#sight.unobserve(entry.element);
        entry.close();
        entry.element.remove();
        this.#entries.delete(id);
      }
    }
    let i = 0;
    for (const [id, source] of all) {
      let entry = this.#entries.get(id);
      if (!entry) {
        entry = new Entry(this.#app, id, this.#isTable);
        this.#entries.set(id, entry);
        this.#sight.observe(entry.element);
      }
      entry.show(source);
      if (this.#list.children[i] !== entry.element) {
        this.#list.insertBefore(entry.element, this.#list.children[i] ?? null);
      }
      i++;
    }
    this.#empty.hidden = all.size > 0 || !isKnown;
    this.#place.hidden = all.size === 0;
    this.#tools.hidden = !this.#empty.hidden;
    this.#applyFilter(false);
    this.#summarize();
  }

  /** @param {{ids: Set<string>, isOtherList: boolean}} change */
  #takeChange({ ids, isOtherList }) {
    if (isOtherList || this.#entries.size === 0) {
      this.#showAll();
      return;
    }
    for (const id of ids) {
      this.#entries.get(id)?.show(this.#app.sources.get(id));
    }
    if (this.#filter.value) {
      this.#applyFilter(false);
    }
    this.#summarize();
  }

  #summarize() {
    const all = [...this.#app.sources.all.values()];
    if (!this.#app.sources.isKnown) {
      setText(this.#summary, 'Asking the server…');
      return;
    }
    const live = all.filter((source) => stateOf(source) === 'live').length;
    const troubled = all.filter((source) => inTrouble.includes(stateOf(source))).length;
    const viewers = all.reduce((sum, source) => sum + (source.viewers ?? 0), 0);
    setText(this.#summary, all.length === 0 ? '' : `${count(all.length, 'source')}, ${live} live, ${troubled} in trouble, ${count(viewers, 'viewer')}`);
  }

  /** @param {boolean} isTyped */
  #applyFilter(isTyped) {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const [id, entry] of this.#entries) {
      const source = this.#app.sources.get(id);
      const text = `${id} ${source?.title ?? ''} ${source?.kind ?? ''} ${stateName(stateOf(source ?? {}))}`.toLowerCase();
      const isFound = words.every((word) => text.includes(word));
      if (entry.element.hidden === isFound) {
        entry.element.hidden = !isFound;
      }
      found += isFound ? 1 : 0;
    }
    if (isTyped || words.length > 0) {
      setText(this.#found, words.length === 0 ? '' : `${found} of ${count(this.#entries.size, 'source')}`);
    }
  }
}

/** One source of the list. Only what differs is written. */
class Entry {
  element;
  #app;
  #id;
  #still;
  #spark;
  #buttons;
  #name;
  #badge = make('span', { class: 'badge' });
  #cause = make('span', { class: 'cause' });
  #since = make('span', { class: 'soft' });
  #viewers = make('span', {});
  #ways = make('span', { class: 'soft' });
  #bitrate = make('span', {});
  #fps = make('span', {});
  #cpu = make('span', {});
  #isSeen = false;
  /** @type {any} */
  #source = {};

  /**
   * @param {App} app
   * @param {string} id
   * @param {boolean} isTable
   */
  constructor(app, id, isTable) {
    this.#app = app;
    this.#id = id;
    this.#still = new Still(id);
    this.#spark = new Sparkline(app, id);
    this.#name = make('a', { class: 'title', href: `#/sources/${id}` });
    const problem = make('p', { class: 'problem', role: 'alert' });
    this.#buttons = new SourceButtons(app, id, problem);
    this.element = isTable ? this.#tableRow(problem) : this.#tile(problem);
    this.element.dataset.id = id;
    this.element.id = `source-${id}`;
  }

  /** @param {HTMLElement} problem */
  #tile(problem) {
    return make('li', { class: 'tile' },
        make('a', { href: `#/sources/${this.#id}`, tabindex: -1, 'aria-hidden': 'true' }, this.#still.element),
        make('div', { class: 'caption' }, this.#name, this.#badge),
        make('p', { class: 'tile-line' }, this.#cause, this.#since),
        make('p', { class: 'tile-line watched' }, this.#viewers, this.#ways),
        make('dl', { class: 'rates' },
            make('div', {}, make('dt', {}, 'Comes in'), make('dd', {}, this.#bitrate)),
            make('div', {}, make('dt', {}, 'Fps'), make('dd', {}, this.#fps)),
            make('div', {}, make('dt', {}, 'CPU'), make('dd', {}, this.#cpu))),
        this.#spark.element, problem, this.#buttons.element);
  }

  /** @param {HTMLElement} problem */
  #tableRow(problem) {
    return make('tr', {},
        make('th', { scope: 'row' },
            make('div', { class: 'row-name' }, this.#still.element,
                make('div', {}, this.#name, this.#badge, this.#cause, this.#since))),
        make('td', {}, this.#viewers, this.#ways),
        make('td', {}, this.#bitrate),
        make('td', { class: 'roomy' }, this.#fps),
        make('td', { class: 'roomy' }, this.#cpu),
        make('td', { class: 'roomy' }, this.#spark.element),
        make('td', {}, problem, this.#buttons.element));
  }

  /** @param {any} source */
  show(source) {
    this.#source = source;
    const state = stateOf(source);
    setText(this.#name, source.title || source.id);
    setText(this.#badge, stateName(state));
    if (this.#badge.dataset.state !== state) {
      this.#badge.dataset.state = state;
    }
    const cause = causeOf(source);
    setText(this.#cause, cause);
    setText(this.#since, source.since && state !== 'off' ? `since ${moment(source.since)}` : '');
    setText(this.#viewers, source.viewers === undefined ? '' : count(source.viewers, 'viewer'));
    setText(this.#ways, waysInWords(source.ways));
    setText(this.#bitrate, bitrate(source.bytesIn));
    setText(this.#fps, figure(source.fps, 1));
    setText(this.#cpu, figure(source.cpu, 0, ' %'));
    this.#buttons.show(source);
    this.lookAgain();
  }

  /** @param {boolean} isSeen whether any of it is within the window */
  see(isSeen) {
    this.#isSeen = isSeen;
    this.lookAgain();
  }

  /** Loads pictures only while there may be one, and somebody looks. */
  lookAgain() {
    const state = stateOf(this.#source);
    const mayHavePicture = state !== 'off' && state !== 'mistaken';
    this.#still.want(this.#isSeen && mayHavePicture && !document.hidden);
    this.#spark.want(this.#isSeen && state !== 'mistaken' && !document.hidden);
    if (!mayHavePicture) {
      this.#still.clear();
    }
  }

  close() {
    this.#still.want(false);
    this.#spark.want(false);
  }
}
