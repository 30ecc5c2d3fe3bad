// @ts-check
import { Announcer } from './announcer.js';
import { style } from './controls.css.js';
import { icon } from './icons.js';
import { PictureInPicture } from './picture-in-picture.js';
import { idOf } from './sources.js';
import { StatsPanel, ageInWords } from './stats-panel.js';
import { WayMenu, isPlain, wayName } from './way-menu.js';

/**
 * @typedef {import('./zoetrope-player.js').ZoetropePlayer} ZoetropePlayer
 * @typedef {import('./meter.js').PlayerStats} PlayerStats
 * @typedef {import('./texts.js').Say} Say
 */

/** A pointer that rests for so long is not looking for a button. */
const restMillis = 3_000;
/** What went wrong stands there for so long. */
const noteMillis = 6_000;
const volumeStep = 0.05;
/** Sound that was asked for and has not come by then will not. */
const soundPatience = 5;

/** What the badge says of each state of the player. */
const badgeKeys = Object.freeze({
  none: '', hidden: '', connecting: 'is-connecting', playing: 'is-live', paused: 'is-paused', calm: 'is-stills', stalled: 'is-stalled', retrying: 'is-reconnecting', failed: 'is-failed',
});

/**
 * The controls of one player: a bar with buttons, a menu of ways, statistics. All of it by keyboard,
 * with labels; what happens is told to screen readers. Shown while it is focused or pointed at, and
 * while nothing plays.
 *
 * Keys, while the focus is inside of the player: space or k plays and pauses, m mutes, up and down
 * change the volume, f is full screen, i picture in picture, s saves a picture, w opens the ways,
 * Escape closes what is open.
 */
export class Controls {
  #player;
  #root;
  #say;
  #closing = new AbortController();
  #style = document.createElement('style');
  #element = document.createElement('div');
  #bar = document.createElement('div');
  #badge = document.createElement('span');
  #note = document.createElement('p');
  #said = document.createElement('p');
  #volume = document.createElement('input');
  #play;
  #mute;
  #ways;
  #statistics;
  #snapshot;
  #pictureInPicture;
  #fullScreen;
  #menu;
  #panel;
  #announcer;
  #window;
  /** @type {HTMLElement | null} the player's own live region: ours speaks for both */
  #status;
  /** @type {string} */
  #state = 'none';
  #isPointedAt = false;
  #isMuted = true;
  #silentTicks = 0;
  #restTimer = 0;
  #noteTimer = 0;

  /**
   * @param {ZoetropePlayer} player
   * @param {ShadowRoot} root of the player
   * @param {Say} say the words of the player's language
   */
  constructor(player, root, say) {
    this.#player = player;
    this.#root = root;
    this.#say = say;
    this.#play = this.#button('play', () => this.#togglePlay());
    this.#mute = this.#button('mute', () => this.#toggleMute());
    this.#ways = this.#button('way', () => {});
    this.#statistics = this.#button('statistics', () => this.#player.toggleAttribute('stats'));
    this.#snapshot = this.#button('snapshot', () => this.#save());
    this.#pictureInPicture = this.#button('pictureInPicture', () => this.#toggleWindow());
    this.#fullScreen = this.#button('fullScreen', () => this.#toggleFullScreen());
    this.#menu = new WayMenu(player, this.#ways, say, () => this.#showOrHide());
    this.#panel = new StatsPanel(say);
    this.#announcer = new Announcer(this.#said);
    this.#window = new PictureInPicture(player, () => this.#refresh());
    this.#isMuted = player.muted;
    this.#state = player.state;
    this.#status = root.querySelector('[part~="status"][role="status"]');
    this.#status?.removeAttribute('role');
    this.#build();
    this.#listen();
    this.relabel();
    this.#stateChanged();
  }

  /** Says all that it says anew, in another language perhaps. */
  relabel() {
    this.#element.setAttribute('aria-label', this.#say('controls'));
    label(this.#mute, this.#say('mute'));
    label(this.#ways, this.#say('way'));
    label(this.#statistics, this.#say('statistics'));
    label(this.#snapshot, this.#say('snapshot'));
    label(this.#pictureInPicture, this.#say('picture-in-picture'));
    label(this.#fullScreen, this.#say('full-screen'));
    this.#volume.setAttribute('aria-label', this.#say('volume'));
    this.#panel.relabel();
    this.#refresh();
  }

  /** Takes them away. */
  close() {
    this.#closing.abort();
    clearTimeout(this.#restTimer);
    clearTimeout(this.#noteTimer);
    this.#announcer.close();
    this.#window.close();
    this.#element.remove();
    this.#style.remove();
    this.#status?.setAttribute('role', 'status');
  }

  /**
   * @param {Parameters<typeof icon>[0]} name
   * @param {() => void} action
   */
  #button(name, action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = name;
    button.part.add('button', name.toLowerCase());
    button.append(icon(name));
    button.addEventListener('click', action);
    return button;
  }

  #build() {
    this.#style.textContent = style;
    this.#element.className = 'controls';
    this.#element.part.add('controls');
    this.#element.setAttribute('role', 'group');
    this.#bar.className = 'bar';
    this.#badge.className = 'badge';
    this.#note.className = 'note';
    this.#note.setAttribute('aria-hidden', 'true'); // it is told as well
    this.#said.className = 'said';
    this.#said.setAttribute('role', 'status');
    this.#volume.className = 'volume';
    this.#volume.type = 'range';
    this.#volume.max = '1';
    this.#volume.step = String(volumeStep);
    this.#volume.addEventListener('input', () => this.#setVolume(this.#volume.valueAsNumber));
    const room = document.createElement('div');
    room.className = 'room';
    room.append(this.#panel.element, this.#menu.element);
    this.#bar.append(
        this.#play, this.#mute, this.#volume, this.#badge, this.#ways, this.#statistics, this.#snapshot, this.#pictureInPicture, this.#fullScreen);
    this.#element.append(room, this.#note, this.#bar, this.#said);
    this.#root.append(this.#style, this.#element);
  }

  #listen() {
    const { signal } = this.#closing;
    const player = this.#player;
    player.addEventListener('statechange', () => this.#stateChanged(), { signal });
    player.addEventListener('waychange', (event) => this.#wayChanged(/** @type {CustomEvent} */ (event).detail), { signal });
    player.addEventListener('stats', (event) => this.#showStats(/** @type {CustomEvent<PlayerStats>} */ (event).detail), { signal });
    player.addEventListener('volumechange', () => this.#soundChanged(), { signal });
    player.addEventListener('keydown', (event) => this.#key(event), { signal });
    for (const type of ['pointermove', 'pointerdown']) {
      player.addEventListener(type, () => this.#pointed(), { signal });
    }
    player.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#unpointed(), { signal });
    this.#element.addEventListener('focusin', () => this.#showOrHide());
    this.#element.addEventListener('focusout', () => queueMicrotask(() => this.#showOrHide()));
    document.addEventListener('pointerdown', (event) => this.#closeMenu(event), { signal });
    document.addEventListener('fullscreenchange', () => this.#refresh(), { signal });
    const attributes = new MutationObserver(() => this.#refresh());
    attributes.observe(player, { attributes: true, attributeFilter: ['stats'] });
    signal.addEventListener('abort', () => attributes.disconnect());
  }

  // What the player does.

  #stateChanged() {
    const { state, message } = this.#player;
    const isBack = state === 'playing' && this.#state === 'stalled'; // else another way says so
    const isStill = state !== this.#state && (state === 'paused' || state === 'calm');
    if (message) {
      this.#announcer.say(message);
    } else if (isBack || isStill) {
      this.#announcer.say(this.#say(badgeKeys[state]));
    }
    this.#state = state;
    this.#refresh();
  }

  /** @param {{to: string}} change */
  #wayChanged({ to }) {
    this.#window.follow();
    if (to) {
      this.#announcer.say(this.#say('shown-by-way', { way: wayName(to, this.#say) }));
    }
    this.#refresh();
  }

  /** @param {PlayerStats} stats */
  #showStats(stats) {
    this.#refreshBadge(stats);
    if (this.#mute.hidden === this.#player.canHaveSound) {
      this.#refreshSound();
    }
    this.#snapshot.disabled = this.#player.picture() === null;
    if (!this.#panel.element.hidden) {
      this.#panel.show(stats);
    }
    const isExpected = !this.#player.muted && this.#player.canHaveSound && this.#player.state === 'playing';
    const lacksSound = isExpected && !stats.hasSound;
    this.#silentTicks = lacksSound ? this.#silentTicks + 1 : 0;
    if (this.#silentTicks === soundPatience) {
      this.#tell(this.#say('no-sound'));
    }
  }

  #soundChanged() {
    const { muted } = this.#player;
    if (muted !== this.#isMuted && this.#root.activeElement !== this.#mute) {
      this.#announcer.say(this.#say(muted ? 'muted' : 'unmuted'));
    }
    this.#isMuted = muted;
    this.#refresh();
  }

  #refresh() {
    const player = this.#player;
    label(this.#play, this.#say(this.#isGoing ? 'pause' : 'play'));
    this.#play.replaceChildren(icon(this.#isGoing ? 'pause' : 'play'));
    this.#refreshSound();
    this.#panel.element.hidden = !player.hasAttribute('stats');
    this.#panel.show(player.stats);
    this.#statistics.setAttribute('aria-pressed', String(player.hasAttribute('stats')));
    this.#snapshot.disabled = player.picture() === null;
    this.#pictureInPicture.hidden = !this.#window.isPossible && !this.#window.isOn;
    this.#pictureInPicture.setAttribute('aria-pressed', String(this.#window.isOn));
    this.#fullScreen.hidden = !document.fullscreenEnabled || !('requestFullscreen' in player);
    this.#fullScreen.setAttribute('aria-pressed', String(this.#isFull));
    this.#fullScreen.replaceChildren(icon(this.#isFull ? 'window' : 'fullScreen'));
    this.#refreshBadge(player.stats);
    this.#showOrHide();
  }

  #refreshSound() {
    const { canHaveSound, muted, volume } = this.#player;
    const { activeElement } = this.#root;
    if (!canHaveSound && (activeElement === this.#mute || activeElement === this.#volume)) {
      this.#play.focus(); // what is not there has no focus
    }
    this.#mute.hidden = !canHaveSound;
    this.#mute.setAttribute('aria-pressed', String(muted));
    this.#mute.replaceChildren(icon(muted ? 'mute' : 'sound'));
    this.#volume.hidden = !canHaveSound;
    this.#volume.value = String(volume);
    this.#volume.setAttribute('aria-valuetext', percent(volume));
  }

  /** @param {PlayerStats | null} stats */
  #refreshBadge(stats) {
    const { state } = this.#player;
    const isCard = state === 'playing' && (stats?.isCard ?? false);
    const key = isCard ? 'is-gone' : badgeKeys[state];
    const age = state === 'playing' && !isCard && stats ? ageInWords(stats.ageMillis, this.#say) : '';
    this.#badge.dataset.state = key;
    this.#badge.textContent = [key && this.#say(key), age].filter(Boolean).join(' · ');
  }

  get #isGoing() {
    const { paused, state } = this.#player;
    return !paused && state !== 'calm' && state !== 'failed';
  }

  get #isFull() {
    return this.#player.matches(':fullscreen');
  }

  // Being there, or out of the way.

  #pointed() {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#unpointed(), restMillis);
    this.#isPointedAt = true;
    this.#showOrHide();
  }

  #unpointed() {
    clearTimeout(this.#restTimer);
    this.#isPointedAt = false;
    this.#showOrHide();
  }

  #showOrHide() {
    const isWanted = this.#player.state !== 'playing'
        || this.#isPointedAt
        || this.#menu.isOpen
        || this.#note.textContent !== ''
        || this.#element.querySelector(':focus-visible') !== null;
    this.#element.classList.toggle('away', !isWanted);
  }

  /** @param {PointerEvent} event */
  #closeMenu(event) {
    const path = event.composedPath();
    if (!path.includes(this.#menu.element) && !path.includes(this.#ways)) {
      this.#menu.close();
    }
  }

  // What the viewer does.

  /** @param {KeyboardEvent} event */
  #key(event) {
    const path = event.composedPath();
    if (event.defaultPrevented || !isPlain(event) || isTyping(path[0]) || path.includes(this.#menu.element)) {
      return;
    }
    if (event.key === ' ' && path.some((target) => target instanceof HTMLButtonElement)) {
      return; // presses that button
    }
    if (event.key.startsWith('Arrow') && path.includes(this.#panel.element)) {
      return; // scrolls it
    }
    const action = this.#action(event.key);
    if (action) {
      event.preventDefault();
      action();
    }
  }

  /**
   * @param {string} key
   * @returns {(() => void) | null}
   */
  #action(key) {
    switch (key.toLowerCase()) {
      case ' ':
      case 'k':
        return () => this.#togglePlay();
      case 'm':
        return this.#mute.hidden ? null : () => this.#toggleMute();
      case 'arrowup':
        return this.#mute.hidden ? null : () => this.#changeVolume(volumeStep);
      case 'arrowdown':
        return this.#mute.hidden ? null : () => this.#changeVolume(-volumeStep);
      case 'f':
        return this.#fullScreen.hidden ? null : () => this.#toggleFullScreen();
      case 'i':
        return this.#pictureInPicture.hidden ? null : () => this.#toggleWindow();
      case 's':
        return this.#snapshot.disabled ? null : () => this.#save();
      case 'w':
        return () => this.#menu.open();
      case 'escape':
        return this.#panel.element.hidden ? null : () => this.#player.removeAttribute('stats');
      default:
        return null;
    }
  }

  #togglePlay() {
    if (this.#isGoing) {
      this.#player.pause();
    } else {
      this.#player.play();
    }
    this.#refresh();
  }

  #toggleMute() {
    this.#player.muted = !this.#player.muted;
  }

  /** @param {number} by */
  #changeVolume(by) {
    const steps = Math.round((this.#player.volume + by) / volumeStep);
    this.#setVolume(Math.min(1, Math.max(0, steps * volumeStep)));
    this.#announcer.say(this.#say('volume-is', { percent: percent(this.#player.volume) }));
  }

  /** @param {number} volume who turns it up wants to hear something */
  #setVolume(volume) {
    const isLouder = volume > this.#player.volume;
    this.#player.volume = volume;
    if (isLouder && this.#player.muted) {
      this.#player.muted = false;
    }
  }

  async #save() {
    try {
      const picture = await this.#player.snapshot();
      const src = new URL(this.#player.getAttribute('src') ?? '', document.baseURI).href;
      const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const name = `${idOf(src)}-${time}.${picture.type === 'image/png' ? 'png' : 'jpg'}`;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(picture);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), noteMillis);
      this.#announcer.say(this.#say('snapshot-saved', { name }));
    } catch (error) {
      console.info(error);
      this.#tell(this.#say('snapshot-failed'));
    }
  }

  async #toggleWindow() {
    try {
      await this.#window.toggle();
    } catch (error) {
      console.info(error);
      this.#tell(this.#say('picture-in-picture-failed'));
    }
  }

  async #toggleFullScreen() {
    try {
      await (this.#isFull ? document.exitFullscreen() : this.#player.requestFullscreen());
    } catch (error) {
      console.info(error);
      this.#tell(this.#say('full-screen-failed'));
    }
  }

  /**
   * Says what has gone wrong, for eyes and ears.
   *
   * @param {string} words
   */
  #tell(words) {
    clearTimeout(this.#noteTimer);
    this.#note.textContent = words;
    this.#noteTimer = setTimeout(() => {
      this.#note.textContent = '';
      this.#showOrHide();
    }, noteMillis);
    this.#announcer.say(words);
    this.#showOrHide();
  }
}

/**
 * @param {HTMLElement} button
 * @param {string} words
 */
function label(button, words) {
  button.setAttribute('aria-label', words);
  button.title = words; // for who sees the picture alone
}

/** @param {number} volume 0 to 1 */
function percent(volume) {
  return `${Math.round(volume * 100)} %`;
}

/** @param {EventTarget | undefined} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
