// @ts-check

/** @typedef {import('./studio.js').Kind} Kind */

/** The two clocks are compared no better than that. */
const clockMillis = 10;
/** Stands for a number that there is not. */
export const unknown = '–';

/**
 * Why a browser does not give what was asked for, and what to do.
 *
 * @param {unknown} error
 * @param {Kind} wanted
 */
export function whyClosed(error, wanted) {
  const name = error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError': return wanted === 'screen'
        ? 'No screen was chosen.'
        : `The browser does not let this page use the ${wanted === 'camera' ? 'camera or the microphone' : 'microphone'}. Allow it at the address bar, then try again.`;
    case 'NotFoundError':
    case 'OverconstrainedError': return `There is no ${wanted === 'camera' ? 'camera or no microphone' : 'microphone'} here. Choose something else, or send without sound.`;
    case 'NotReadableError': return 'Another program is using it. Close that, then try again.';
    default: return `It does not open: ${error instanceof Error ? error.message : error}.`;
  }
}

/** @param {number} millis NaN where nobody knows */
export function inWords(millis) {
  if (Number.isNaN(millis)) {
    return unknown;
  }
  return millis < clockMillis ? `under ${clockMillis} ms` : `${Math.round(millis)} ms`;
}

/** Hours, minutes and seconds. @param {number} millis */
export function clockOf(millis) {
  const seconds = Math.floor(millis / 1000);
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
