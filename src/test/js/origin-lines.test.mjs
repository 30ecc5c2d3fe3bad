// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { originEntry, originLine } from '../../main/webapp/admin/origin-lines.js';

test('addressAloneStaysAsItIs', () => {
  assert.equal(originLine('https://a:8443'), 'https://a:8443');
  assert.equal(originEntry(' https://a:8443 '), 'https://a:8443');
});

test('whatAnOriginHasOfItsOwnStandsBehindItsAddress', () => {
  const entry = { url: 'https://b', key: 'b-key', ca: 'certs/own ca.pem' };

  assert.equal(originLine(entry), 'https://b key=b-key ca=certs/own ca.pem');
  assert.deepEqual(originEntry(originLine(entry)), entry);
  assert.deepEqual(originEntry('https://b  pin=sha256:AB=='), { url: 'https://b', pin: 'sha256:AB==' });
});

test('whatTheAddressHoldsIsNoKey', () => {
  assert.equal(originEntry('https://b/?key=x'), 'https://b/?key=x');
});
