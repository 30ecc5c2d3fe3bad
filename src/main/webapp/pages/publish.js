// @ts-check
import { fetchSource, inSentence } from '../player/sources.js';
import { ZoetropePlayer } from '../player/zoetrope-player.js';
import { byId, setText } from './dom.js';
import { addressOf, baseUrl, idOfPage, link as linkOfPage } from './page.js';
import { clockOf, inWords, unknown, whyClosed } from './publish-words.js';
import { Publisher, recordedType } from './publisher.js';
import { Studio, devices } from './studio.js';

/**
 * @typedef {import('../player/zoetrope-player.js').PlayerStats} PlayerStats
 * @typedef {import('./studio.js').Kind} Kind
 */

const sourceMillis = 5_000;
const patienceMillis = 4_000;
const figuresMillis = 1_000;
/** Bits per second of a picture with so many lines. */
const bitsOf = Object.freeze({ 360: 800_000, 720: 2_500_000, 1080: 4_500_000 });

const id = idOfPage();
const url = new URL(`publish/${encodeURIComponent(id)}`, baseUrl).href;
const keyName = `zoetrope-key ${id}`;
/** What lets in who has no key; given up when the server does not take it. */
let link = linkOfPage;
const src = addressOf(`live/${encodeURIComponent(id)}`);
const type = recordedType();

const title = byId('title', HTMLElement);
const stateBadge = byId('state', HTMLElement);
const trouble = byId('trouble', HTMLElement);
const preview = byId('preview', HTMLVideoElement);
const player = byId('player', ZoetropePlayer);
const unseen = byId('unseen', HTMLElement);
const desk = byId('desk', HTMLFormElement);
const kinds = byId('kinds', HTMLFieldSetElement);
const camera = byId('camera', HTMLSelectElement);
const microphone = byId('microphone', HTMLSelectElement);
const size = byId('size', HTMLSelectElement);
const sound = byId('sound', HTMLInputElement);
const key = byId('key', HTMLInputElement);
const openButton = byId('open', HTMLButtonElement);
const goButton = byId('go', HTMLButtonElement);
const stopButton = byId('stop', HTMLButtonElement);
const muteButton = byId('mute', HTMLButtonElement);
const numbers = {
  age: byId('number-age', HTMLElement),
  lag: byId('number-lag', HTMLElement),
  viewers: byId('number-viewers', HTMLElement),
  bits: byId('number-bits', HTMLElement),
  time: byId('number-time', HTMLElement),
};

/** @type {Studio | null} */
let studio = null;
/** @type {Publisher | null} */
let publisher = null;
/** @type {WakeLockSentinel | null} */
let wakeLock = null;
let liveSince = NaN;
/** Of the picture that the player shows; NaN while it shows none. */
let ageMillis = NaN;
/** Of the source, as far as we may know; empty while nobody told. */
let sourceState = '';
let sourceTimer = 0;

setText(title, id);
document.title = `Go live: ${id} · Zoetrope`;
takeKeyFromAddress();
key.value = sessionStorage.getItem(keyName) ?? '';
const whyNot = whyNotHere();
if (whyNot) {
  setText(trouble, whyNot);
} else {
  begin();
}
refreshSource();

/** The operator's page hands its key over behind the #, which no log has. */
function takeKeyFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given) {
    sessionStorage.setItem(keyName, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
}

/** Why nothing can be sent from here; empty if it can. */
function whyNotHere() {
  if (!isSecureContext) {
    return 'Browsers give camera, microphone and screen only to pages that come by https, since on plain http anybody on the way could listen. Ask for this page’s address with https.';
  }
  if (!navigator.mediaDevices || !type) {
    return 'This browser cannot record. A present Chrome, Edge, Firefox or Safari can; so can OBS and ffmpeg, by other addresses.';
  }
  return '';
}

function begin() {
  desk.hidden = false;
  byId('screen-kind', HTMLElement).hidden = !navigator.mediaDevices.getDisplayMedia; // phones have none
  showKind();
  showState();
  listDevices();
  desk.addEventListener('submit', (event) => {
    event.preventDefault();
    goLive();
  });
  kinds.addEventListener('change', () => {
    closeStudio();
    showKind();
  });
  for (const choice of [camera, microphone, size, sound]) {
    choice.addEventListener('change', () => {
      if (studio && kind() !== 'screen') { // whoever chose a screen shall not be asked again
        openStudio();
      }
    });
  }
  openButton.addEventListener('click', openStudio);
  stopButton.addEventListener('click', () => publisher?.stop());
  muteButton.addEventListener('click', mute);
  navigator.mediaDevices.addEventListener('devicechange', listDevices);
  player.addEventListener('stats', (event) => {
    const stats = /** @type {CustomEvent<PlayerStats>} */ (event).detail;
    ageMillis = stats.isCard ? NaN : stats.ageMillis;
  });
  player.addEventListener('statechange', () => {
    ageMillis = player.state === 'playing' ? ageMillis : NaN;
  });
  addEventListener('beforeunload', (event) => isLive() && event.preventDefault());
  addEventListener('pagehide', () => publisher?.stop());
  document.addEventListener('visibilitychange', () => document.hidden || keepAwake());
  setInterval(showFigures, figuresMillis);
}

/** @returns {Kind} */
function kind() {
  return /** @type {Kind} */ (new FormData(desk).get('kind'));
}

/** Whether something is sent, or will be as soon as that is possible. */
function isLive() {
  return publisher !== null;
}

function showKind() {
  const { open, fields } = {
    camera: { open: 'Open the camera', fields: ['camera', 'microphone', 'size', 'sound'] },
    screen: { open: 'Choose the screen', fields: ['microphone', 'size', 'sound'] },
    microphone: { open: 'Open the microphone', fields: ['microphone'] },
  }[kind()];
  setText(openButton, open);
  for (const name of ['camera', 'microphone', 'size', 'sound']) {
    byId(`${name}-field`, HTMLElement).hidden = !fields.includes(name);
  }
}

async function listDevices() {
  const { cameras, microphones } = await devices();
  fill(camera, cameras, 'Camera');
  fill(microphone, microphones, 'Microphone');
}

/** @param {HTMLSelectElement} select @param {MediaDeviceInfo[]} found @param {string} name */
function fill(select, found, name) {
  const chosen = select.value;
  select.length = 1;
  select.append(...found.map(({ deviceId, label }, i) => new Option(label || `${name} ${i + 1}`, deviceId)));
  select.value = found.some(({ deviceId }) => deviceId === chosen) ? chosen : '';
}

async function openStudio() {
  closeStudio();
  setText(trouble, '');
  openButton.disabled = true;
  const wish = { kind: kind(), camera: camera.value, microphone: microphone.value, hasSound: sound.checked, height: Number(size.value) };
  try {
    const opened = await Studio.open(wish);
    studio = opened;
    opened.onend(() => ended(opened));
    preview.srcObject = opened.stream;
    await listDevices(); // now they have names
  } catch (error) {
    setText(trouble, whyClosed(error, wish.kind));
  }
  showState();
}

function closeStudio() {
  studio?.close();
  studio = null;
  preview.srcObject = null;
  muteButton.setAttribute('aria-pressed', 'false');
  showState();
}

/** A device was unplugged, or the screen is no longer shared. @param {Studio} from */
function ended(from) {
  if (studio === from) {
    publisher?.stop();
    closeStudio();
    setText(trouble, 'The browser ended it: unplugged, or no longer shared.');
  }
}

function goLive() {
  if (!studio || !type || isLive()) {
    return;
  }
  if (!link && !key.value) {
    setText(trouble, 'A key is needed to send here.');
    key.focus();
    return;
  }
  setText(trouble, '');
  const bits = kind() === 'microphone' ? bitsOf[360] : bitsOf[/** @type {keyof typeof bitsOf} */ (Number(size.value))];
  publisher = new Publisher(url, link ? { link } : { key: key.value }, studio.stream, type, bits);
  publisher.addEventListener('change', follow);
  keepAwake();
  showState();
  stopButton.focus();
}

function follow() {
  if (!publisher) {
    return;
  }
  const { state, message, code } = publisher;
  if (state === 'sending') {
    liveSince = Number.isNaN(liveSince) ? performance.now() : liveSince;
    if (!link) {
      sessionStorage.setItem(keyName, key.value);
    }
  }
  if (message || state === 'sending') {
    setText(trouble, inSentence(message));
  }
  if (state === 'ended' || state === 'refused') {
    publisher = null;
    liveSince = NaN;
    sourceState = ''; // it was ours
    clearTimeout(sourceTimer);
    sourceTimer = setTimeout(refreshSource, sourceMillis);
    wakeLock?.release();
    wakeLock = null;
  }
  const isUnknown = state === 'refused' && code === 4401;
  if (isUnknown) {
    forgetProof();
  }
  showState();
  if (!publisher) {
    (isUnknown ? key : studio ? goButton : openButton).focus();
  }
  if (state === 'sending' && publisher?.sourceState === 'live') {
    showWhatViewersSee();
  }
}

/** What was shown does not let in: another key is asked for. */
function forgetProof() {
  link = '';
  sessionStorage.removeItem(keyName);
  key.value = '';
}

async function keepAwake() {
  if (isLive() && !wakeLock) {
    try {
      wakeLock = await navigator.wakeLock.request('screen');
      wakeLock.addEventListener('release', () => (wakeLock = null));
    } catch (error) {
      console.info(error); // its battery is low, or it has none: the screen goes dark as usual
    }
  }
}

function mute() {
  const isMuted = muteButton.getAttribute('aria-pressed') !== 'true';
  muteButton.setAttribute('aria-pressed', String(isMuted));
  studio?.mute(isMuted);
}

function showState() {
  const live = isLive();
  byId('nothing', HTMLElement).hidden = studio !== null;
  byId('key-field', HTMLElement).hidden = link !== '';
  byId('figures', HTMLElement).hidden = !live;
  openButton.hidden = live;
  openButton.disabled = false;
  goButton.hidden = live;
  goButton.disabled = !studio;
  stopButton.hidden = !live;
  muteButton.hidden = !studio?.hasSound;
  kinds.hidden = live; // a recorder keeps what it began with
  byId('choices', HTMLElement).hidden = live;
  const [words, state] = stateShown();
  setText(stateBadge, words);
  stateBadge.dataset.state = state;
}

/** In words, and as the badge colours it. @returns {[string, string]} */
function stateShown() {
  switch (publisher?.state) {
    case 'connecting': return ['Connecting', 'starting'];
    case 'sending': return publisher.sourceState === 'live' ? ['Live', 'live'] : ['Sending, not shown yet', 'starting'];
    case 'retrying': return ['Interrupted, comes back by itself', 'waiting'];
    case 'behind': return ['Too slow, begins anew', 'waiting'];
    case 'ending': return ['Ending', 'starting'];
    default: return sourceState === 'live' ? ['Somebody else is live', 'starting'] : ['Not live', 'idle'];
  }
}

function showFigures() {
  const lag = publisher?.lagMillis ?? NaN;
  setText(numbers.lag, inWords(lag));
  const age = (publisher?.recorderMillis ?? NaN) + lag + ageMillis;
  setText(numbers.age, Number.isNaN(age) ? unknown : `about ${inWords(age)}`);
  setText(numbers.viewers, publisher && !Number.isNaN(publisher.viewers) ? String(publisher.viewers) : unknown);
  setText(numbers.bits, publisher ? `${(publisher.bitrate / 1_000_000).toFixed(1)} Mbit/s` : unknown);
  setText(numbers.time, Number.isNaN(liveSince) ? unknown : clockOf(performance.now() - liveSince));
}

/** Not before there is something to see: the player is a viewer, for whom the source would be started. */
function showWhatViewersSee() {
  if (!unseen.hidden || player.getAttribute('src') === src) {
    return;
  }
  byId('not-yet', HTMLElement).hidden = true;
  player.setAttribute('src', src);
}

/** Its name, and whether it may be watched from here: not, by a link that is for publishing alone. */
async function refreshSource() {
  clearTimeout(sourceTimer);
  const found = await fetchSource(src, new AbortController().signal, patienceMillis);
  if (found) {
    const { source } = found;
    setText(title, source.title || id);
    document.title = `Go live: ${source.title || id} · Zoetrope`;
    player.setAttribute('label', `What viewers see of ${source.title || id}`);
    sourceState = source.state;
    if (sourceState === 'live') {
      showWhatViewersSee();
    }
    showState();
  }
  if (found !== undefined) {
    unseen.hidden = found !== null;
    byId('theirs', HTMLElement).hidden = found === null;
  }
  sourceTimer = setTimeout(refreshSource, sourceMillis);
}
