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
 * @property {'idle' | 'starting' | 'live' | 'waiting'} state
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
  waiting: 'Waiting for a picture',
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
