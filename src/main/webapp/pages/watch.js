// @ts-check
import { fetchSources, linkOf, stateWords, whyDenied, withLink } from '../player/sources.js';
import { streamUrl } from '../player/way.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { hereOnlyWords } from './here-only.js';

const sourceMillis = 5_000;
const copiedMillis = 2_000;
const baseUrl = new URL('../', import.meta.url);
const liveUrl = new URL('live/', baseUrl).href;
const id = idFromPath(location.pathname);
/** What lets in who is not signed in. */
const link = linkOf(location.href);
const src = withLink(liveUrl + encodeURIComponent(id), link);

const player = byId('player', ZoetropePlayer);
const title = byId('title', HTMLElement);
const stateBadge = byId('state', HTMLElement);
const cause = byId('cause', HTMLElement);
const viewers = byId('viewers', HTMLElement);
const denied = byId('denied', HTMLElement);
const deniedWhy = byId('denied-why', HTMLElement);
let sourceTimer = 0;

showTitle(id);
chooseWay(wayFromHash());
player.setAttribute('src', src);
showEmbedLines();
setText(byId('here-only', HTMLElement), hereOnlyWords());

player.addEventListener('statechange', refreshSource); // what the player meets, the badge says
addEventListener('hashchange', () => chooseWay(wayFromHash()));
document.addEventListener('visibilitychange', () => document.hidden || refreshSource());
refreshSource();

/** @param {string} path ends with the source's id */
function idFromPath(path) {
  return decodeURIComponent(path.split('/').filter(Boolean).at(-1) ?? '');
}

/** The way that the address asks for, empty for whichever is best. */
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
    setText(viewers, source ? countViewers(source.viewers) : '');
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

/** @param {number} number */
function countViewers(number) {
  return number === 1 ? '1 viewer' : `${number} viewers`;
}

/** @param {string} text */
function showTitle(text) {
  setText(title, text);
  document.title = `${text} · Zoetrope`;
  if (player.getAttribute('label') !== text) {
    player.setAttribute('label', text);
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
