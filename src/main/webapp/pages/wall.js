// @ts-check
import { fetchSources, stateWords } from '../player/sources.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { byId, find, setText } from './dom.js';
import { addressOf, repeatWhileSeen } from './page.js';
import { layoutFor, moved, placeAfter } from './tiles.js';

/** @typedef {import('../player/sources.js').Source} Source */

const listMillis = 5_000;
/** Around each tile, in pixels; that of the style sheet. */
const gap = 2;

const list = byId('tiles', HTMLElement);
const summary = byId('summary', HTMLElement);
const announcement = byId('announcement', HTMLElement);
const empty = byId('empty', HTMLElement);
const playAll = byId('play-all', HTMLButtonElement);
const fullscreen = byId('fullscreen', HTMLButtonElement);
/** Ids that the address names; empty for all that may be watched. */
const named = (new URL(location.href).searchParams.get('sources') ?? '').split(',').filter(Boolean);
/** @type {Tile[]} in the order of the page */
let tiles = [];
/** @type {Tile | null} that is shown alone */
let large = null;
/** @type {Tile | null} that is being dragged */
let dragged = null;
let columns = 1;

/** One picture of the wall. */
class Tile {
  id;
  element;
  player;
  open;
  #title;
  #badge;

  /** @param {string} id */
  constructor(id) {
    this.id = id;
    const copy = document.importNode(byId('tile', HTMLTemplateElement).content, true);
    this.element = find(copy, '.tile', HTMLElement);
    this.player = find(copy, 'zoetrope-player', ZoetropePlayer);
    this.open = find(copy, '.open', HTMLElement);
    this.#title = find(copy, '.title', HTMLElement);
    this.#badge = find(copy, '.badge', HTMLElement);
    this.player.setAttribute('src', addressOf(`live/${encodeURIComponent(id)}`));
    find(copy, '.watch', HTMLAnchorElement).href = addressOf(`watch/${encodeURIComponent(id)}`);
    this.#name(id);
    this.open.addEventListener('click', () => enlarge(this));
    this.open.addEventListener('focus', () => tiles.forEach((tile) => (tile.open.tabIndex = tile === this ? 0 : -1)));
    this.open.addEventListener('keydown', (event) => this.#pressed(event));
    find(copy, '.back', HTMLElement).addEventListener('click', shrink);
    find(copy, '.earlier', HTMLElement).addEventListener('click', () => this.#move(-1));
    find(copy, '.later', HTMLElement).addEventListener('click', () => this.#move(1));
    this.#listenToDrags();
  }

  get title() {
    return this.#title.textContent ?? '';
  }

  /** @param {Source | undefined} source undefined if we may not watch it, or there is none */
  show(source) {
    this.#name(source?.title || this.id);
    const state = source?.state ?? 'missing';
    setText(this.#badge, source ? stateWords[source.state] ?? source.state : 'Not there');
    this.#badge.dataset.state = state;
    this.#badge.title = source?.cause ?? '';
  }

  /** @param {string} words */
  #name(words) {
    setText(this.#title, words);
    if (this.open.getAttribute('aria-label') !== words) {
      this.open.setAttribute('aria-label', words);
      this.player.setAttribute('label', words);
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      enlarge(this);
      return;
    }
    const from = tiles.indexOf(this);
    const to = placeAfter(event.key, from, tiles.length, columns);
    if (to !== from) {
      event.preventDefault();
      if (event.shiftKey) {
        arrange(from, to);
        this.open.focus();
      } else {
        tiles[to].open.focus();
      }
    }
  }

  /** @param {number} places */
  #move(places) {
    const from = tiles.indexOf(this);
    const to = Math.min(tiles.length - 1, Math.max(0, from + places));
    arrange(from, to);
  }

  #listenToDrags() {
    this.element.addEventListener('dragstart', (event) => {
      if (large || !event.dataTransfer) {
        event.preventDefault();
        return;
      }
      dragged = this;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', this.id); // without any, some browsers drag nothing
      this.element.classList.add('dragged');
    });
    this.element.addEventListener('dragover', (event) => {
      if (dragged) {
        event.preventDefault(); // it may be dropped here
        this.element.classList.toggle('target', dragged !== this);
      }
    });
    this.element.addEventListener('dragleave', () => this.element.classList.remove('target'));
    this.element.addEventListener('drop', (event) => {
      event.preventDefault();
      this.element.classList.remove('target');
      if (dragged) {
        arrange(tiles.indexOf(dragged), tiles.indexOf(this));
      }
    });
    this.element.addEventListener('dragend', () => {
      dragged = null;
      this.element.classList.remove('dragged');
    });
  }
}

/**
 * @param {number} from
 * @param {number} to
 */
function arrange(from, to) {
  if (from === to) {
    return;
  }
  const { element, title } = tiles[from];
  const neighbour = tiles[to].element;
  // What stays keeps its connections; only the moved one is put into the page anew.
  list.insertBefore(element, from < to ? neighbour.nextSibling : neighbour);
  tiles = moved(tiles, from, to);
  const url = new URL(location.href);
  url.searchParams.set('sources', tiles.map(({ id }) => id).join(','));
  history.replaceState(null, '', url.href.replaceAll('%2C', ','));
  announcement.textContent = `${title} is now at place ${to + 1} of ${tiles.length}.`;
}

/** @param {Tile} tile */
function enlarge(tile) {
  large = tile;
  list.classList.add('has-large');
  tile.element.classList.add('large');
  tile.element.draggable = false;
  tile.player.setAttribute('controls', '');
  find(tile.element, '.back', HTMLElement).focus();
}

/** All of them again. */
function shrink() {
  const tile = large;
  if (tile) {
    large = null;
    list.classList.remove('has-large');
    tile.element.classList.remove('large');
    tile.element.draggable = true;
    tile.player.removeAttribute('controls');
    tile.player.muted = true;
    fit();
    tile.open.focus();
  }
}

/** Finds the columns for the room there is. */
function fit() {
  const room = innerHeight - list.getBoundingClientRect().top - scrollY;
  const layout = layoutFor(tiles.length, document.documentElement.clientWidth, room, gap);
  columns = layout.columns;
  list.style.gridTemplateColumns = `repeat(${columns}, ${layout.width}px)`;
  list.style.setProperty('--room', `${room}px`);
}

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
  if (tiles.length === 0) {
    fill(named.length > 0 ? named : sources.map(({ id }) => id));
  }
  for (const tile of tiles) {
    tile.show(sources.find(({ id }) => id === tile.id));
  }
  const live = tiles.filter(({ id }) => sources.some((source) => source.id === id && source.state === 'live')).length;
  setText(summary, tiles.length === 0 ? '' : `${live} of ${tiles.length} live`);
  empty.hidden = tiles.length > 0;
}

/** @param {string[]} ids */
function fill(ids) {
  tiles = ids.map((id) => new Tile(id));
  list.append(...tiles.map(({ element }) => element));
  if (tiles.length > 0) {
    tiles[0].open.tabIndex = 0;
    fit();
    playAll.hidden = !tiles[0].player.isCalm;
  }
}

byId('home', HTMLAnchorElement).href = addressOf('');
fullscreen.hidden = !document.fullscreenEnabled;
fullscreen.addEventListener('click', () => document.documentElement.requestFullscreen());
playAll.addEventListener('click', () => {
  tiles.forEach(({ player }) => player.play());
  playAll.hidden = true;
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented) {
    shrink();
  }
});
addEventListener('resize', fit);
if (named.length > 0) {
  fill(named); // the pictures need not wait for the list
}
repeatWhileSeen(refresh, listMillis);
