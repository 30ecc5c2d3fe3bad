// @ts-check
import { bitrate, count, figure, isNumber, sentence, unknown } from './words.js';

/**
 * A connection with another node, as the API tells it.
 *
 * @typedef {object} NodeLink
 * @property {string} id of the other node; empty while it is not known
 * @property {string} name
 * @property {string} [address]
 * @property {string} [key] the title of the node key that a follower came by
 * @property {'connecting' | 'connected' | 'draining' | 'broken'} state
 * @property {string} words what is broken; empty where nothing is
 * @property {string | null} [since]
 * @property {number} [sources] that go over it now
 * @property {number | null} [bytesPerSecond]
 * @property {number | null} [ageMillis] how old a fragment is when it has come
 * @property {number | null} [roundTripMillis]
 * @property {number} [lost] fragments that were left out
 * @property {number} [viewers] at the follower and below it
 * @property {NodeLink[]} [below] its followers
 *
 * @typedef {object} Nodes
 * @property {{id: string, name: string}} node
 * @property {NodeLink[]} origins
 * @property {NodeLink[]} followers
 */

const longestId = 64;
const stateNames = Object.freeze({ connecting: 'Connecting', connected: 'Connected', draining: 'About to end', broken: 'Broken' });
/** The states of sources that look the same. */
const likeSources = Object.freeze({ connecting: 'starting', connected: 'live', draining: 'stalled', broken: 'failed' });
/** What stands where the server has no words for it. */
const usualWords = Object.freeze({ connecting: '', connected: '', draining: 'The origin is about to stop; its followers go to another one where they have one', broken: 'The connection is broken; it is tried again' });

/** @param {string} state */
export function linkStateName(state) {
  return stateNames[/** @type {keyof typeof stateNames} */ (state)] ?? state;
}

/** What a badge of that state looks like. @param {string} state */
export function linkLook(state) {
  return likeSources[/** @type {keyof typeof likeSources} */ (state)] ?? 'waiting';
}

/** What people call it. @param {NodeLink} link */
export function nodeName({ name, address, id }) {
  return name || address || id || 'a node that has not said who it is';
}

/** What is broken, for people; empty where nothing is. @param {NodeLink} link */
export function linkTrouble({ words, state }) {
  return sentence(words || (usualWords[/** @type {keyof typeof usualWords} */ (state)] ?? ''));
}

/** Its figures, as names and values. @param {NodeLink} link @param {boolean} isOrigin @returns {[string, string][]} */
export function linkFacts({ bytesPerSecond, ageMillis, roundTripMillis, lost, viewers, sources }, isOrigin) {
  return [
    ['Bitrate', bitrate(bytesPerSecond)],
    ['Age', delay(ageMillis)],
    ['Round trip', delay(roundTripMillis)],
    ['Lost', isNumber(lost) ? lost.toLocaleString('en') : unknown],
    isOrigin ? ['Sources', figure(sources)] : ['Viewers', figure(viewers)],
  ];
}

/** @param {number | null | undefined} millis */
function delay(millis) {
  return isNumber(millis) && millis >= 1_000 ? `${(millis / 1_000).toFixed(1)} s` : figure(millis, 0, ' ms');
}

/** These, and all below them. @param {NodeLink[]} links @returns {NodeLink[]} */
export function withBelow(links) {
  return links.flatMap((link) => [link, ...withBelow(link.below ?? [])]);
}

/** All of it in one line. @param {Nodes} nodes */
export function nodesSummary({ origins, followers }) {
  const all = [...origins, ...withBelow(followers)];
  if (all.length === 0) {
    return 'not connected with any other';
  }
  const broken = all.filter(({ state }) => state === 'broken').length;
  const viewers = followers.reduce((sum, link) => sum + (link.viewers ?? 0), 0); // which has those below it
  return `${count(origins.length, 'origin')}, ${count(withBelow(followers).length, 'follower')}, ${broken} broken, ${count(viewers, 'viewer')} there`;
}

/**
 * What the operator of a follower pastes to have what a new key is for.
 *
 * @param {object} made
 * @param {string} made.node what this node is called
 * @param {string} made.address of this node, as the follower reaches it
 * @param {string} made.key
 * @param {string[] | null} made.sources null: all
 */
export function followerLines({ node, address, key, sources }) {
  const stem = node.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'origin';
  const secret = `${stem.slice(0, longestId - 4)}-key`;
  const [only] = sources?.length === 1 ? sources : [];
  return {
    secret: `${secret}: "${key}"`,
    file: `sources/${only ?? stem.slice(0, longestId)}.yaml`,
    source: ['kind: relay', `origin: ${address}`, `source: ${only ? quoted(only) : '"*"'}`, ...(only ? [] : ['# prefix: north-   # put before the ids']), `key: ${secret}`].join('\n'),
  };
}

/** In quotes where YAML would take it for something else. @param {string} id */
function quoted(id) {
  return /^[a-z][a-z0-9-]*$/.test(id) && !['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'].includes(id) ? id : `"${id}"`;
}
