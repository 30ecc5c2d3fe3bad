// @ts-check
import { make, setText } from './dom.js';
import { bitrate, figure, isNumber, millis, troubleWords, unknown } from './words.js';

/**
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} GraphKind
 * @property {string} title
 * @property {[string, string][]} series key of the history, and its name where there are several
 * @property {(value: number | null) => string} words
 * @property {number} least where its upper end is while all values are lower
 * @property {boolean} [isWhole] whether there is nothing between whole numbers
 */

const refreshMillis = 10_000;
const graphHeight = 120;
/** Of a time below a graph, pixels. */
const clockWidth = 60;
/** From one time below a graph to the next, seconds: they are told to the minute. */
const timeSteps = Object.freeze([60, 120, 300, 600, 900, 1800, 3600]);
/** Distances of what is counted, along an axis. */
const wholes = Object.freeze([1, 2, 5].flatMap((digit) => Array.from({ length: 6 }, (_, i) => digit * 10 ** i)).sort((a, b) => a - b));

/** @type {GraphKind[]} */
const kinds = [
  { title: 'Viewers', series: [['viewers', '']], words: (value) => figure(value), least: 1, isWhole: true },
  { title: 'Bitrate', series: [['bytesIn', 'in'], ['bytesOut', 'out']], words: bitrate, least: 12_500 },
  { title: 'Frames per second', series: [['fps', '']], words: (value) => figure(value, 1), least: 10 },
  { title: 'CPU', series: [['cpu', '']], words: (value) => figure(value, 0, ' %'), least: 10, isWhole: true },
];

/** The last hour of a source, or of the server, drawn by uPlot and told in words. */
export class Graphs {
  element = make('div', { class: 'graphs' });
  #app;
  #path;
  #note = make('p', { class: 'hint' });
  /** @type {Graph[]} */
  #graphs = [];
  #timer = 0;
  #left = new AbortController();

  /**
   * @param {App} app
   * @param {string} [source] its id; the server without one
   */
  constructor(app, source) {
    this.#app = app;
    this.#path = source ? `history?source=${encodeURIComponent(source)}` : 'history';
    this.element.append(this.#note);
    this.#begin();
  }

  close() {
    clearTimeout(this.#timer);
    this.#left.abort();
    this.#graphs.forEach((graph) => graph.close());
  }

  async #begin() {
    try {
      const { default: Plot } = await import('../lib/uplot/uPlot.esm.js');
      if (this.#left.signal.aborted) {
        return;
      }
      this.#graphs = kinds.map((kind) => new Graph(Plot, kind));
      this.element.append(...this.#graphs.map(({ element }) => element));
      await this.#refresh();
    } catch (error) {
      setText(this.#note, `The graphs cannot be drawn: ${troubleWords(error)}`);
    }
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (!document.hidden) {
      try {
        const history = await this.#app.api.get(this.#path, this.#left.signal);
        this.#graphs.forEach((graph) => graph.show(history));
        setText(this.#note, '');
      } catch (error) {
        if (!this.#left.signal.aborted) {
          setText(this.#note, `The last hour is not known: ${troubleWords(error)}`);
        }
      }
    }
    if (!this.#left.signal.aborted) {
      this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
    }
  }
}

class Graph {
  element;
  #Plot;
  #kind;
  #words = make('span', { class: 'graph-words' });
  #canvas;
  /** @type {any} */
  #plot = null;
  /** @type {any} */
  #history = null;
  #scheme = matchMedia('(prefers-color-scheme: dark)');
  #redraw = () => this.#draw();
  #sizes = new ResizeObserver(() => this.#plot?.setSize({ width: this.#canvas.clientWidth, height: graphHeight }));

  /**
   * @param {any} Plot
   * @param {GraphKind} kind
   */
  constructor(Plot, kind) {
    this.#Plot = Plot;
    this.#kind = kind;
    this.#canvas = make('div', { class: 'graph-canvas', role: 'img', 'aria-label': kind.title });
    this.element = make('figure', { class: 'graph' }, make('figcaption', {}, make('b', {}, kind.title), this.#words), this.#canvas);
    this.#scheme.addEventListener('change', this.#redraw);
    this.#sizes.observe(this.#canvas);
  }

  close() {
    this.#scheme.removeEventListener('change', this.#redraw);
    this.#sizes.disconnect();
    this.#plot?.destroy();
  }

  /** @param {any} history */
  show(history) {
    this.#history = history;
    setText(this.#words, this.#inWords());
    this.#canvas.setAttribute('aria-label', `${this.#kind.title} over the last hour: ${this.#inWords()}`);
    if (this.#plot) {
      this.#plot.setData(this.#data());
    } else {
      this.#draw();
    }
  }

  /** The newest value and the highest one. */
  #inWords() {
    return this.#kind.series.map(([key, name]) => {
      const known = (this.#history[key] ?? []).filter(isNumber);
      if (known.length === 0) {
        return `${name} ${unknown}`.trim();
      }
      return `${name} now ${this.#kind.words(known.at(-1))}, most ${this.#kind.words(Math.max(...known))}`.trim();
    }).join('; ');
  }

  #data() {
    const { from, stepSeconds = 10 } = this.#history;
    const begin = millis(from) / 1000;
    const all = this.#kind.series.map(([key]) => this.#history[key] ?? []);
    const length = Math.max(...all.map((values) => values.length));
    return [Array.from({ length }, (_, i) => begin + i * stepSeconds), ...all];
  }

  #draw() {
    if (!this.#history) {
      return;
    }
    this.#plot?.destroy();
    const ink = colourOf('--soft', this.#canvas);
    const grid = { stroke: colourOf('--line', this.#canvas), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui, sans-serif' };
    const colours = [colourOf('--graph', this.#canvas), colourOf('--graph-2', this.#canvas)];
    this.#plot = new this.#Plot({
      width: this.#canvas.clientWidth, height: graphHeight,
      padding: [null, clockWidth / 2, null, null], // or the last time is cut off
      legend: { show: false }, cursor: { show: false }, select: { show: false },
      scales: { y: { range: (/** @type {any} */ plot, /** @type {number} */ least, /** @type {number} */ most) => [0, Math.max(this.#kind.least, (most ?? 0) * 1.1)] } },
      axes: [
        { ...axis, space: 70, incrs: timeSteps, values: (/** @type {any} */ plot, /** @type {number[]} */ times) => times.map(clock) },
        { ...axis, size: 84, space: 20, ...(this.#kind.isWhole ? { incrs: wholes } : {}), values: (/** @type {any} */ plot, /** @type {number[]} */ values) => values.map((value) => this.#kind.words(value)) },
      ],
      series: [{}, ...this.#kind.series.map((_, i) => ({ stroke: colours[i], width: 2, points: { show: false }, fill: i === 0 ? colours[0].replace(')', ' / 15%)').replaceAll(',', '') : undefined }))],
    }, this.#data(), this.#canvas);
  }
}

/** @param {number} seconds */
function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** A colour of the style sheet as a canvas understands it. @param {string} name @param {HTMLElement} place */
function colourOf(name, place) {
  const probe = make('span');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
