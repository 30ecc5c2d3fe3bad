// @ts-check

/**
 * Whether anybody can see an element, and whether its viewer has asked for little data or little
 * motion (`Save-Data`, `prefers-reduced-motion`).
 */
export class Sight {
  #onchange;
  #isIntersecting;
  #observer;
  #motion = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {(EventTarget & {saveData: boolean}) | undefined} known to some browsers only */
  #connection = /** @type {any} */ (navigator).connection;
  #told = '';

  /**
   * @param {Element} element in the document
   * @param {() => void} onchange one of the answers is another
   */
  constructor(element, onchange) {
    this.#onchange = onchange;
    this.#isIntersecting = isInWindow(element); // a first answer at once; the observer's comes later
    this.#observer = new IntersectionObserver((entries) => {
      this.#isIntersecting = entries[entries.length - 1].isIntersecting;
      this.#tell();
    });
    this.#observer.observe(element);
    this.#told = this.#answers();
    document.addEventListener('visibilitychange', this.#tell);
    this.#motion.addEventListener('change', this.#tell);
    this.#connection?.addEventListener('change', this.#tell);
  }

  /** Whether any of it is within the window, in a tab that is seen. */
  get isSeen() {
    return !document.hidden && this.#isIntersecting;
  }

  /** Whether moving pictures are to be asked for first. */
  get isCalm() {
    return this.#motion.matches || this.#connection?.saveData === true;
  }

  close() {
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#tell);
    this.#motion.removeEventListener('change', this.#tell);
    this.#connection?.removeEventListener('change', this.#tell);
  }

  #answers() {
    return `${this.isSeen} ${this.isCalm}`;
  }

  #tell = () => {
    const answers = this.#answers();
    if (answers !== this.#told) {
      this.#told = answers;
      this.#onchange();
    }
  };
}

/** @param {Element} element */
function isInWindow(element) {
  const { top, left, bottom, right, width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}
