// @ts-check
import '../player/zoetrope-player.js';
import { hereOnlyWords } from '../pages/here-only.js';
import { SourceButtons, actionButton, copyLine } from './actions.js';
import { BrowserLines } from './browser-lines.js';
import { expectedCost } from './costs.js';
import { asking, labelled, make, numbers, row, setText, table } from './dom.js';
import { Graphs } from './graphs.js';
import { LinkList } from './links-page.js';
import { kindOf } from './kinds.js';
import { embedLines, publishLines } from './paste.js';
import { bitrate, causeOf, count, figure, millis, moment, sentence, size, stateName, stateOf, troubleWords, unknown, wayName, waysInWords } from './words.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {{element: HTMLElement, close?: () => void}} Part
 */

const refreshMillis = 2_000;
const mostLines = 200;
const mostViewers = 100;
const viewerHeads = Object.freeze(['Address', 'Way', 'Since', 'Got', 'Missed', 'Age of its picture', 'Action']);
const liveUrl = new URL('../live/', import.meta.url).href;

/** One source: its picture, what it does and did, who watches it, how to send and show it. */
export class SourcePage {
  title;
  element;
  #app;
  #id;
  #heading;
  #badge = make('span', { class: 'badge', role: 'status' });
  #cause = make('p', { class: 'note' });
  #mirrored = make('p', { class: 'hint' });
  /** Null for who may not. @type {HTMLElement | null} */
  #edit = null;
  #buttons;
  #numbers = make('div', {});
  #player = make('zoetrope-player');
  #parts = make('nav', { class: 'parts', 'aria-label': 'Of this source' });
  #place = make('div', { class: 'part' });
  /** @type {Part | null} */
  #part = null;
  #partName = '';
  #isGone = false;
  #change = (/** @type {Event} */ event) => {
    const { ids, isOtherList } = /** @type {CustomEvent} */ (event).detail;
    if (isOtherList || ids.has(this.#id)) {
      this.#show();
    }
  };

  /**
   * @param {App} app
   * @param {string} id
   * @param {string} part
   */
  constructor(app, id, part) {
    this.#app = app;
    this.#id = id;
    this.title = app.sources.get(id)?.title || id;
    this.#heading = make('h1', {}, this.title);
    const problem = make('p', { class: 'problem', role: 'alert' });
    this.#buttons = new SourceButtons(app, id, problem);
    const isAdmin = app.api.may('admin');
    const links = make('div', { class: 'buttons' }, make('a', { class: 'button', href: new URL(`../watch/${id}`, import.meta.url).href }, 'Watch page'));
    if (isAdmin) {
      this.#edit = make('a', { class: 'button', href: `#/sources/${id}/edit` }, 'Change');
      links.append(this.#edit);
    }
    this.#player.setAttribute('src', liveUrl + id);
    this.element = make('div', { class: 'source' },
        make('div', { class: 'stage' }, this.#player,
            make('div', { class: 'bar' }, this.#heading, this.#badge), this.#cause, this.#mirrored, problem,
            make('div', { class: 'controls' }, this.#buttons.element, links)),
        make('section', { class: 'panel', 'aria-labelledby': 'numbers-title' }, make('h2', { id: 'numbers-title' }, 'Now'), this.#numbers),
        make('div', { class: 'below' }, this.#parts, this.#place));
    app.sources.addEventListener('change', this.#change);
    this.#show();
    this.#open(part);
  }

  /** @param {string[]} path */
  goTo([room, id, part = '']) {
    if (room !== 'sources' || id !== this.#id || part === 'edit' || this.#isGone) {
      return false;
    }
    this.#open(part);
    return true;
  }

  close() {
    this.#app.sources.removeEventListener('change', this.#change);
    this.#part?.close?.();
  }

  #show() {
    const source = this.#app.sources.get(this.#id);
    if (!source) {
      if (this.#app.sources.isKnown) {
        this.#showGone();
      }
      return;
    }
    if (this.#isGone) {
      this.#app.go(`sources/${this.#id}`); // it is back
      return;
    }
    const title = source.title || source.id;
    setText(this.#heading, title);
    if (title !== this.title) {
      this.title = title;
      this.#player.setAttribute('label', title);
      this.#app.retitle(title);
    }
    const state = stateOf(source);
    setText(this.#badge, stateName(state));
    this.#badge.dataset.state = state;
    const advice = causeOf(source) && source.advice ? ` ${sentence(source.advice)}` : '';
    setText(this.#cause, causeOf(source) + advice);
    this.#showMirror(source);
    this.#buttons.show(source);
    this.#showNumbers(source);
    this.#showParts(source);
  }

  /** Leads to where the settings of a mirrored source are. @param {any} source */
  #showMirror({ mirroredBy }) {
    if (this.#edit) {
      this.#edit.hidden = Boolean(mirroredBy);
    }
    if ((this.#mirrored.dataset.by ?? '') !== (mirroredBy ?? '')) {
      this.#mirrored.dataset.by = mirroredBy ?? '';
      this.#mirrored.replaceChildren(...(mirroredBy
          ? ['Mirrored from another node by ', make('a', { href: `#/sources/${mirroredBy}` }, mirroredBy), ', whose settings it has.'] : []));
    }
  }

  #showGone() {
    if (this.#isGone) {
      return;
    }
    this.#isGone = true;
    this.#part?.close?.();
    this.#part = null;
    this.element.replaceChildren(make('div', {}, this.#heading,
        make('p', { role: 'status' }, `There is no source ${this.#id}, or no more. `, make('a', { href: '#/sources' }, 'All sources'))));
  }

  /** @param {any} source */
  #showNumbers(source) {
    const lines = /** @type {[string, string][]} */ ([
      ['Since', moment(source.since)],
      ['Kind', kindOf(source.kind)?.name ?? source.kind ?? unknown],
      ['Viewers', source.viewers === undefined ? unknown : [String(source.viewers), waysInWords(source.ways)].filter(Boolean).join(': ')],
      ['Comes in', bitrate(source.bytesIn)],
      ['Goes out', bitrate(source.bytesOut)],
      ['Frames per second', figure(source.fps, 1)],
      ['CPU', figure(source.cpu, 0, ' %')],
      ['Restarts', figure(source.restarts)],
      ['Tried again', source.nextAttempt ? moment(source.nextAttempt) : ''],
    ]);
    const shown = lines.filter(([, value]) => value !== '');
    const values = this.#numbers.querySelectorAll('dd');
    if (values.length === shown.length && this.#numbers.querySelectorAll('dt')[shown.length - 1].textContent === shown.at(-1)?.[0]) {
      shown.forEach(([, value], i) => setText(values[i], value));
    } else {
      this.#numbers.replaceChildren(numbers(shown));
    }
  }

  /** @param {any} source */
  #showParts(source) {
    const isAdmin = this.#app.api.may('admin');
    const isPublished = isAdmin && kindOf(source.kind)?.publish;
    const parts = [
      ['', 'Last hour'], ['viewers', 'Viewers'], ['timeline', 'Timeline'], ['log', 'Log'],
      ...(isPublished ? [['publish', 'Send to it']] : []), ['embed', 'Show it elsewhere'], ...(isAdmin ? [['share', 'Share']] : []),
    ];
    if (this.#parts.children.length !== parts.length) {
      this.#parts.replaceChildren(...parts.map(([part, label]) =>
          make('a', { href: `#/sources/${this.#id}${part && '/'}${part}`, 'data-part': part }, label)));
      this.#markPart();
    }
  }

  /** @param {string} part */
  #open(part) {
    if (this.#isGone) {
      return;
    }
    this.#part?.close?.();
    this.#partName = part;
    this.#part = this.#makePart(part);
    this.#place.replaceChildren(this.#part.element);
    this.#markPart();
  }

  #markPart() {
    for (const link of /** @type {Iterable<HTMLElement>} */ (this.#parts.children)) {
      link.dataset.part === this.#partName ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current');
    }
  }

  /** @param {string} part @returns {Part} */
  #makePart(part) {
    const app = this.#app;
    const id = this.#id;
    switch (part) {
      case 'viewers': return new ViewersPart(app, id);
      case 'timeline': return new TimelinePart(app, id);
      case 'log': return new LogPart(app, id);
      case 'publish': return new PublishPart(app, id);
      case 'embed': return new EmbedPart(app, id);
      case 'share': return new LinkList(app, id);
      default: return new Graphs(app, id);
    }
  }
}

/** Asks again every two seconds while somebody looks. */
class Asking {
  #timer = 0;
  #left = new AbortController();
  #ask;
  #note;

  /**
   * @param {(signal: AbortSignal) => Promise<void>} ask
   * @param {HTMLElement} note where it is told if that fails
   */
  constructor(ask, note) {
    this.#ask = ask;
    this.#note = note;
    this.#again();
  }

  async #again() {
    if (!document.hidden) {
      try {
        await this.#ask(this.#left.signal);
        setText(this.#note, '');
      } catch (error) {
        if (!this.#left.signal.aborted) {
          setText(this.#note, troubleWords(error));
        }
      }
    }
    if (!this.#left.signal.aborted) {
      this.#timer = setTimeout(() => this.#again(), refreshMillis);
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#left.abort();
  }
}

/** Who watches. */
class ViewersPart {
  element;
  #app;
  #id;
  #note = make('p', { class: 'hint' });
  #place = make('p', { class: 'problem', role: 'alert' });
  #heading = make('h2', { tabindex: -1 }, 'Viewers');
  #list = make('div', {});
  /** @type {Map<string, {row: HTMLTableRowElement, cells: HTMLElement[]}>} */
  #rows = new Map();
  #body;
  #empty = asking();
  #asking;

  /** @param {App} app @param {string} id */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.#list = table('Viewers', viewerHeads, []);
    this.#list.hidden = true;
    this.#body = /** @type {HTMLElement} */ (this.#list.querySelector('tbody'));
    this.element = make('section', {}, this.#heading, make('p', { class: 'hint' }, 'Whoever is disconnected may come back; to keep somebody out, change who may watch, or revoke the link.'),
        this.#note, this.#place, this.#empty, this.#list);
    this.#asking = new Asking((signal) => this.#refresh(signal), this.#note);
  }

  close() {
    this.#asking.close();
  }

  /** @param {AbortSignal} signal */
  async #refresh(signal) {
    const { data, headers } = await this.#app.api.call('GET', `sources/${this.#id}/viewers?limit=${mostViewers}`, { signal });
    const ids = new Set(data.map((/** @type {any} */ viewer) => String(viewer.id)));
    for (const [id, { row: line }] of this.#rows) {
      if (!ids.has(id)) {
        this.#rows.delete(id);
        this.#remove(line);
      }
    }
    data.forEach((/** @type {any} */ viewer) => this.#show(viewer));
    const total = Number(headers.get('X-Total-Count') ?? data.length);
    this.#empty.hidden = data.length > 0;
    this.#list.hidden = data.length === 0;
    if (total > data.length) {
      this.#app.tell('');
      setText(this.#empty, `The first ${data.length} of ${total}.`);
      this.#empty.hidden = false;
    } else {
      setText(this.#empty, 'Nobody watches.');
    }
  }

  /** Leads on to the next one, where the row that goes has the focus. @param {HTMLTableRowElement} line */
  #remove(line) {
    const hadFocus = line.contains(document.activeElement);
    const heir = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    if (hadFocus) {
      (heir?.querySelector('button') ?? this.#heading).focus();
    }
  }

  /** @param {any} viewer */
  #show(viewer) {
    const id = String(viewer.id);
    let line = this.#rows.get(id);
    if (!line) {
      const cells = Array.from({ length: 6 }, () => make('span', {}));
      const cut = actionButton(this.#app, {
        label: 'Disconnect', name: `Disconnect ${viewer.address ?? id}`, busy: 'Disconnecting…', done: 'Disconnected.', place: this.#place,
        act: () => this.#app.api.call('DELETE', `sources/${this.#id}/viewers/${encodeURIComponent(id)}`),
      });
      line = { row: row(viewerHeads, ...cells, cut), cells };
      this.#rows.set(id, line);
      this.#body.append(line.row);
    }
    const words = [
      viewer.address ?? unknown, [viewer.way, viewer.rendition].filter((each, i, all) => each && all.indexOf(each) === i).map(wayName).join(', '),
      moment(viewer.since), size(viewer.bytes), count(viewer.skipped ?? 0, 'picture'),
      viewer.ageMillis >= 0 ? `${viewer.ageMillis} ms` : unknown,
    ];
    line.cells.forEach((cell, i) => setText(cell, words[i]));
  }
}

const incidentWords = Object.freeze({
  STARTED: 'Started', FIRST_FRAME: 'First picture', STALLED: 'No picture came', KILLED: 'Ended by the server', EXITED: 'Ended',
  BACK_OFF: 'Waits', LOST: 'Lost', RECOVERED: 'Back', NO_KEYFRAMES: 'No keyframes', CHANGED: 'Changed', STOPPED: 'Stopped',
});

/** What happened to the source, the newest first. */
class TimelinePart {
  element;
  #app;
  #id;
  #note = make('p', { class: 'hint' });
  #list = make('ol', { class: 'timeline', role: 'list' }, make('li', {}, 'Asking the server…'));
  #asking;

  /** @param {App} app @param {string} id */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element = make('section', {}, make('h2', {}, 'Timeline'), make('p', { class: 'hint' }, 'What happened to the source since the server started, the newest first.'), this.#note, this.#list);
    this.#asking = new Asking((signal) => this.#refresh(signal), this.#note);
  }

  close() {
    this.#asking.close();
  }

  /** @param {AbortSignal} signal */
  async #refresh(signal) {
    const incidents = await this.#app.api.get(`sources/${this.#id}/timeline?limit=${mostLines}`, signal);
    const newestFirst = [...incidents].sort((a, b) => millis(b.at) - millis(a.at));
    const key = newestFirst.map(({ at, kind }) => `${at}${kind}`).join();
    if (this.#list.dataset.key === key) {
      return;
    }
    this.#list.dataset.key = key;
    this.#list.replaceChildren(...newestFirst.map(({ at, kind, text }) => make('li', { 'data-kind': kind },
        make('time', { datetime: at }, moment(at)),
        make('b', {}, incidentWords[/** @type {keyof typeof incidentWords} */ (kind)] ?? kind), make('span', {}, text))));
    if (newestFirst.length === 0) {
      this.#list.append(make('li', {}, 'Nothing happened yet.'));
    }
  }
}

/** What its process writes, live. */
class LogPart {
  element;
  #app;
  #id;
  #note = make('p', { class: 'hint' });
  #log = make('pre', { class: 'log', tabindex: 0, role: 'log', 'aria-label': 'Log', 'aria-live': 'off' }, 'Asking the server…');
  #asking;

  /** @param {App} app @param {string} id */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element = make('section', {}, make('h2', {}, 'Log'), make('p', { class: 'hint' }, 'What the program that fetches the pictures wrote last, as it comes, without passwords.'), this.#note, this.#log);
    this.#asking = new Asking((signal) => this.#refresh(signal), this.#note);
  }

  close() {
    this.#asking.close();
  }

  /** @param {AbortSignal} signal */
  async #refresh(signal) {
    const lines = await this.#app.api.get(`sources/${this.#id}/log`, signal);
    const isAtEnd = this.#log.scrollTop + this.#log.clientHeight >= this.#log.scrollHeight - 4;
    setText(this.#log, lines.slice(-mostLines).map((/** @type {any} */ line) => (typeof line === 'string' ? line : line.text)).join('\n') || 'Nothing yet.');
    if (isAtEnd) {
      this.#log.scrollTop = this.#log.scrollHeight;
    }
  }
}

/** How to send to it: lines ready to paste, with its key. */
class PublishPart {
  element;
  #app;
  #id;
  #place = make('p', { class: 'problem', role: 'alert' });
  #lines = make('ul', { class: 'lines', role: 'list' }, make('li', {}, 'Asking the server…'));
  #browser = make('div', {});
  #left = new AbortController();

  /** @param {App} app @param {string} id */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element = make('section', {}, make('h2', {}, 'Send to it'),
        make('p', { class: 'hint' }, 'Whoever has these lines can send pictures here: keep them as you keep a password.'),
        make('p', { class: 'hint' }, hereOnlyWords()), this.#browser, this.#lines, this.#place,
        make('div', { class: 'buttons' }, actionButton(app, {
          label: 'New key', busy: 'Making one…', done: 'The key is new; the lines above have it.', place: this.#place,
          question: { title: 'Make a new key?', text: 'Whoever sends with the old one is cut off, and has to be given the new lines.', yes: 'New key' },
          act: () => this.#show(app.api.call('POST', `sources/${id}/publish-key`).then(({ data }) => data)),
        })));
    const revealed = app.api.call('POST', `sources/${id}/publish-key/reveal`, { signal: this.#left.signal });
    this.#show(revealed.then(({ data }) => data)).catch((error) => {
      if (!this.#left.signal.aborted) {
        this.#lines.replaceChildren();
        setText(this.#place, troubleWords(error));
      }
    });
  }

  close() {
    this.#left.abort();
  }

  /** @param {Promise<any>} asked */
  async #show(asked) {
    const { kind, key, urls = [] } = await asked;
    const lines = publishLines(this.#id, kind, key ?? '', urls);
    this.#lines.replaceChildren(...lines.map(([name, text, about]) => copyLine(this.#app, name, text, about).element));
    this.#browser.replaceChildren(...(kind === 'http' ? [new BrowserLines(this.#app, this.#id, key ?? '').element] : []));
    if (lines.length === 0) {
      setText(this.#place, 'The server’s RTMP port is closed: set rtmpPort in its zoetrope.yaml, such as 1935.');
    }
  }
}

/** How to show it in pages and programs, and what that costs per viewer. */
class EmbedPart {
  element;
  #app;
  #id;
  #note = make('p', { class: 'hint' });
  /** @type {{way: string, code: HTMLElement, note: HTMLElement}[]} */
  #lines = [];
  #link = make('select', { name: 'link' }, make('option', { value: '' }, 'No link'));
  /** @type {any} */
  #before = null;
  /** @type {import('./costs.js').Known} */
  #known = {};
  #asking;
  #left = new AbortController();

  /** @param {App} app @param {string} id */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    const list = make('ul', { class: 'lines', role: 'list' });
    for (const { name, way, text } of embedLines(id)) {
      const { element, code, note } = copyLine(app, name, text, expectedCost(way, {}));
      this.#lines.push({ way, code, note });
      list.append(element);
    }
    const isProtected = (app.sources.get(id)?.access ?? 'public') !== 'public';
    this.element = make('section', {}, make('h2', {}, 'Show it elsewhere'),
        isProtected ? make('p', { class: 'note' }, 'This source is not for everybody: choose a share link, without which these lines work only for who is signed in here.') : null,
        isProtected && app.api.may('admin') ? labelled('Share link', this.#link, 'Links are made under “Share”.') : null,
        make('p', { class: 'hint' }, hereOnlyWords()), this.#note, list);
    this.#link.addEventListener('change', () => this.#takeLink());
    this.#asking = new Asking((signal) => this.#refresh(signal), this.#note);
    this.#learn().catch((error) => {
      if (!this.#left.signal.aborted) {
        setText(this.#note, troubleWords(error));
      }
    });
    if (isProtected && app.api.may('admin')) {
      this.#offerLinks().catch((error) => setText(this.#note, troubleWords(error)));
    }
  }

  close() {
    this.#asking.close();
    this.#left.abort();
  }

  /** What costs can be reckoned by before anybody watches. */
  async #learn() {
    const { signal } = this.#left;
    const { settings } = await this.#app.api.get(`sources/${this.#id}`, signal);
    const still = await fetch(`${liveUrl}${this.#id}.jpg`, { signal });
    this.#known = { settings, stillBytes: still.ok ? (await still.arrayBuffer()).byteLength : undefined };
  }

  async #offerLinks() {
    const links = await this.#app.api.get('links');
    for (const { title, sources, path } of links) {
      if (sources.includes(this.#id)) {
        this.#link.append(make('option', { value: new URL(path, location.href).searchParams.get('link') }, title));
      }
    }
  }

  #takeLink() {
    embedLines(this.#id, this.#link.value).forEach(({ text }, i) => setText(this.#lines[i].code, text));
  }

  /** @param {AbortSignal} signal */
  async #refresh(signal) {
    const stats = await this.#app.api.get(`sources/${this.#id}/stats`, signal);
    const seconds = (millis(stats.now) - millis(this.#before?.now)) / 1000;
    const { bytesIn, fps } = this.#app.sources.get(this.#id) ?? {};
    for (const { way, note } of this.#lines) {
      const bytes = stats.renditions[way]?.bytes - this.#before?.renditions[way]?.bytes;
      setText(note, bytes > 0 && seconds > 0
          ? `Costs ${bitrate(bytes / seconds)} per viewer, as measured just now: ${size((bytes / seconds) * 3600)} an hour.`
          : expectedCost(way, { ...this.#known, bytesIn, fps }));
    }
    this.#before = stats;
  }
}
