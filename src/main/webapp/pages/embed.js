// @ts-check
import { fetchSources, linkOf, withLink } from '../player/sources.js';
import { choose } from '../player/texts.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';

/** What the address may say about the player. */
const attributes = Object.freeze(['muted', 'ways', 'fit']);

const baseUrl = new URL('../', import.meta.url);
const liveUrl = new URL('live/', baseUrl).href;
const id = decodeURIComponent(location.pathname.split('/').filter(Boolean).at(-1) ?? '');
/** What lets in who is not signed in. */
const link = linkOf(location.href);
const query = new URLSearchParams(location.search);

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const title = /** @type {HTMLAnchorElement} */ (document.getElementById('title'));
const player = /** @type {ZoetropePlayer} */ (document.getElementById('player'));
let isTitled = false;

document.documentElement.lang = choose(navigator.languages); // all words here are the player's
player.lang = document.documentElement.lang;
title.href = withLink(new URL(`watch/${encodeURIComponent(id)}`, baseUrl).href, link);
name(id);
for (const attribute of attributes) {
  const value = query.get(attribute);
  if (value !== null) {
    player.setAttribute(attribute, value);
  }
}
player.addEventListener('statechange', () => {
  main.classList.toggle('waits', player.state !== 'playing');
  nameAsItIsCalled();
});
player.setAttribute('src', withLink(liveUrl + encodeURIComponent(id), link));
nameAsItIsCalled();

/** By its title, which the server tells to who may watch it. */
async function nameAsItIsCalled() {
  if (isTitled) {
    return;
  }
  try {
    const { sources } = await fetchSources(withLink(liveUrl, link));
    const source = sources.find((candidate) => candidate.id === id);
    if (source && !isTitled) {
      isTitled = true;
      name(source.title || id);
    }
  } catch (error) {
    console.info(error); // the player tells what is wrong; its next state asks again
  }
}

/** @param {string} words */
function name(words) {
  title.textContent = words;
  document.title = `${words} · Zoetrope`;
  player.setAttribute('label', words);
}
