// @ts-check

/**
 * @typedef {import('./meter.js').PlayerStats} PlayerStats
 * @typedef {import('./texts.js').Say} Say
 */

const unknown = '–';
const keys = Object.freeze(['shown-by', 'size', 'fps', 'age', 'rendition', 'sound', 'lapped', 'dropped']);

/** The figures of what is played, in rows. */
export class StatsPanel {
  element = document.createElement('div');
  #list = document.createElement('dl');
  #say;
  /** @type {Map<string, {name: HTMLElement, value: HTMLElement}>} */
  #rows = new Map();

  /** @param {Say} say */
  constructor(say) {
    this.#say = say;
    this.element.className = 'stats';
    this.element.part.add('stats');
    this.element.setAttribute('role', 'group');
    this.element.tabIndex = 0; // small players scroll it
    for (const key of keys) {
      const row = { name: document.createElement('dt'), value: document.createElement('dd') };
      row.value.textContent = unknown;
      this.#rows.set(key, row);
      const pair = document.createElement('div');
      pair.append(row.name, row.value);
      this.#list.append(pair);
    }
    this.element.append(this.#list);
    this.relabel();
  }

  relabel() {
    this.element.setAttribute('aria-label', this.#say('statistics'));
    this.#rows.forEach(({ name }, key) => (name.textContent = this.#say(key)));
  }

  /** @param {PlayerStats | null} stats */
  show(stats) {
    this.#set('shown-by', stats?.label);
    this.#set('size', stats && stats.width > 0 ? `${stats.width} × ${stats.height}` : '');
    this.#set('fps', numberOf(stats?.fps, 1, this.#say));
    this.#set('age', stats ? ageInWords(stats.ageMillis, this.#say) : '');
    this.#set('rendition', stats?.rendition);
    this.#set('sound', stats?.label ? this.#say(stats.hasSound ? 'yes' : 'no') : '');
    this.#set('lapped', numberOf(stats?.lapped, 0, this.#say));
    this.#set('dropped', numberOf(stats?.dropped, 0, this.#say));
  }

  /**
   * @param {string} key
   * @param {string | undefined} text
   */
  #set(key, text) {
    const row = this.#rows.get(key);
    if (row) {
      row.value.textContent = text || unknown;
    }
  }
}

/**
 * How old a picture is; empty if that is not known.
 *
 * @param {number} millis
 * @param {Say} say
 */
export function ageInWords(millis, say) {
  if (!Number.isFinite(millis)) {
    return '';
  }
  const shown = Math.max(0, millis); // two clocks are compared no better than that
  return shown < 1000 ? `${numberOf(Math.round(shown / 10) * 10, 0, say)} ms` : `${numberOf(shown / 1000, 1, say)} s`;
}

/**
 * @param {number | undefined} value
 * @param {number} digits after the point
 * @param {Say} say
 */
function numberOf(value, digits, say) {
  return value === undefined || !Number.isFinite(value)
    ? ''
    : value.toLocaleString(say('locale'), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
