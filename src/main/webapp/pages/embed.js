// @ts-check
import { fetchSources } from '../player/sources.js';
import { choose } from '../player/texts.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { byId, setText } from './dom.js';
import { addressOf, idOfPage } from './page.js';

/** What the address may say about the player. */
const attributes = Object.freeze(['muted', 'ways', 'fit']);

const id = idOfPage();
const query = new URLSearchParams(location.search);

const main = byId('main', HTMLElement);
const title = byId('title', HTMLAnchorElement);
const player = byId('player', ZoetropePlayer);
let isTitled = false;

document.documentElement.lang = choose(navigator.languages); // all words here are the player's
player.lang = document.documentElement.lang;
title.href = addressOf(`watch/${encodeURIComponent(id)}`);
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
player.setAttribute('src', addressOf(`live/${encodeURIComponent(id)}`));
nameAsItIsCalled();

/** By its title, which the server tells to who may watch it. */
async function nameAsItIsCalled() {
  if (isTitled) {
    return;
  }
  try {
    const { sources } = await fetchSources(addressOf('live/'));
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
  setText(title, words);
  document.title = `${words} · Zoetrope`;
  player.setAttribute('label', words);
}
