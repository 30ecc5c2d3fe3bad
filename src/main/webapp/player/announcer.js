// @ts-check

/** Who listens to a screen reader hears no more often than that. */
const gapMillis = 3_000;

/**
 * Tells screen readers what happens, politely: at most one message in three seconds, and of those
 * that come meanwhile only the newest.
 */
export class Announcer {
  #element;
  #said = '';
  #waiting = '';
  #timer = 0;

  /** @param {{textContent: string | null}} element a live region */
  constructor(element) {
    this.#element = element;
  }

  /** @param {string} words */
  say(words) {
    if (this.#timer) {
      this.#waiting = words;
    } else {
      this.#speak(words);
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** @param {string} words */
  #speak(words) {
    this.#said = words;
    this.#element.textContent = words;
    this.#timer = setTimeout(() => this.#goOn(), gapMillis);
  }

  #goOn() {
    const words = this.#waiting;
    this.#waiting = '';
    this.#timer = 0;
    if (words && words !== this.#said) {
      this.#speak(words);
    }
  }
}
