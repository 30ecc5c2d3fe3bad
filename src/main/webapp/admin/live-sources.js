// @ts-check

/** @typedef {import('./api.js').Api} Api */

const pollMillis = 2_000;
/** Titles, renditions and the like do not come with the events. */
const listMillis = 30_000;
/** How long it is polled before the events are tried again. */
const reopenMillis = 30_000;

/** What an event says by leaving it out. */
const withoutFigures = Object.freeze({ cause: undefined, words: undefined, bytesIn: undefined, bytesOut: undefined, fps: undefined, cpu: undefined });

/**
 * All sources, kept up to date: by server-sent events, by asking every two seconds while those do not come, not at all
 * while the page is hidden.
 *
 * @fires change with the ids that changed, and whether sources came or went, as its detail
 * @fires incident with what happened to a source as its detail
 */
export class LiveSources extends EventTarget {
  #api;
  /** @type {Map<string, any>} by id, in the order of the list */
  #all = new Map();
  #isWanted = false;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {EventSource | null} */
  #events = null;
  #timer = 0;
  #listAt = -Infinity;
  #openedAt = -Infinity;

  /** @param {Api} api */
  constructor(api) {
    super();
    this.#api = api;
    document.addEventListener('visibilitychange', () => this.#follow());
  }

  get all() {
    return this.#all;
  }

  /** Whether the list has come at all. */
  get isKnown() {
    return this.#listAt > -Infinity;
  }

  /** @param {string} id */
  get(id) {
    return this.#all.get(id);
  }

  start() {
    if (!this.#isWanted) {
      this.#isWanted = true;
      this.#follow();
    }
  }

  stop() {
    this.#isWanted = false;
    this.#all.clear();
    this.#listAt = -Infinity;
    this.#follow();
  }

  /** Asks for the whole list now. */
  refresh() {
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #load() {
    const list = await this.#api.get('sources');
    if (this.#isWanted) {
      const isFirst = !this.isKnown;
      this.#listAt = performance.now();
      this.#takeList(list, isFirst);
    }
  }

  /** What an answer says about one source. @param {any} source */
  take(source) {
    const known = this.#all.get(source.id);
    const { settings, ...state } = source;
    this.#all.set(source.id, { ...known, words: undefined, cause: undefined, advice: undefined, ...state });
    this.#tell(new Set([source.id]), !known);
  }

  /** @param {string} id */
  remove(id) {
    if (this.#all.delete(id)) {
      this.#tell(new Set([id]), true);
    }
  }

  #follow() {
    clearInterval(this.#timer);
    if (this.#isWanted && !document.hidden) {
      this.#timer = setInterval(() => this.#tick(), pollMillis);
      this.#open();
      this.refresh().catch(console.info);
    } else {
      this.#events?.close();
      this.#events = null;
    }
  }

  #open() {
    this.#events?.close();
    this.#openedAt = performance.now();
    const events = new EventSource(this.#api.url('events'));
    events.addEventListener('sources', (event) => this.#takeChanges(JSON.parse(event.data)));
    events.addEventListener('incident', (event) =>
        this.dispatchEvent(new CustomEvent('incident', { detail: JSON.parse(event.data) })));
    events.addEventListener('edited', () => this.refresh().catch(console.info));
    this.#events = events;
  }

  #tick() {
    const now = performance.now();
    const isOpen = this.#events?.readyState === EventSource.OPEN;
    if (this.#events?.readyState === EventSource.CLOSED && now - this.#openedAt > reopenMillis) {
      this.#open();
    }
    if (!isOpen || now - this.#listAt > listMillis) {
      this.refresh().catch(console.info); // told by what is shown: it stands still
    }
  }

  /** @param {any[]} list @param {boolean} isFirst which is told even if it is empty */
  #takeList(list, isFirst) {
    const before = [...this.#all.keys()];
    const old = this.#all;
    /** @type {Set<string>} */
    const changed = new Set();
    this.#all = new Map();
    for (const source of list) {
      const known = old.get(source.id);
      const { ways, bytesIn, bytesOut, fps, cpu } = known ?? {};
      const merged = { ways: waysOf(source) ?? ways, bytesIn, bytesOut, fps, cpu, ...source };
      this.#all.set(source.id, merged);
      if (!known || JSON.stringify(known) !== JSON.stringify(merged)) {
        changed.add(source.id);
      }
    }
    const isSame = before.length === this.#all.size && before.every((id) => this.#all.has(id));
    this.#tell(changed, !isSame || isFirst);
  }

  /** @param {any[]} changes */
  #takeChanges(changes) {
    /** @type {Set<string>} */
    const changed = new Set();
    let isUnknown = false;
    let isOtherList = false;
    for (const change of changes) {
      const known = this.#all.get(change.id);
      if (change.state === 'removed') {
        isOtherList = this.#all.delete(change.id) || isOtherList;
      } else if (known) {
        this.#all.set(change.id, { ...known, ...withoutFigures, ...change });
        changed.add(change.id);
      } else {
        isUnknown = true;
      }
    }
    if (isUnknown && this.isKnown) {
      this.refresh().catch(console.info);
    }
    this.#tell(changed, isOtherList);
  }

  /**
   * @param {Set<string>} ids
   * @param {boolean} isOtherList
   */
  #tell(ids, isOtherList) {
    if (ids.size > 0 || isOtherList) {
      this.dispatchEvent(new CustomEvent('change', { detail: { ids, isOtherList } }));
    }
  }
}

/** @param {any} source @returns {Record<string, number> | undefined} viewers by format */
function waysOf({ renditions }) {
  if (!Array.isArray(renditions) || renditions.some(({ viewers }) => viewers === undefined)) {
    return undefined;
  }
  /** @type {Record<string, number>} */
  const ways = {};
  for (const { format, viewers } of renditions) {
    ways[format] = (ways[format] ?? 0) + viewers;
  }
  return ways;
}
