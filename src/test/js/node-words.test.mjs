// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { followerLines, linkFacts, linkLook, linkStateName, linkTrouble, nodeName, nodesSummary, withBelow } from '../../main/webapp/admin/node-words.js';

/** @typedef {import('../../main/webapp/admin/node-words.js').NodeLink} NodeLink */

/** @param {Partial<NodeLink>} some @returns {NodeLink} */
function link(some) {
  return { id: 'n-1', name: 'edge', address: '10.0.0.7', key: '', state: 'connected', words: '', since: null, sources: 2, bytesPerSecond: 250_000, ageMillis: 84.5, roundTripMillis: 12, lost: 0, viewers: 3, below: [], ...some };
}

test('figuresOfAConnectionHaveNamesAndUnits', () => {
  assert.deepEqual(linkFacts(link({ lost: 1_204 }), false),
      [['Bitrate', '2.0 Mbit/s'], ['Age', '85 ms'], ['Round trip', '12 ms'], ['Lost', '1,204'], ['Viewers', '3']]);
  assert.deepEqual(linkFacts(link({ bytesPerSecond: null, ageMillis: 2_340, roundTripMillis: null }), true),
      [['Bitrate', '–'], ['Age', '2.3 s'], ['Round trip', '–'], ['Lost', '0'], ['Sources', '2']]);
});

test('whatIsBrokenIsSaidInWords', () => {
  assert.equal(linkTrouble(link({})), '');
  assert.equal(linkTrouble(link({ state: 'broken', words: 'the node key is not known there' })), 'The node key is not known there.');
  assert.equal(linkTrouble(link({ state: 'broken' })), 'The connection is broken; it is tried again.');
  assert.match(linkTrouble(link({ state: 'draining' })), /about to stop/);
  assert.equal(linkTrouble(link({ words: 'its clock is 3 s off' })), 'Its clock is 3 s off.');
  assert.equal(linkStateName('draining'), 'About to end');
  assert.equal(linkLook('broken'), 'failed');
  assert.equal(linkLook('of a later version'), 'waiting');
});

test('nodeIsCalledByWhatIsKnownOfIt', () => {
  assert.equal(nodeName(link({})), 'edge');
  assert.equal(nodeName(link({ name: '' })), '10.0.0.7');
  assert.equal(nodeName(link({ name: '', address: '' })), 'n-1');
  assert.match(nodeName(link({ name: '', address: '', id: '' })), /has not said/);
});

test('followersOfFollowersCountAndTheirViewersOnce', () => {
  const leaf = link({ id: 'n-3', viewers: 4, state: 'broken' });
  const edge = link({ id: 'n-2', viewers: 9, below: [link({ id: 'n-4', viewers: 5, below: [leaf] })] });
  const nodes = { node: { id: 'n-1', name: 'ingress' }, origins: [link({ id: 'n-0' })], followers: [edge, link({ id: 'n-5', viewers: 1 })] };

  assert.deepEqual(withBelow(nodes.followers).map(({ id }) => id), ['n-2', 'n-4', 'n-3', 'n-5']);
  assert.equal(nodesSummary(nodes), '1 origin, 4 followers, 1 broken, 10 viewers there');
  assert.equal(nodesSummary({ ...nodes, origins: [], followers: [] }), 'not connected with any other');
});

test('linesForAFollowerAreReadyToPaste', () => {
  const made = { node: 'Ingress, Köln', address: 'https://a.example:8443', key: 'zoetrope-node-1' };

  assert.deepEqual(followerLines({ ...made, sources: ['gate'] }), {
    secret: 'ingress-k-ln-key: "zoetrope-node-1"',
    file: 'sources/gate.yaml',
    source: 'kind: relay\norigin: https://a.example:8443\nsource: gate\nkey: ingress-k-ln-key',
  });
  const all = followerLines({ ...made, sources: null });
  assert.equal(all.file, 'sources/ingress-k-ln.yaml');
  assert.match(all.source, /^source: "\*"$/m);
  assert.match(followerLines({ ...made, sources: ['gate', 'yard'] }).source, /^source: "\*"$/m);
  assert.match(followerLines({ ...made, sources: ['12'] }).source, /^source: "12"$/m);
  assert.match(followerLines({ ...made, node: '***', sources: null }).secret, /^origin-key: /);
});
