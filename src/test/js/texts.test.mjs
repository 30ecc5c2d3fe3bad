// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import test from 'node:test';
import { choose, fill, languages, texts } from '../../main/webapp/player/texts.js';

const folder = new URL('../../main/webapp/player/texts/', import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
const english = (await import(new URL('en.js', folder).href)).default;

for (const file of files) {
  test(`allTextsAreIn${file}`, async () => {
    const other = (await import(new URL(file, folder).href)).default;

    assert.ok(languages.includes(file.replace('.js', '')));
    assert.deepEqual(Object.keys(other).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(other)) {
      assert.ok(text.trim().length > 0, key);
      assert.deepEqual(gaps(text), gaps(english[key]), key);
    }
  });
}

test('reasonsOfTheWaysHaveWords', () => {
  for (const reason of ['no-such-source', 'denied', 'unsupported', 'unavailable', 'restarting', 'stopping', 'timeout', 'lost']) {
    assert.ok(english[reason], reason);
  }
});

test('firstKnownLanguageIsChosen', () => {
  assert.equal(choose(['nl', 'de-AT', 'fr']), 'de');
  assert.equal(choose(['FR']), 'fr');
  assert.equal(choose(['']), 'en');
  assert.equal(choose([]), 'en');
});

test('gapsAreFilled', () => {
  assert.equal(fill('{why} Again in {seconds} s.', { why: 'Lost.', seconds: 3 }), 'Lost. Again in 3 s.');
  assert.equal(fill('{why}', {}), '{why}');
});

test('languageIsThatOfTheNearestElementThroughShadowTrees', () => {
  const page = fakeElement('en', null);
  const inner = fakeElement(null, page);

  const say = texts(/** @type {any} */ (inner));

  assert.equal(say('lost'), english.lost);
  assert.equal(say('trying-again', { why: 'So.', seconds: 2 }), 'So. Trying again in 2 s.');
  assert.equal(say('nothing of that name'), 'nothing of that name');
});

/** @param {string} text */
function gaps(text) {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}

/**
 * @param {string | null} lang
 * @param {object | null} host of the shadow tree that it is in
 */
function fakeElement(lang, host) {
  return {
    closest: () => (lang === null ? null : { getAttribute: () => lang }),
    getRootNode: () => (host ? { host } : {}),
  };
}
