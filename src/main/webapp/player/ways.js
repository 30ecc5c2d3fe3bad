// @ts-check
import { GifWay } from './ways/gif.js';
import { JsmpegWay } from './ways/jsmpeg.js';
import { MjpegWay } from './ways/mjpeg.js';
import { MseWay } from './ways/mse.js';
import { StillsWay } from './ways/stills.js';
import { WebCodecsWay } from './ways/webcodecs.js';

/**
 * @typedef {object} WayKind
 * @property {{new (options: import('./way.js').WayOptions): import('./way.js').Way, isSupported(): boolean}} Way
 * @property {string} format that it plays; empty if that does not matter
 * @property {boolean} hasSound whether it can have sound
 * @property {boolean} tellsFrames whether it says of each frame that it is painted, and all of them
 *     are: so that one sees it stand
 */

/**
 * All ways there are, by name, the best first.
 *
 * @type {Readonly<Record<string, WayKind>>}
 */
export const ways = Object.freeze({
  webcodecs: { Way: WebCodecsWay, format: 'fmp4', hasSound: false, tellsFrames: true },
  mse: { Way: MseWay, format: 'fmp4', hasSound: true, tellsFrames: true },
  mpeg1: { Way: JsmpegWay, format: 'mpeg1', hasSound: true, tellsFrames: true },
  mjpeg: { Way: MjpegWay, format: 'mjpeg', hasSound: false, tellsFrames: true },
  gif: { Way: GifWay, format: 'gif', hasSound: false, tellsFrames: false },
  stills: { Way: StillsWay, format: '', hasSound: false, tellsFrames: false },
});
