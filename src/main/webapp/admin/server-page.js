// @ts-check
import { actionButton, ask } from './actions.js';
import { Problem } from './api.js';
import { asking, make, numbers, setText } from './dom.js';
import { Graphs } from './graphs.js';
import { count, figure, moment, size, span, troubleWords, unknown } from './words.js';

/** @typedef {import('./app.js').App} App */

const refreshMillis = 5_000;
const mostMistakes = 20;

/** The server: versions, ffmpeg, encoders, limits, disk, load; everything as one file. */
export class ServerPage {
  title = 'Server';
  element;
  #app;
  #note = make('p', { class: 'problem', role: 'alert' });
  #facts = make('div', { class: 'facts' }, asking());
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
        ['Memory of Java', `${size(server.heapUsed)} of ${size(server.heapMost)}`],
        ['Memory beside that', size(server.directUsed)],
        ['Open files', `${server.files ?? unknown} of ${server.filesMost ?? unknown}`],
        ['Free disk', size(server.diskFree)],
        ['Refused viewers', figure(server.refused)],
        ['Closed viewers, which took nothing', figure(server.stalled)],
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
        ['Encoder of H.264', ffmpeg.encoder ?? unknown],
        ['Hardware encoders', hardwareWords(ffmpeg.hardwareEncoders)],
      ]],
      ['Limits', [
        ['Viewers', String(limits.viewers ?? unknown)],
        ['Viewers of one source', String(limits.viewersPerSource ?? unknown)],
        ['Viewers from one address', String(limits.viewersPerAddress ?? unknown)],
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

/** Those that work, else what became of all. @param {{name: string, outcome: string}[] | undefined} encoders */
function hardwareWords(encoders = []) {
  const working = encoders.filter(({ outcome }) => outcome === 'WORKS').map(({ name }) => name);
  if (working.length > 0) {
    return working.join(', ');
  }
  return encoders.some(({ outcome }) => outcome === 'TRYING') ? 'being tried' : 'none works here';
}

/** @param {App} app */
function keepSection(app) {
  const place = make('p', { class: 'problem', role: 'alert' });
  const file = make('input', { type: 'file', id: 'import-file', accept: '.json,application/json' });
  return make('section', { class: 'apart' }, make('h2', {}, 'Everything as one file'),
      make('p', {}, 'Sources, settings, secrets, accounts, links and node keys: to keep, or to move to another server. It holds passwords: keep it as you keep those.'),
      make('div', { class: 'buttons' }, actionButton(app, { label: 'Export', busy: 'Exporting…', done: 'The file is in your downloads.', place, act: () => save(app) })),
      make('div', { class: 'field' }, make('label', { for: 'import-file' }, 'File to import'), file,
          make('p', { class: 'hint' }, 'One that was exported before. What it would change is shown first; what it does not name stays, except sources: those it does not have are removed.')),
      place,
      make('div', { class: 'buttons' }, actionButton(app, { label: 'Import', busy: 'Looking at the file…', place, act: () => load(app, file, place) })));
}

/** @param {App} app */
async function save(app) {
  const { data } = await app.api.call('POST', 'export');
  const link = make('a', { download: `zoetrope-${new Date().toISOString().slice(0, 10)}.json` });
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** @param {App} app @param {HTMLInputElement} input @param {HTMLElement} place */
async function load(app, input, place) {
  const file = input.files?.[0];
  if (!file) {
    input.focus();
    throw new Error('Please choose a file that was exported before');
  }
  let body;
  try {
    body = JSON.parse(await file.text());
  } catch {
    throw new Error(`Expected a file that was exported here; ${file.name} is no JSON`);
  }
  const effect = await sent(app, 'import?dry=1', body);
  if (![effect.created, effect.changed, effect.removed, effect.files].some(({ length }) => length > 0)) {
    app.tell('Nothing would change: all is as it is in this file.');
    return;
  }
  if (!(await ask({ title: 'Import this file?', text: effectWords(effect), yes: 'Import' }))) {
    return;
  }
  app.tell('Importing…');
  await sent(app, 'import', body);
  input.value = '';
  app.tell(effect.restartNeeded ? 'Imported. Start the server anew: some of it counts from then on.' : 'Imported.');
  setText(place, effect.restartNeeded ? 'Please start the server anew: some of what was imported counts from then on.' : '');
  await app.sources.refresh();
}

/**
 * Sends what was exported.
 *
 * @param {App} app
 * @param {string} path
 * @param {unknown} body
 * @throws {Error} which names the mistakes, with their places
 */
async function sent(app, path, body) {
  try {
    return (await app.api.call('POST', path, { body })).data;
  } catch (error) {
    if (!(error instanceof Problem) || error.errors.length === 0) {
      throw error;
    }
    const told = error.errors.slice(0, mostMistakes).map(({ file, line, key, expected }) => `${file ? `${file}${line ? `:${line}` : ''}: ` : ''}${key}: ${expected}`);
    const more = error.errors.length - told.length;
    throw new Error(`Nothing is changed, for there are mistakes. ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
  }
}

/** @param {any} effect */
function effectWords({ created, changed, removed, files, restartNeeded }) {
  const lines = /** @type {[string, string[]][]} */ ([['New sources', created], ['Changed sources', changed], ['Removed sources', removed], ['Changed files of the server', files]]);
  return make('div', {},
      numbers(lines.map(([name, what]) => /** @type {[string, string]} */ ([name, what.join(', ') || 'none']))),
      files.includes('access.yaml') ? make('p', {}, 'Accounts, tokens, links and node keys become those of the file: you may have to sign in again.') : null,
      restartNeeded ? make('p', {}, 'Some of it counts only from the server’s next start on.') : null);
}
