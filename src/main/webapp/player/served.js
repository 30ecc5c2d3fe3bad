// @ts-check
import { SharedLists } from './shared-lists.js';
import { fetchSource, fetchSources, whyDenied } from './sources.js';
import { Trouble } from './way.js';

const answerMillis = 4_000;
const lists = new SharedLists(fetchSources, () => performance.now());

/** What the server says of a source: asked again and again, the last answer kept. */
export class Served {
  #src;
  #signal;
  /** @type {readonly import('./sources.js').Rendition[] | null} null while unknown */
  #renditions = null;
  /** @type {boolean | undefined} undefined while unknown */
  #hasSound;

  /**
   * @param {string} src address of the source, without an ending
   * @param {AbortSignal} signal after which nothing is asked any more
   */
  constructor(src, signal) {
    this.#src = src;
    this.#signal = signal;
  }

  /** The source as it is now; see {@link fetchSource}. */
  async ask() {
    let answer = await fetchSource(this.#src, this.#signal, answerMillis, (url, signal) => lists.ask(url, signal));
    if (answer === null) {
      answer = await fetchSource(this.#src, this.#signal, answerMillis); // others had asked before it was there
    }
    if (answer) {
      this.#renditions = answer.source.renditions;
      this.#hasSound = answer.source.sound;
    }
    return answer;
  }

  /** Whether the source has sound; undefined while nobody knows. */
  get hasSound() {
    return this.#hasSound;
  }

  /**
   * Why the source is not in the list; passing if the server has gone meanwhile.
   *
   * @returns {Promise<Trouble>}
   */
  async whyNot() {
    try {
      const words = await whyDenied(this.#src, this.#signal);
      return words === null ? new Trouble('no-such-source') : new Trouble('denied', '', words);
    } catch {
      return new Trouble('lost');
    }
  }

  /**
   * Whether it is served in a format, as far as we know.
   *
   * @param {string} format
   * @param {string} rendition only its format, if there is one of that name
   */
  has(format, rendition) {
    const named = this.#renditions?.filter(({ name }) => name === rendition) ?? [];
    const asked = named.length > 0 ? named : this.#renditions;
    return asked?.some((other) => other.format === format) ?? true;
  }

  /**
   * Which rendition of a format the server gives for so many pixels across; docs/PROTOCOL.md, 2.2.
   *
   * @param {string} format
   * @param {number} width 0 if that does not matter
   * @returns {string} its name; empty if that is not known, or does not matter
   */
  fit(format, width) {
    const byWidth = (this.#renditions ?? [])
        .filter((rendition) => rendition.format === format)
        .sort((one, other) => one.width - other.width);
    return width > 0 ? (byWidth.find((rendition) => rendition.width >= width) ?? byWidth.at(-1))?.name ?? '' : '';
  }
}
