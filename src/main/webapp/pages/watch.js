// @ts-check
import { fetchSources, stateWords, whyDenied } from '../player/sources.js';
import { streamUrl } from '../player/way.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { byId, find, setText } from './dom.js';
import { hereOnlyWords } from './here-only.js';
import { addressOf, baseUrl, countViewers, idOfPage, repeatWhileSeen } from './page.js';

const sourceMillis = 5_000;
const copiedMillis = 2_000;
const id = idOfPage();
const src = addressOf(`live/${encodeURIComponent(id)}`);

const player = byId('player', ZoetropePlayer);
const title = byId('title', HTMLElement);
const stateBadge = byId('state', HTMLElement);
const cause = byId('cause', HTMLElement);
const viewers = byId('viewers', HTMLElement);
const denied = byId('denied', HTMLElement);
const deniedWhy = byId('denied-why', HTMLElement);

showTitle(id);
chooseWay(wayFromHash());
player.setAttribute('src', src);
showEmbedLines();
setText(byId('here-only', HTMLElement), hereOnlyWords());

player.addEventListener('statechange', repeatWhileSeen(refreshSource, sourceMillis)); // what the player meets, the badge says
addEventListener('hashchange', () => chooseWay(wayFromHash()));

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
  try {
    const { sources } = await fetchSources(addressOf('live/'));
    const source = sources.find((candidate) => candidate.id === id);
    const whyNot = source ? null : await whyDenied(src);
    showTitle(source?.title || id);
    setText(stateBadge, source ? stateWords[source.state] ?? source.state : whyNot ? 'Not for everybody' : 'No such source');
    stateBadge.dataset.state = source?.state ?? 'missing';
    denied.hidden = !whyNot;
    byId('embed', HTMLElement).hidden = !source && !whyNot; // lines for what is not there lead nowhere
    setText(deniedWhy, whyNot ?? '');
    setText(cause, source ? inSentences(source) : '');
    setText(viewers, source ? countViewers(source.viewers) : '');
  } catch (error) {
    console.info(error);
    setText(stateBadge, 'Server does not answer');
    stateBadge.dataset.state = 'missing';
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

function showEmbedLines() {
  const socketUrl = streamUrl(src, '/mpeg1').replace(/^http/, 'ws');
  const moduleUrl = new URL('player/zoetrope-player.js', baseUrl).href;
  const lines = [
    ['Image', `<img src="${streamUrl(src, '.gif')}" alt="">`],
    ['Player', `<script type="module" src="${moduleUrl}"></script>\n<zoetrope-player src="${src}"></zoetrope-player>`],
    ['Frame', `<iframe src="${addressOf(`embed/${encodeURIComponent(id)}`)}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture"></iframe>`],
    ['ffplay', `ffplay -fflags nobuffer -flags low_delay "${streamUrl(src, '.mjpeg')}"`],
    ['VLC', `vlc "${streamUrl(src, '.mjpeg')}"`],
    ['JSMpeg', `new JSMpeg.Player('${socketUrl}')`],
  ];
  const template = byId('line', HTMLTemplateElement);
  byId('lines', HTMLElement).replaceChildren(...lines.map(([name, text]) => {
    const line = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const code = find(line, 'code', HTMLElement);
    const button = find(line, 'button', HTMLButtonElement);
    setText(find(line, '.line-name', HTMLElement), name);
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
