// @ts-check

/** For so long the old image stays below the new one, until that has surely been painted. */
const overlapMillis = 1_000;

/** Counts up, so that no two endless images share one address and with it one connection. */
let nextSerial = Date.now();

/**
 * Images that do not end, one relieving the other without a seam: the next one lies above the
 * present one and is transparent until its first picture.
 */
export class EndlessImages {
  element = document.createElement('div');
  #url;
  #listeners;
  /** @type {HTMLImageElement | null} the newest that has a picture */
  #shown = null;
  /** @type {HTMLImageElement | null} that has none yet */
  #next = null;
  #animationFrame = 0;
  #overlapTimer = 0;

  /**
   * @param {string} url
   * @param {object} listeners
   * @param {() => void} listeners.onpicture the next image has its first picture
   * @param {() => void} listeners.onend the image on screen has ended or broken off
   * @param {() => void} listeners.onrefused the next image could not be loaded
   */
  constructor(url, listeners) {
    this.#url = url;
    this.#listeners = listeners;
  }

  /** The image on screen. */
  get shown() {
    return this.#shown;
  }

  /** Opens the next image. */
  roll() {
    this.#release(this.#next);
    const image = new Image();
    image.alt = '';
    image.onload = image.onerror = () => this.#ended(image);
    const address = new URL(this.#url);
    address.searchParams.set('n', String(nextSerial++));
    image.src = address.href;
    this.#next = image;
    this.element.append(image);
    this.#awaitPicture(image);
  }

  /** Gives up the next image; the present one stays. */
  #cancelRoll() {
    cancelAnimationFrame(this.#animationFrame);
    this.#release(this.#next);
    this.#next = null;
  }

  stop() {
    this.#cancelRoll();
    clearTimeout(this.#overlapTimer);
    for (const image of this.element.querySelectorAll('img')) {
      this.#release(image);
    }
  }

  /** @param {HTMLImageElement} image has a size when its header is there; load may never come */
  #awaitPicture(image) {
    cancelAnimationFrame(this.#animationFrame);
    this.#animationFrame = requestAnimationFrame(() => {
      if (image.naturalWidth === 0) {
        this.#awaitPicture(image);
        return;
      }
      const old = this.#shown;
      this.#shown = image;
      this.#next = null;
      this.#overlapTimer = setTimeout(() => this.#release(old), overlapMillis);
      this.#listeners.onpicture();
    });
  }

  /** @param {HTMLImageElement} image */
  #ended(image) {
    if (image === this.#next) {
      this.#cancelRoll();
      this.#listeners.onrefused();
    } else if (image === this.#shown) {
      this.#listeners.onend();
    } // else it has been relieved already
  }

  /** @param {HTMLImageElement | null} image whose connection ends with its address */
  #release(image) {
    if (image) {
      image.onload = null;
      image.onerror = null;
      image.removeAttribute('src');
      image.remove();
    }
  }
}
