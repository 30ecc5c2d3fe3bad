// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { languages } from '../../main/webapp/player/texts.js';
import en from '../../main/webapp/player/texts/en.js';

const player = new URL('../../main/webapp/player/', import.meta.url);

test('everyLanguageHasAFileThatKnowsItsName', async () => {
  for (const language of languages) {
    const { default: texts } = await import(new URL(`texts/${language}.js`, player).href);

    assert.equal(texts.locale, language);
    assert.deepEqual(Object.keys(texts), Object.keys(en)); // in the same order, to compare them
  }
});

test('controlsSayNothingThatHasNoWords', () => {
  const sources = ['controls.js', 'way-menu.js', 'stats-panel.js'].map((file) => readFileSync(new URL(file, player), 'utf8'));
  const said = sources.flatMap((source) => [...source.matchAll(/say\('([^']+)'|'(is-[a-z]+)'/g)].map(([, key, state]) => key ?? state));

  assert.ok(said.length > 20, said.join());
  assert.deepEqual(said.filter((key) => !(key in en)), []);
});
