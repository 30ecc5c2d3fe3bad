// @ts-check
import { bitrate, isNumber } from './words.js';

/** What counts where a source's file says nothing, in bits a second. */
const usualBits = Object.freeze({ fmp4: 2_500_000, mpeg1: 800_000 });
const usualFps = 25;

/**
 * What is known of a source before anybody watches it.
 *
 * @typedef {object} Known
 * @property {any} [settings] what its file says
 * @property {number | null} [bytesIn] what comes in, a second
 * @property {number | null} [fps]
 * @property {number} [stillBytes] of its newest picture
 */

/**
 * What a viewer will cost who watches a way, in words.
 *
 * @param {string} way
 * @param {Known} known
 */
export function expectedCost(way, { settings = {}, bytesIn, fps, stillBytes }) {
  const own = settings.renditions?.[way] ?? {};
  switch (way) {
    case 'fmp4': {
      const encoded = bitrate(bitsOf(own.bitrate, usualBits.fmp4) / 8);
      if (own.encode === 'always') {
        return `Will cost about ${encoded} per viewer, as it is encoded.`;
      }
      return isNumber(bytesIn) && bytesIn > 0
          ? `Will cost about ${bitrate(bytesIn)} per viewer: what comes in. Where browsers could not play that, it is encoded, for about ${encoded}.`
          : `Will cost what comes in per viewer; where browsers could not play that, it is encoded, for about ${encoded}.`;
    }
    case 'mpeg1':
      return `Will cost about ${bitrate(bitsOf(own.bitrate, usualBits.mpeg1) / 8)} per viewer.`;
    case 'mjpeg':
      return isNumber(stillBytes) && stillBytes > 0
          ? `Will cost about ${bitrate(stillBytes * (isNumber(fps) && fps > 0 ? fps : usualFps))} per viewer, by the size of its newest picture.`
          : 'Will cost several times as much as the player, per viewer.';
    case 'gif':
      return own.bytesPerSecond
          ? `Will cost at most ${bitrate(bytesOf(own.bytesPerSecond))} per viewer, as its settings say.`
          : 'Will cost some 0.5 to 5 Mbit/s per viewer, the more the more moves.';
    default:
      return '';
  }
}

/** Bits a second as a file has them: `2500k`, `2M`; k is 1000. @param {unknown} text @param {number} usual */
function bitsOf(text, usual) {
  return scaled(text, { '': 1, k: 1e3, M: 1e6 }) ?? usual;
}

/** Bytes a second as a file has them: `200k`, `1m`; k is 1024. @param {unknown} text */
function bytesOf(text) {
  return scaled(text, { '': 1, k: 1024, m: 1024 ** 2 });
}

/** @param {unknown} text @param {Record<string, number>} units */
function scaled(text, units) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]?)$/.exec(String(text ?? '').trim()) ?? [];
  return number === undefined || units[unit] === undefined ? undefined : Number(number) * units[unit];
}
