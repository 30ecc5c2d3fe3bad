// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkAddress } from '../../main/webapp/admin/address.js';

test('usualAddressesAreGood', () => {
  for (const address of [
    'rtsp://192.168.1.20/stream1', 'rtsp://camera:8554/live?channel=1', 'RTSP://Camera/a', 'http://camera/video.mjpg',
    'https://example.com/live/index.m3u8', 'srt://host:9000', 'udp://:1234', 'udp://239.0.0.1:1234', 'rtmp://host/live/a', 'rtsp://[fe80::1]/a',
  ]) {
    assert.equal(checkAddress(address).verdict, 'good', address);
  }
});

test('mistakesAreNamed', () => {
  const mistakes = /** @type {[string, RegExp][]} */ ([
    ['camera', /begin with/], ['192.168.1.20/stream', /begin with/], ['rtsp:/camera', /begin with/], ['rtsp', /expected/], ['rtsp://', /missing/],
    ['rtsp:///a', /missing/], ['rtsp://1.2.3/a', /four numbers/], ['rtsp://1.2.3.999/a', /four numbers/], ['rtsp://a:0/b', /port/],
    ['rtsp://a:70000/b', /port/], ['rtsp://a:/b', /port/], ['rtsp://[fe80::1/a', /bracket/], ['ftp://a/b', /not known/], ['rtsp://a b/c', /space/],
  ]);
  for (const [address, words] of mistakes) {
    const check = checkAddress(address);
    assert.equal(check.verdict, 'wrong', address);
    assert.match(check.words, words, address);
  }
});

test('whatIsUsuallyWrongIsDoubted', () => {
  for (const address of ['rtsp://camera', 'rtsp://camera:554/', 'http://camera', 'srt://host', 'rtsp://169.254.1.1/a']) {
    assert.equal(checkAddress(address).verdict, 'doubtful', address);
  }
});

test('userAndPasswordAreTakenApart', () => {
  const check = checkAddress('rtsp://ann:p%40s:s@1@camera:554/a?b=c');

  assert.equal(check.user, 'ann');
  assert.equal(check.password, 'p@s:s@1');
  assert.equal(check.without, 'rtsp://camera:554/a?b=c');
  assert.equal(checkAddress('rtsp://ann:100%@camera/a').password, '100%');
});

test('missingBeginningIsOffered', () => {
  assert.equal(checkAddress('192.168.1.20/stream1').instead, 'rtsp://192.168.1.20/stream1');
  assert.equal(checkAddress('http:/camera/a').instead, 'http://camera/a');
  assert.equal(checkAddress('rtsp://a b/c').instead, 'rtsp://ab/c');
});
