// @ts-check

/** @typedef {import('./zoetrope-player.js').ZoetropePlayer} ZoetropePlayer */

/**
 * A player's picture in a window of its own. Browsers have that for video elements; what a canvas
 * shows goes there by way of one. The player goes on meanwhile also where its page is hidden.
 */
export class PictureInPicture {
  #player;
  #onchange;
  /** @type {HTMLVideoElement | null} in the window, or on its way there */
  #video = null;
  /** @type {AbortController | null} of the listeners on it */
  #listening = null;
  #keepsGoing = false;

  /**
   * @param {ZoetropePlayer} player
   * @param {() => void} onchange it has begun or ended
   */
  constructor(player, onchange) {
    this.#player = player;
    this.#onchange = onchange;
  }

  /** Whether browser and present way have it. */
  get isPossible() {
    const picture = this.#player.picture();
    return (document.pictureInPictureEnabled ?? false)
        && (picture instanceof HTMLVideoElement || (picture instanceof HTMLCanvasElement && 'captureStream' in picture));
  }

  get isOn() {
    return this.#video !== null && document.pictureInPictureElement === this.#video;
  }

  /**
   * Begins within a click or a key, or ends.
   *
   * @throws what the browser has against it
   */
  async toggle() {
    if (this.isOn) {
      await document.exitPictureInPicture();
    } else {
      await this.#begin();
    }
  }

  /** The player has gone to another way: its picture takes the place of the last one. */
  follow() {
    const picture = this.#player.picture();
    if (!this.#video?.srcObject || !this.isOn) {
      return; // a video that is not shown any more leaves its window by itself
    }
    if (picture instanceof HTMLCanvasElement) {
      stopTracks(this.#video);
      this.#video.srcObject = picture.captureStream();
      this.#video.play().catch(console.info);
    } else {
      document.exitPictureInPicture().catch(console.info);
    }
  }

  close() {
    if (this.isOn) {
      document.exitPictureInPicture().catch(console.info);
    }
    this.#end();
  }

  async #begin() {
    this.#end();
    const picture = this.#player.picture();
    const video = picture instanceof HTMLVideoElement ? picture : document.createElement('video');
    this.#listening = new AbortController();
    this.#video = video;
    try {
      if (picture instanceof HTMLCanvasElement) {
        video.muted = true;
        video.playsInline = true;
        video.srcObject = picture.captureStream();
        await video.play();
      }
      await video.requestPictureInPicture();
    } catch (error) {
      if (this.#video === video) {
        this.#end();
      }
      throw error;
    }
    if (this.#video !== video) {
      return; // closed meanwhile
    }
    video.addEventListener('leavepictureinpicture', () => this.#end(), { signal: this.#listening.signal });
    this.#keepsGoing = !this.#player.hasAttribute('background');
    if (this.#keepsGoing) {
      this.#player.setAttribute('background', '');
    }
    this.#onchange();
  }

  #end() {
    const video = this.#video;
    this.#listening?.abort();
    this.#listening = null;
    this.#video = null;
    if (video?.srcObject && video !== this.#player.picture()) {
      stopTracks(video);
      video.srcObject = null;
    }
    if (this.#keepsGoing) {
      this.#keepsGoing = false;
      this.#player.removeAttribute('background');
    }
    if (video) {
      this.#onchange();
    }
  }
}

/** @param {HTMLVideoElement} video */
function stopTracks(video) {
  if (video.srcObject instanceof MediaStream) {
    video.srcObject.getTracks().forEach((track) => track.stop());
  }
}
