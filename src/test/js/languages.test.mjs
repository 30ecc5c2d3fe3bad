// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { languages } from '../../main/webapp/player/texts.js';
import en from '../../main/webapp/player/texts/en.js';

const player = new URL('../../main/webapp/player/', import.meta.url);
const english = /** @type {Record<string, string>} */ (en);

/** @param {string} text the names of what is filled in, in order */
function blanks(text) {
  return [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();
}

test('everyLanguageHasAFileAndEveryFileIsOfALanguage', () => {
  const files = readdirSync(new URL('texts/', player)).map((file) => file.replace('.js', ''));

  assert.deepEqual(files.sort(), [...languages].sort());
});

for (const language of languages) {
  test(`everythingCanBeSaidIn-${language}`, async () => {
    const { default: texts } = await import(new URL(`texts/${language}.js`, player).href);

    assert.deepEqual(Object.keys(texts), Object.keys(english)); // in the same order, to compare them
    assert.equal(texts.locale, language);
    for (const [key, text] of Object.entries(texts)) {
      assert.equal(typeof text, 'string', key);
      assert.notEqual(text.trim(), '', key);
      assert.deepEqual(blanks(text), blanks(english[key]), key);
    }
  });
}

test('controlsSayNothingThatHasNoWords', () => {
  const files = ['controls.js', 'way-menu.js', 'stats-panel.js'];
  const keys = files.flatMap((file) =>
    [...readFileSync(new URL(file, player), 'utf8').matchAll(/say\('([^']+)'/g)].map(([, key]) => key));

  assert.ok(keys.length > 15, keys.join());
  assert.deepEqual(keys.filter((key) => !(key in english)), []);
});
