// @ts-check
import { stateWords } from '../player/sources.js';

/** What stands where nothing is known. */
export const unknown = '–';

/** The ways to watch, by the word of the API. */
export const wayNames = Object.freeze({ fmp4: 'fMP4', mpeg1: 'MPEG-1', mjpeg: 'MJPEG', gif: 'GIF', mp4: 'MP4', ts: 'TS', jpg: 'JPEG', publish: 'Going live' });

const allStateWords = Object.freeze({ ...stateWords, off: 'Switched off', mistaken: 'Mistake in its file' });

/** @param {string} way */
export function wayName(way) {
  return wayNames[/** @type {keyof typeof wayNames} */ (way)] ?? way;
}

/** How many watch by which way. @param {Record<string, number> | undefined} ways */
export function waysInWords(ways) {
  return Object.entries(ways ?? {}).filter(([, viewers]) => viewers > 0)
      .map(([way, viewers]) => `${viewers} ${wayName(way)}`).join(', ');
}

/** The state that people are told: what is switched off is neither idle nor failed. @param {any} source */
export function stateOf(source) {
  return source.enabled === false ? 'off' : source.state;
}

/** @param {string} state */
export function stateName(state) {
  return allStateWords[/** @type {keyof typeof allStateWords} */ (state)] ?? state;
}

/** Why it is not live; empty if it is. @param {any} source */
export function causeOf(source) {
  const mistake = source.mistakes?.[0];
  if (mistake) {
    const more = source.mistakes.length > 1 ? ` (and ${source.mistakes.length - 1} more)` : '';
    return `Line ${mistake.line}: ${mistake.key}: ${mistake.value || 'empty'}. ${sentence(mistake.remedy)}${more}`;
  }
  const state = stateOf(source);
  if (state === 'starting' && source.cause === 'NOBODY_PUBLISHES') {
    return ''; // somebody does now: the first picture is on its way
  }
  return source.words && state !== 'live' && state !== 'off' && state !== 'idle' ? sentence(source.words) : '';
}

/** @param {string} words */
export function sentence(words) {
  const text = words.trim();
  return text && text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? '' : '.');
}

/** @param {number} count @param {string} one @param {string} [many] */
export function count(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param {number | null | undefined} bytesPerSecond */
export function bitrate(bytesPerSecond) {
  if (!isNumber(bytesPerSecond)) {
    return unknown;
  }
  const bits = bytesPerSecond * 8;
  return bits >= 1e6 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1000)} kbit/s`;
}

/** @param {number | null | undefined} bytes */
export function size(bytes) {
  if (!isNumber(bytes) || bytes < 0) {
    return unknown;
  }
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** @param {number | null | undefined} number @param {number} [digits] @param {string} [unit] */
export function figure(number, digits = 0, unit = '') {
  return isNumber(number) ? number.toFixed(digits) + unit : unknown;
}

/** @param {unknown} value @returns {value is number} */
export function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Unix milliseconds of what the API says, a text by ISO 8601 or a number; NaN if nothing. @param {unknown} time */
export function millis(time) {
  return typeof time === 'number' ? time : typeof time === 'string' ? Date.parse(time) : NaN;
}

/** A moment, as short as it can be told: the time today, else with the day. @param {unknown} time */
export function moment(time) {
  const at = millis(time);
  if (Number.isNaN(at)) {
    return unknown;
  }
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
      ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
      : date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

/** @param {number} seconds */
export function span(seconds) {
  if (!isNumber(seconds)) {
    return unknown;
  }
  const units = /** @type {[number, string][]} */ ([[86_400, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']]);
  const [length, name] = units.find(([each]) => seconds >= each) ?? [1, 'second'];
  return count(Math.floor(seconds / length), name);
}

/** What a failed call says to people. @param {unknown} error */
export function troubleWords(error) {
  return error instanceof Error ? sentence(error.message) : String(error);
}
