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
 * @property {'public' | 'signed-in' | 'link'} access who may watch it
 * @property {'idle' | 'starting' | 'live' | 'stalled' | 'waiting' | 'failed' | 'ended'} state
 * @property {number} since when that began, unix milliseconds
 * @property {string} cause why it is not live; empty if it is, or nothing is known
 * @property {string} advice what to do about it; may be empty
 * @property {number} viewers
 * @property {boolean} [sound] whether it has sound, or had when it was last there; missing while
 *     the server does not know
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
 * The address of the list that tells of a source, with the share link that lets in.
 *
 * @param {string} src address of the source, `http://host/live/demo?link=…`
 */
export function listUrl(src) {
  return withLink(new URL('./', src).href, linkOf(src));
}

/**
 * The share link in an address, empty if there is none.
 *
 * @param {string} url
 */
export function linkOf(url) {
  return new URL(url).searchParams.get('link') ?? '';
}

/**
 * The same address with a share link.
 *
 * @param {string} url
 * @param {string} link empty for none
 */
export function withLink(url, link) {
  const address = new URL(url);
  if (link) {
    address.searchParams.set('link', link);
  }
  return address.href;
}

/**
 * The source's id.
 *
 * @param {string} src address of the source
 */
export function idOf(src) {
  return decodeURIComponent(new URL(src).pathname.split('/').at(-1) ?? '');
}

/**
 * Asks the server why a source is not in its list.
 *
 * @param {string} src address of the source
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | null>} why we may not watch it, a sentence; null if there is no such
 *     source
 */
export async function whyDenied(src, signal) {
  const address = new URL(src);
  address.pathname += '.jpg';
  const head = await fetch(address, { method: 'HEAD', signal, cache: 'no-store' });
  if (head.status !== 401 && head.status !== 403) {
    return null;
  }
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, signal, cache: 'no-store' });
  const { error } = answer.status === head.status ? await answer.json() : { error: '' };
  return inSentence(error) || 'This source needs signing in.';
}

/**
 * What the server says, as people write it.
 *
 * @param {string} words
 */
export function inSentence(words) {
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`;
}

/**
 * Asks the server which sources there are, of those that we may watch.
 *
 * @param {string} liveUrl address of `live/`, perhaps with a share link
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

/**
 * Asks the server about one source.
 *
 * @param {string} src address of the source
 * @param {AbortSignal} signal
 * @param {number} patienceMillis after so long it does not answer: endless images may keep the
 *     browser from asking at all
 * @param {typeof fetchSources} [ask] who asks
 * @returns {Promise<{source: Source, now: number} | null | undefined>} with the server's time, NaN if
 *     it does not tell; null if there is no such source for us, undefined if nothing was answered
 */
export async function fetchSource(src, signal, patienceMillis, ask = fetchSources) {
  const question = new AbortController();
  const giveUp = () => question.abort();
  const timer = setTimeout(giveUp, patienceMillis);
  signal.addEventListener('abort', giveUp);
  try {
    const { sources, now = NaN } = await ask(listUrl(src), question.signal);
    const source = sources.find(({ id }) => id === idOf(src));
    return source ? { source, now } : null;
  } catch {
    return undefined; // whatever it was: who asked decides without an answer
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** @param {unknown} error whether it only says that we gave up waiting ourselves */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
