// @ts-check

/** @typedef {import('./way.js').Way} Way */

/**
 * What is seen of a player: a canvas with the newest still, and the ways above it. A way that goes
 * leaves its last picture on the canvas. So once there has been a picture there always is one.
 */
export class Screen {
  #still;
  #context;
  #layer;

  /**
   * @param {HTMLCanvasElement} still
   * @param {HTMLElement} layer holds what the ways show
   */
  constructor(still, layer) {
    this.#still = still;
    this.#context = still.getContext('2d', { alpha: false });
    this.#layer = layer;
  }

  /** The canvas below, if there is anything on it. */
  get still() {
    return this.#still.hidden ? null : this.#still;
  }

  /**
   * @param {ImageBitmap} picture
   * @param {boolean} isNewer whether it is newer than what a way shows, and goes above that
   */
  showStill(picture, isNewer) {
    this.#draw(picture, picture.width, picture.height);
    this.#still.classList.toggle('above', isNewer);
  }

  /** The ways show what is newest. */
  lowerStill() {
    this.#still.classList.remove('above');
  }

  /** Takes all pictures away. */
  clear() {
    this.#still.hidden = true;
    this.lowerStill();
  }

  /** @param {Way} way not seen until it is revealed */
  add(way) {
    way.element.classList.add('fresh');
    this.#layer.append(way.element);
  }

  /** @param {Way} way that has painted */
  reveal(way) {
    this.lowerStill();
    way.element.classList.remove('fresh');
  }

  /**
   * Stops a way; what it showed stays to be seen.
   *
   * @param {Way} way
   */
  remove(way) {
    if (!way.element.classList.contains('fresh')) {
      if (!this.#still.classList.contains('above')) {
        this.#keep(way);
      }
      this.lowerStill();
    }
    way.stop();
    way.element.remove();
  }

  /** @param {Way} way */
  #keep(way) {
    const picture = pictureIn(way.element);
    if (picture instanceof HTMLCanvasElement) {
      this.#draw(picture, picture.width, picture.height);
    } else if (picture instanceof HTMLVideoElement && picture.readyState >= picture.HAVE_CURRENT_DATA) {
      this.#draw(picture, picture.videoWidth, picture.videoHeight);
    } else if (picture instanceof HTMLImageElement) {
      this.#draw(picture, picture.naturalWidth, picture.naturalHeight);
    }
  }

  /**
   * @param {CanvasImageSource} picture
   * @param {number} width
   * @param {number} height
   */
  #draw(picture, width, height) {
    if (width > 0 && height > 0) {
      this.#still.width = width;
      this.#still.height = height;
      this.#context?.drawImage(picture, 0, 0);
      this.#still.hidden = false;
    }
  }
}

/**
 * The picture that a way shows; of several images the newest that has come.
 *
 * @param {HTMLElement} element of a way
 * @returns {HTMLCanvasElement | HTMLVideoElement | HTMLImageElement | null}
 */
export function pictureIn(element) {
  if (element instanceof HTMLCanvasElement || element instanceof HTMLVideoElement) {
    return element;
  }
  return [...element.querySelectorAll('img')].reverse().find(({ naturalWidth }) => naturalWidth > 0) ?? null;
}
