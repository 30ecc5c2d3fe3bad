// @ts-check

/**
 * @typedef {import('./zoetrope-player.js').ZoetropePlayer} ZoetropePlayer
 * @typedef {import('./texts.js').Say} Say
 */

/** What is the same in all languages. */
const names = Object.freeze({ webcodecs: 'WebCodecs', mse: 'MSE', mpeg1: 'MPEG-1', mjpeg: 'MJPEG', gif: 'GIF' });
/** They stand in the same place, whichever is wanted. */
const order = Object.freeze([...Object.keys(names), 'stills']);

/**
 * What a way is called.
 *
 * @param {string} way
 * @param {Say} say
 */
export function wayName(way, say) {
  return way in names ? names[/** @type {keyof typeof names} */ (way)] : say(way);
}

/**
 * A menu of the ways that there are, and of leaving the choice to the player. Its button opens it;
 * by keyboard as such menus are everywhere: arrows, Home, End, Escape.
 */
export class WayMenu {
  element = document.createElement('div');
  #player;
  #button;
  #say;
  #onchange;

  /**
   * @param {ZoetropePlayer} player
   * @param {HTMLButtonElement} button
   * @param {Say} say
   * @param {() => void} onchange it was opened or closed
   */
  constructor(player, button, say, onchange) {
    this.#player = player;
    this.#button = button;
    this.#say = say;
    this.#onchange = onchange;
    this.element.className = 'menu';
    this.element.part.add('menu');
    this.element.setAttribute('role', 'menu');
    this.element.hidden = true;
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    button.addEventListener('keydown', (event) => this.#openByArrow(event));
    this.element.addEventListener('keydown', (event) => this.#move(event));
    this.element.addEventListener('focusout', (event) => this.#leave(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  open() {
    const ways = order.filter((way) => this.#player.waysThere.includes(way)).map((way) => this.#item(way, wayName(way, this.#say)));
    this.element.setAttribute('aria-label', this.#say('way'));
    this.element.replaceChildren(this.#item('', this.#automatic()), ...ways);
    this.element.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#focus(Math.max(0, this.#items().findIndex((item) => item.getAttribute('aria-checked') === 'true')));
    this.#onchange();
  }

  /** Closes it; who was in it goes back to its button. */
  close() {
    if (!this.isOpen) {
      return;
    }
    if (this.element.matches(':focus-within')) {
      this.#button.focus();
    }
    this.#hide();
  }

  #hide() {
    this.element.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
    this.#onchange();
  }

  #automatic() {
    const { way, wanted } = this.#player;
    return way && !wanted ? this.#say('automatic-now', { way: wayName(way, this.#say) }) : this.#say('automatic');
  }

  /**
   * @param {string} way empty for the player's choice
   * @param {string} words
   */
  #item(way, words) {
    const item = document.createElement('button');
    item.type = 'button';
    item.part.add('button');
    item.tabIndex = -1;
    item.textContent = words;
    item.setAttribute('role', 'menuitemradio');
    item.setAttribute('aria-checked', String(this.#player.wanted === way));
    item.addEventListener('click', () => {
      this.close();
      this.#player.tryWay(way);
    });
    return item;
  }

  #items() {
    return /** @type {HTMLButtonElement[]} */ ([...this.element.children]);
  }

  /** @param {number} index counts round in both directions */
  #focus(index) {
    const items = this.#items();
    const wrapped = (index + items.length) % items.length;
    items.forEach((item, i) => (item.tabIndex = i === wrapped ? 0 : -1));
    items[wrapped]?.focus();
  }

  /** @param {KeyboardEvent} event */
  #openByArrow(event) {
    if (!this.isOpen && isPlain(event) && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      this.open();
    }
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const items = this.#items();
    const at = items.findIndex((item) => item.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (!isPlain(event)) {
      return;
    }
    if (to !== undefined) {
      event.preventDefault();
      this.#focus(to);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    }
  }

  /** @param {FocusEvent} event */
  #leave({ relatedTarget }) {
    if (relatedTarget instanceof Node && !this.element.contains(relatedTarget) && relatedTarget !== this.#button) {
      this.#hide();
    }
  }
}

/** @param {KeyboardEvent} event without a modifier, and not in the middle of a composed character */
export function isPlain({ altKey, ctrlKey, metaKey, shiftKey, isComposing }) {
  return !(altKey || ctrlKey || metaKey || shiftKey || isComposing);
}
