// @ts-check
import { isNumber } from './words.js';

/** @typedef {import('./app.js').App} App */

const refreshMillis = 60_000;
const width = 120;
const height = 24;
const svgSpace = 'http://www.w3.org/2000/svg';

/** What came in during the last hour, as a line. Asked for while it is wanted; one of a page at a time. */
export class Sparkline {
  /** @type {Set<Sparkline>} */
  static #queue = new Set();
  static #isAsking = false;

  element = document.createElementNS(svgSpace, 'svg');
  #line = document.createElementNS(svgSpace, 'path');
  #app;
  #id;
  #isWanted = false;
  #askedAt = -Infinity;
  #timer = 0;

  /**
   * @param {App} app
   * @param {string} id
   */
  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element.setAttribute('class', 'spark');
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.element.setAttribute('preserveAspectRatio', 'none');
    this.element.setAttribute('aria-hidden', 'true'); // the page of the source tells the same by numbers
    this.element.append(this.#line);
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    if (isWanted === this.#isWanted) {
      return;
    }
    this.#isWanted = isWanted;
    clearTimeout(this.#timer);
    if (isWanted) {
      this.#timer = setTimeout(() => this.#enqueue(), Math.max(0, this.#askedAt + refreshMillis - performance.now()));
    } else {
      Sparkline.#queue.delete(this);
    }
  }

  #enqueue() {
    Sparkline.#queue.add(this);
    Sparkline.#askNext();
  }

  static async #askNext() {
    if (Sparkline.#isAsking) {
      return;
    }
    Sparkline.#isAsking = true;
    for (const spark of Sparkline.#queue) {
      Sparkline.#queue.delete(spark);
      await spark.#ask();
    }
    Sparkline.#isAsking = false;
  }

  async #ask() {
    this.#askedAt = performance.now();
    this.#timer = setTimeout(() => this.#enqueue(), refreshMillis);
    try {
      const { bytesIn } = await this.#app.api.get(`history?source=${encodeURIComponent(this.#id)}`);
      this.#draw(pathOf(bytesIn));
    } catch (error) {
      console.info(error); // the line only helps the eye
    }
    if (!this.#isWanted) {
      clearTimeout(this.#timer);
    }
  }

  /** @param {string} path */
  #draw(path) {
    if (this.#line.getAttribute('d') !== path) {
      this.#line.setAttribute('d', path);
    }
  }
}

/** @param {(number | null)[]} values gaps where nothing is known */
function pathOf(values) {
  const most = Math.max(1, ...values.filter(isNumber));
  const step = width / Math.max(1, values.length - 1);
  let isDrawing = false;
  return values.map((value, i) => {
    if (!isNumber(value)) {
      isDrawing = false;
      return '';
    }
    const command = isDrawing ? 'L' : 'M';
    isDrawing = true;
    return `${command}${(i * step).toFixed(1)} ${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`;
  }).join('');
}
