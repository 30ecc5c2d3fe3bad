// @ts-check
import { fetchSources, stateWords } from '../player/sources.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { byId, find, setText } from './dom.js';
import { addressOf, countViewers, repeatWhileSeen } from './page.js';

/** @typedef {import('../player/sources.js').Source} Source */

const listMillis = 5_000;
/** Kinds whose word in files is not one for people. */
const kindNames = Object.freeze({ url: 'camera or stream', 'rtmp-publish': 'sent by RTMP', 'srt-publish': 'sent by SRT', 'http-publish': 'sent by HTTP' });

/** One source: its picture, its state. The pictures of a page share one connection. */
class Card {
  element;
  #player;
  #words = '';

  /** @param {string} id */
  constructor(id) {
    const copy = document.importNode(byId('card', HTMLTemplateElement).content, true);
    this.element = find(copy, '.card', HTMLElement);
    this.element.id = `source-${id}`;
    find(copy, 'a', HTMLAnchorElement).href = addressOf(`watch/${encodeURIComponent(id)}`);
    this.#player = find(copy, 'zoetrope-player', ZoetropePlayer);
    this.#player.setAttribute('src', addressOf(`live/${encodeURIComponent(id)}`));
  }

  /** @param {Source} source */
  show(source) {
    const name = source.title || source.id;
    this.#words = `${name} ${source.id}`.toLocaleLowerCase();
    setText(find(this.element, '.title', HTMLElement), name);
    if (this.#player.getAttribute('label') !== name) {
      this.#player.setAttribute('label', name);
    }
    const badge = find(this.element, '.badge', HTMLElement);
    setText(badge, stateWords[source.state] ?? source.state);
    badge.dataset.state = source.state;
    badge.title = source.cause;
    setText(find(this.element, '.detail', HTMLElement), `${kindNames[/** @type {keyof typeof kindNames} */ (source.kind)] ?? source.kind.replaceAll('-', ' ')} · ${countViewers(source.viewers)}`);
  }

  /** @param {string} words that its name has to have, in small letters */
  match(words) {
    this.element.hidden = !this.#words.includes(words);
    return !this.element.hidden;
  }
}

/** @type {Map<string, Card>} by id, in the order of the page */
const cards = new Map();
const list = byId('sources', HTMLElement);
const empty = byId('empty', HTMLElement);
const signIn = byId('sign-in', HTMLElement);
const summary = byId('summary', HTMLElement);
const search = byId('search', HTMLInputElement);
const noMatch = byId('no-match', HTMLElement);

async function refresh() {
  try {
    const { sources } = await fetchSources(addressOf('live/'));
    show(sources);
  } catch (error) {
    console.info(error);
    setText(summary, 'The server does not answer. Trying again.');
  }
}

/** @param {Source[]} sources */
function show(sources) {
  const ids = new Set(sources.map(({ id }) => id));
  for (const [id, card] of cards) {
    if (!ids.has(id)) {
      card.element.remove();
      cards.delete(id);
    }
  }
  sources.forEach((source, i) => {
    let card = cards.get(source.id);
    if (!card) {
      card = new Card(source.id);
      cards.set(source.id, card);
    }
    card.show(source);
    if (list.children[i] !== card.element) {
      list.insertBefore(card.element, list.children[i] ?? null);
    }
  });
  empty.hidden = sources.length > 0;
  signIn.hidden = empty.hidden;
  find(document, '.tools', HTMLElement).hidden = sources.length === 0;
  const live = sources.filter(({ state }) => state === 'live').length;
  setText(summary, sources.length === 0 ? '' : `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}, ${live} live`);
  filter();
}

/** Shows what is looked for. */
function filter() {
  const words = search.value.trim().toLocaleLowerCase();
  const found = [...cards.values()].filter((card) => card.match(words)).length;
  setText(noMatch, found === 0 && cards.size > 0 ? `No source is called “${search.value.trim()}”.` : '');
}

byId('wall', HTMLAnchorElement).href = addressOf('wall/');
search.addEventListener('input', filter);
repeatWhileSeen(refresh, listMillis);
