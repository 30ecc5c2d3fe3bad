// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { isHereOnly } from '../../main/webapp/pages/here-only.js';

test('namesOfTheComputerItselfAreOfNoUseElsewhere', () => {
  for (const name of ['localhost', 'cams.localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
    assert.equal(isHereOnly(name), true, name);
  }
  for (const name of ['192.168.1.10', 'localhost.example', 'gate.lan', '[fe80::1]', '127.example']) {
    assert.equal(isHereOnly(name), false, name);
  }
});
