// @ts-check
import { actionButton, ask } from './actions.js';
import { make, numbers, setText } from './dom.js';
import { Graphs } from './graphs.js';
import { count, figure, moment, size, span, troubleWords, unknown } from './words.js';

/** @typedef {import('./app.js').App} App */

const refreshMillis = 5_000;

/** The server: versions, ffmpeg, encoders, limits, disk, load; everything as one file. */
export class ServerPage {
  title = 'Server';
  element;
  #app;
  #note = make('p', { class: 'problem', role: 'alert' });
  #facts = make('div', { class: 'facts' });
  #graphs;
  #timer = 0;
  #left = new AbortController();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#graphs = new Graphs(app);
    this.element = make('div', {}, make('h1', {}, this.title), this.#note, this.#facts,
        make('h2', {}, 'Last hour'), this.#graphs.element,
        app.api.may('admin') ? keepSection(app) : null);
    this.#refresh();
  }

  close() {
    clearTimeout(this.#timer);
    this.#left.abort();
    this.#graphs.close();
  }

  async #refresh() {
    if (!document.hidden) {
      try {
        this.#show(await this.#app.api.get('server', this.#left.signal));
        setText(this.#note, '');
      } catch (error) {
        if (!this.#left.signal.aborted) {
          setText(this.#note, troubleWords(error));
        }
      }
    }
    if (!this.#left.signal.aborted) {
      this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
    }
  }

  /** @param {any} server */
  #show(server) {
    const { ffmpeg = {}, limits = {} } = server;
    const groups = /** @type {[string, [string, string][]][]} */ ([
      ['Load', [
        ['Viewers', `${server.viewers ?? unknown} of ${limits.viewers ?? unknown}`],
        ['Load', `${figure(server.load, 2)} on ${count(server.cpus ?? 0, 'core')}`],
        ['Heap', `${size(server.heapUsed)} of ${size(server.heapMost)}`],
        ['Beside the heap', size(server.directUsed)],
        ['Open files', `${server.files ?? unknown} of ${server.filesMost ?? unknown}`],
        ['Free disk', size(server.diskFree)],
        ['Refused viewers', figure(server.refused)],
        ['Closed, since they took nothing', figure(server.stalled)],
      ]],
      ['Versions', [
        ['Zoetrope', server.version ?? unknown],
        ['Java', server.java ?? unknown],
        ['Container', server.container ?? unknown],
        ['System', server.os ?? unknown],
        ['Started', `${moment(server.startedAt)}, ${span(server.uptimeSeconds)} ago`],
        ['Home', server.home ?? unknown],
        ['RTMP port', server.rtmpPort ? String(server.rtmpPort) : 'none'],
        ['Fast door', typeof server.fastDoor === 'boolean' ? (server.fastDoor ? 'open' : 'closed') : String(server.fastDoor ?? unknown)],
      ]],
      ['ffmpeg', [
        ['Program', ffmpeg.path ?? 'not found'],
        ['Version', ffmpeg.version ?? unknown],
        ['Encoder', ffmpeg.encoder ?? unknown],
        ['Hardware', hardwareWords(ffmpeg.hardwareEncoders)],
      ]],
      ['Limits', [
        ['Viewers', String(limits.viewers ?? unknown)],
        ['Viewers of a source', String(limits.viewersPerSource ?? unknown)],
        ['Viewers of an address', String(limits.viewersPerAddress ?? unknown)],
        ['Sources', String(limits.sources ?? unknown)],
        ['Memory for pictures', size(limits.logBytes)],
      ]],
    ]);
    const values = this.#facts.querySelectorAll('dd');
    const flat = groups.flatMap(([, lines]) => lines);
    if (values.length === flat.length) {
      flat.forEach(([, value], i) => setText(values[i], value));
    } else {
      this.#facts.replaceChildren(...groups.map(([title, lines]) => make('section', {}, make('h2', {}, title), numbers(lines))));
    }
  }
}

/** @param {any[] | undefined} encoders */
function hardwareWords(encoders) {
  if (!encoders || encoders.length === 0) {
    return 'none';
  }
  return encoders.map((each) => (typeof each === 'string' ? each : `${each.name}: ${String(each.outcome ?? '').toLowerCase().replaceAll('_', ' ')}`)).join(', ');
}

/** @param {App} app */
function keepSection(app) {
  const place = make('p', { class: 'problem', role: 'alert' });
  const file = make('input', { type: 'file', id: 'import-file', accept: '.json,application/json' });
  return make('section', { class: 'apart' }, make('h2', {}, 'Everything as one file'),
      make('p', {}, 'Sources, settings, secrets and accounts, to keep or to move to another server. It holds passwords: keep it as you keep those.'),
      make('div', { class: 'buttons' }, actionButton(app, { label: 'Export', busy: 'Exporting…', done: 'The file is in your downloads.', place, act: () => save(app) })),
      make('div', { class: 'field' }, make('label', { for: 'import-file' }, 'File to import'), file),
      place,
      make('div', { class: 'buttons' }, actionButton(app, { label: 'Import', busy: 'Importing…', done: 'Imported.', place, act: () => load(app, file) })));
}

/** @param {App} app */
async function save(app) {
  const { data } = await app.api.call('POST', 'export');
  const link = make('a', { download: `zoetrope-${new Date().toISOString().slice(0, 10)}.json` });
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** @param {App} app @param {HTMLInputElement} input */
async function load(app, input) {
  const file = input.files?.[0];
  if (!file) {
    throw new Error('Please choose a file that was exported before.');
  }
  let body;
  try {
    body = JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is no JSON: expected a file that was exported here.`);
  }
  const { data } = await app.api.call('POST', 'import?dry=1', { body });
  const isSure = await ask({ title: 'Import this file?', text: changesOf(data), yes: 'Import' });
  if (!isSure) {
    return false;
  }
  await app.api.call('POST', 'import', { body });
  await app.sources.refresh();
  return undefined;
}

/** @param {any} changes */
function changesOf({ created, changed, removed }) {
  const lines = /** @type {[string, any][]} */ ([['New', created], ['Changed', changed], ['Removed', removed]])
      .map(([name, what]) => /** @type {[string, string]} */ ([name, Array.isArray(what) ? what.join(', ') || 'none' : String(what ?? 'none')]));
  return numbers(lines);
}
