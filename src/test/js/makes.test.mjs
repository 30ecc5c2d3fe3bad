// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkAddress, hostOf } from '../../main/webapp/admin/address.js';
import { makes, typicalAddress } from '../../main/webapp/admin/makes.js';

test('typicalAddressesNeedNothingButTheCamera', () => {
  for (const make of makes) {
    assert.match(checkAddress(typicalAddress(make, '')).words, /missing after/, make.name);
    assert.notEqual(checkAddress(typicalAddress(make, '192.168.1.20')).verdict, 'wrong', make.name);
  }
});

test('cameraStaysWhenItsMakeIsChosen', () => {
  assert.equal(typicalAddress(makes[0], 'gate.lan'), 'rtsp://gate.lan/axis-media/media.amp');
  assert.equal(typicalAddress({ name: 'Any', address: 'http://:81/stream' }, '10.0.0.7'), 'http://10.0.0.7:81/stream');
});

test('cameraIsFoundInWhatIsTyped', () => {
  const typed = /** @type {[string, string][]} */ ([
    ['rtsp://192.168.1.20:554/a', '192.168.1.20'], ['192.168.1.20', '192.168.1.20'], ['gate.lan/stream1', 'gate.lan'],
    ['rtsp://ann:pass@gate/a', 'gate'], ['rtsp:/gate/a', 'gate'], ['rtsp:///stream1', ''], ['', ''], ['rtsp://[fe80::1]/a', '[fe80::1]'],
    ['192.168.1.20:554/a', '192.168.1.20'], ['ann:pass@gate/a', 'gate'],
  ]);
  for (const [text, host] of typed) {
    assert.equal(hostOf(text), host, text);
  }
});
