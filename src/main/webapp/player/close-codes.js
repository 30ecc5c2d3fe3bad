// @ts-check
import { inSentence } from './sources.js';
import { Trouble } from './way.js';

/** What the server's close codes mean to a viewer: docs/PROTOCOL.md, 1 and 3. */
const reasons = /** @type {const} */ ({
  1008: 'denied',
  1012: 'restarting',
  1013: 'unavailable',
  4400: 'unavailable',
  4401: 'denied',
  4403: 'denied',
  4404: 'no-such-source',
  4429: 'unavailable',
  4503: 'unavailable',
});

const stops = 1012;

/**
 * How long a server that stops wants to be left alone: docs/PROTOCOL.md, 1. 0 for any other end.
 *
 * @param {number} code with which a socket, or a subscription, ended
 * @param {string} words that came with it
 */
export function awayMillisOf(code, words) {
  const told = code === stops ? /\bretry in (\d{1,3}) s$/.exec(words) : null;
  return told ? Number(told[1]) * 1000 : 0;
}

/**
 * @param {number} code with which a socket, or a subscription, ended
 * @param {string} words that came with it
 */
export function troubleOf(code, words) {
  const awayMillis = awayMillisOf(code, words);
  if (awayMillis > 0) {
    return new Trouble('stopping', `ended with ${code} ${words}`, '', 0, awayMillis);
  }
  const reason = reasons[/** @type {keyof typeof reasons} */ (code)] ?? 'lost';
  return new Trouble(reason, `ended with ${code} ${words}`.trim(), reason === 'denied' ? inSentence(words) : '');
}
