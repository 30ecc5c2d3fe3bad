// @ts-check

/** Frames per second and mean age of the picture, since it was last read. */
export class Meter {
  #frames = 0;
  #readAt = 0;
  #ageSum = 0;
  #agesNoted = 0;

  /**
   * @param {number} frames painted until now
   * @param {number} now milliseconds
   */
  begin(frames, now) {
    this.#frames = frames;
    this.#readAt = now;
    this.#ageSum = 0;
    this.#agesNoted = 0;
  }

  /** @param {number} ageMillis of the frame on screen; NaN if it is not known */
  note(ageMillis) {
    if (!Number.isNaN(ageMillis)) {
      this.#ageSum += ageMillis;
      this.#agesNoted++;
    }
  }

  /**
   * @param {number} frames painted until now; NaN if that is not known
   * @param {number} now milliseconds
   * @returns {{fps: number, ageMillis: number}} NaN for what is not known
   */
  read(frames, now) {
    const fps = ((frames - this.#frames) * 1000) / (now - this.#readAt);
    const ageMillis = this.#ageSum / this.#agesNoted; // NaN if none was noted
    this.begin(frames, now);
    return { fps, ageMillis };
  }
}
