// @ts-check
import { linkOf, withLink } from '../player/sources.js';

/** What all pages of viewers begin with. */
export const baseUrl = new URL('../', import.meta.url);
/** What lets in who is not signed in. */
export const link = linkOf(location.href);

/** An address of this server, with the share link that this page was opened with. @param {string} path from its root */
export function addressOf(path) {
  return withLink(new URL(path, baseUrl).href, link);
}

/** The source's id, with which the address of the page ends. */
export function idOfPage() {
  return decodeURIComponent(location.pathname.split('/').filter(Boolean).at(-1) ?? '');
}

/** @param {number} viewers */
export function countViewers(viewers) {
  return viewers === 1 ? '1 viewer' : `${viewers} viewers`;
}

/**
 * Does something now, and again and again while the page is seen.
 *
 * @param {() => Promise<void>} task that never throws
 * @param {number} pauseMillis between two times
 * @returns {() => void} does it at once
 */
export function repeatWhileSeen(task, pauseMillis) {
  let timer = 0;
  const repeat = async () => {
    clearTimeout(timer);
    await task();
    clearTimeout(timer); // of a time that began meanwhile
    if (!document.hidden) {
      timer = setTimeout(repeat, pauseMillis);
    }
  };
  document.addEventListener('visibilitychange', () => document.hidden || repeat());
  repeat();
  return repeat;
}
