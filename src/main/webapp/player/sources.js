// @ts-check

/**
 * @typedef {object} Rendition
 * @property {string} name
 * @property {string} format `gif`, `mjpeg`, `mpeg1` or `fmp4`
 * @property {number} width in pixels
 *
 * @typedef {object} Source
 * @property {string} id
 * @property {string} title
 * @property {string} kind
 * @property {'idle' | 'starting' | 'live' | 'stalled' | 'waiting' | 'failed' | 'ended'} state
 * @property {number} since when that began, unix milliseconds
 * @property {string} cause why it is not live; empty if it is, or nothing is known
 * @property {string} advice what to do about it; may be empty
 * @property {number} viewers
 * @property {Rendition[]} renditions
 *
 * @typedef {object} SourceList
 * @property {Source[]} sources
 * @property {number} [now] the server's clock, unix milliseconds
 */

/** The states in words for people. */
export const stateWords = Object.freeze({
  idle: 'Idle',
  starting: 'Starting',
  live: 'Live',
  stalled: 'No picture comes',
  waiting: 'Waiting for a picture',
  failed: 'Needs a hand',
  ended: 'Ended',
});

/**
 * Asks the server which sources there are.
 *
 * @param {string} liveUrl address of `live/`
 * @param {AbortSignal} [signal]
 * @returns {Promise<SourceList>}
 */
export async function fetchSources(liveUrl, signal) {
  const response = await fetch(liveUrl, { signal, cache: 'no-store' });
  if (!response.ok) {
    throw new Error(`${liveUrl}: expected the list of sources, got status ${response.status}`);
  }
  return response.json();
}

/** @param {unknown} error whether it only says that we gave up waiting ourselves */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
