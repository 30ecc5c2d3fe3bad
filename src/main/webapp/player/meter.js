// @ts-check

/**
 * @typedef {object} PlayerStats
 * @property {string} way its name, empty while none is on screen
 * @property {string} label how the picture is decoded and shown, empty while there is none
 * @property {string} rendition empty while unknown
 * @property {number} width coded width in pixels, 0 while unknown
 * @property {number} height coded height in pixels, 0 while unknown
 * @property {number} fps frames painted per second; NaN if the browser does not tell
 * @property {number} ageMillis from capture to screen; NaN if not known
 * @property {boolean} hasSound
 * @property {boolean} isCard whether a card is shown in the place of a source that is not there
 * @property {number} lapped how often frames were left out, as the link does not carry all
 * @property {number} dropped frames that came and were not shown
 */

/** Measures what is on screen: frames per second and mean age, since it was last read. */
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
   * @param {string} way name of the way on screen, empty if there is none
   * @param {import('./way.js').WayStats | undefined} stats of that way
   * @param {string} rendition that was asked for
   * @param {number} now milliseconds
   * @returns {PlayerStats}
   */
  read(way, stats, rendition, now) {
    const frames = stats?.frames ?? 0;
    const fps = ((frames - this.#frames) * 1000) / (now - this.#readAt);
    const ageMillis = this.#ageSum / this.#agesNoted; // NaN if none was noted
    this.begin(frames, now);
    return {
      way,
      label: stats?.label ?? '',
      rendition: stats?.rendition ?? rendition,
      width: stats?.width ?? 0,
      height: stats?.height ?? 0,
      fps: stats ? fps : NaN,
      ageMillis,
      hasSound: stats?.hasSound ?? false,
      isCard: stats?.isCard ?? false,
      lapped: stats?.lapped ?? 0,
      dropped: stats?.dropped ?? 0,
    };
  }
}
