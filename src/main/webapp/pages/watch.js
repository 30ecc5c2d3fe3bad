// @ts-check
import { fetchSources, linkOf, stateWords, whyDenied, withLink } from '../player/sources.js';
import { streamUrl } from '../player/way.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { hereOnlyWords } from './here-only.js';

/** @typedef {import('../player/zoetrope-player.js').PlayerStats} PlayerStats */

const sourceMillis = 5_000;
const copiedMillis = 2_000;
/** The radio of each way that has not one of its own. */
const radios = Object.freeze({ webcodecs: 'fmp4', mse: 'fmp4' });
/** The two clocks are compared no better than that. */
const clockMillis = 10;

const baseUrl = new URL('../', import.meta.url);
const liveUrl = new URL('live/', baseUrl).href;
const id = idFromPath(location.pathname);
/** What lets in who is not signed in. */
const link = linkOf(location.href);
const src = withLink(liveUrl + encodeURIComponent(id), link);

const player = byId('player', ZoetropePlayer);
const title = byId('title', HTMLElement);
const stateBadge = byId('state', HTMLElement);
const note = byId('note', HTMLElement);
const cause = byId('cause', HTMLElement);
const denied = byId('denied', HTMLElement);
const deniedWhy = byId('denied-why', HTMLElement);
const waysForm = byId('ways', HTMLFormElement);
const soundButton = byId('sound', HTMLButtonElement);
const snapshotButton = byId('snapshot', HTMLButtonElement);
const fullscreenButton = byId('fullscreen', HTMLButtonElement);
const numbers = {
  way: byId('number-way', HTMLElement),
  size: byId('number-size', HTMLElement),
  fps: byId('number-fps', HTMLElement),
  age: byId('number-age', HTMLElement),
  viewers: byId('number-viewers', HTMLElement),
};
const unknown = '–';
let sourceTimer = 0;

showTitle(id);
chooseWay(wayFromHash());
player.setAttribute('src', src);
showEmbedLines();
setText(byId('here-only', HTMLElement), hereOnlyWords());
fullscreenButton.hidden = !document.fullscreenEnabled;

player.addEventListener('stats', (event) => showStats(/** @type {CustomEvent<PlayerStats>} */ (event).detail));
player.addEventListener('statechange', () => {
  if (player.state !== 'playing') {
    clearNumbers();
  }
  refreshSource(); // what the player meets, the badge says
});
player.addEventListener('waychange', showWay);
player.addEventListener('volumechange', showSound);
waysForm.addEventListener('change', () => {
  const way = String(new FormData(waysForm).get('way'));
  history.replaceState(null, '', `#${way}`);
  chooseWay(way);
});
addEventListener('hashchange', () => chooseWay(wayFromHash()));
soundButton.addEventListener('click', () => (player.muted = !player.muted));
snapshotButton.addEventListener('click', saveSnapshot);
fullscreenButton.addEventListener('click', () =>
    document.fullscreenElement ? document.exitFullscreen() : player.requestFullscreen());
document.addEventListener('visibilitychange', () => document.hidden || refreshSource());
refreshSource();

/** @param {string} path ends with the source's id */
function idFromPath(path) {
  return decodeURIComponent(path.split('/').filter(Boolean).at(-1) ?? '');
}

/** Empty for whichever is best. */
function wayFromHash() {
  return location.hash.slice(1);
}

/** @param {string} way */
function chooseWay(way) {
  if (way) {
    player.setAttribute('way', way);
  } else {
    player.removeAttribute('way');
  }
  showWay();
  showSound();
}

/** The radio of what was chosen, else of what plays. */
function showWay() {
  const way = wayFromHash() || player.way;
  const value = radios[/** @type {keyof typeof radios} */ (way)] ?? way;
  for (const radio of waysForm.querySelectorAll('input')) {
    radio.checked = radio.value === value;
  }
}

function showSound() {
  const isOn = !player.muted && player.canHaveSound;
  soundButton.disabled = !player.canHaveSound;
  soundButton.title = player.canHaveSound ? '' : 'This way has no sound';
  soundButton.setAttribute('aria-pressed', String(isOn));
  note.textContent = '';
}

/** @param {PlayerStats} stats */
function showStats({ label, width, height, fps, ageMillis, hasSound }) {
  const isPlaying = player.state === 'playing';
  setText(numbers.way, label || unknown);
  setText(numbers.size, width > 0 ? `${width} × ${height}` : unknown);
  setText(numbers.fps, isPlaying && !Number.isNaN(fps) ? fps.toFixed(1) : unknown);
  setText(numbers.age, isPlaying && !Number.isNaN(ageMillis) ? inWords(ageMillis) : unknown);
  const isSilent = isPlaying && !player.muted && player.canHaveSound && !hasSound;
  setText(note, isSilent ? 'No sound comes: this source has none, or the browser wants another click on Sound.' : '');
}

/** @param {number} ageMillis */
function inWords(ageMillis) {
  return ageMillis < clockMillis ? `under ${clockMillis} ms` : `${Math.round(ageMillis)} ms`;
}

function clearNumbers() {
  setText(numbers.fps, unknown);
  setText(numbers.age, unknown);
}

async function refreshSource() {
  clearTimeout(sourceTimer);
  try {
    const { sources } = await fetchSources(withLink(liveUrl, link));
    const source = sources.find((candidate) => candidate.id === id);
    const whyNot = source ? null : await whyDenied(src);
    showTitle(source?.title || id);
    setText(stateBadge, source ? stateWords[source.state] ?? source.state : whyNot ? 'Not for everybody' : 'No such source');
    stateBadge.dataset.state = source?.state ?? 'missing';
    denied.hidden = !whyNot;
    setText(deniedWhy, whyNot ?? '');
    setText(cause, source ? inSentences(source) : '');
    setText(numbers.viewers, source ? String(source.viewers) : unknown);
  } catch (error) {
    console.info(error);
    setText(stateBadge, 'Server does not answer');
    stateBadge.dataset.state = 'missing';
  }
  clearTimeout(sourceTimer);
  if (!document.hidden) {
    sourceTimer = setTimeout(refreshSource, sourceMillis);
  }
}

/**
 * Why there is no picture, and what to do.
 *
 * @param {import('../player/sources.js').Source} source
 */
function inSentences({ cause: words, advice }) {
  const sentence = words && `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return [sentence, advice].filter(Boolean).join(' ');
}

/** @param {string} text */
function showTitle(text) {
  setText(title, text);
  document.title = `${text} · Zoetrope`;
  if (player.getAttribute('label') !== text) {
    player.setAttribute('label', text);
  }
}

async function saveSnapshot() {
  try {
    const response = await fetch(streamUrl(src, '.jpg'), { cache: 'no-store' });
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
    const captured = Number(response.headers.get('X-Timestamp')) * 1000 || Date.now();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = `${id}-${new Date(captured).toISOString().replaceAll(/[:.]/g, '-')}.jpg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), copiedMillis);
  } catch (error) {
    setText(note, `No snapshot: ${error instanceof Error ? error.message : error}.`);
  }
}

function showEmbedLines() {
  const socketUrl = streamUrl(src, '/mpeg1').replace(/^http/, 'ws');
  const moduleUrl = new URL('player/zoetrope-player.js', baseUrl).href;
  const lines = [
    ['Image', `<img src="${streamUrl(src, '.gif')}" alt="">`],
    ['Player', `<script type="module" src="${moduleUrl}"></script>\n<zoetrope-player src="${src}"></zoetrope-player>`],
    ['Frame', `<iframe src="${withLink(new URL(`embed/${encodeURIComponent(id)}`, baseUrl).href, link)}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture"></iframe>`],
    ['ffplay', `ffplay -fflags nobuffer -flags low_delay "${streamUrl(src, '.mjpeg')}"`],
    ['VLC', `vlc "${streamUrl(src, '.mjpeg')}"`],
    ['JSMpeg', `new JSMpeg.Player('${socketUrl}')`],
  ];
  const template = byId('line', HTMLTemplateElement);
  byId('lines', HTMLElement).replaceChildren(...lines.map(([name, text]) => {
    const line = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const code = /** @type {HTMLElement} */ (line.querySelector('code'));
    const button = /** @type {HTMLButtonElement} */ (line.querySelector('button'));
    setText(/** @type {HTMLElement} */ (line.querySelector('.line-name')), name);
    code.textContent = text;
    button.setAttribute('aria-label', `Copy the line for ${name}`);
    button.addEventListener('click', () => copy(code, button));
    return line;
  }));
}

/**
 * @param {HTMLElement} code
 * @param {HTMLButtonElement} button
 */
async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    // Plain http has no clipboard: the line is selected instead, for Ctrl+C.
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), copiedMillis);
}

/**
 * Leaves equal text alone, so that screen readers stay silent.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * @template {HTMLElement} T
 * @param {string} name
 * @param {new () => T} type
 * @returns {T}
 */
function byId(name, type) {
  const element = document.getElementById(name);
  if (!(element instanceof type)) {
    throw new TypeError(`expected #${name} to be a ${type.name}`);
  }
  return element;
}
