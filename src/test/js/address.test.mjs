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
    ['rtsp', /expected/], ['rtsp://', /missing/],
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

test('passwordMayHaveWhatEndsALogin', () => {
  const typed = /** @type {[string, string, string][]} */ ([
    ['rtsp://ann:my dog@camera/a', 'my dog', 'rtsp://camera/a'], ['rtsp://ann:my dog #1@camera:554/a', 'my dog #1', 'rtsp://camera:554/a'],
    ['rtsp://ann:p#s/s?d@camera:554/a', 'p#s/s?d', 'rtsp://camera:554/a'],
    ['rtsp://ann:12#4@camera/a', '12#4', 'rtsp://camera/a'],
  ]);
  for (const [address, password, without] of typed) {
    const check = checkAddress(address);
    assert.equal(check.user, 'ann', address);
    assert.equal(check.password, password, address);
    assert.equal(check.without, without, address);
  }
  assert.equal(checkAddress('http://camera:8080/view@2').user, undefined);
});

test('missingBeginningIsTaken', () => {
  const typed = /** @type {[string, string][]} */ ([
    ['camera', 'rtsp://camera'], ['192.168.1.20/stream1', 'rtsp://192.168.1.20/stream1'], ['rtsp:/camera', 'rtsp://camera'],
    ['http:/camera/a', 'http://camera/a'], ['camera:8554/a', 'rtsp://camera:8554/a'], ['camera:81/stream', 'http://camera:81/stream'],
    ['ann:secret@camera:80/a', 'http://ann:secret@camera:80/a'], ['ann:my #1@camera/a', 'rtsp://ann:my%20%231@camera/a'],
  ]);
  for (const [address, whole] of typed) {
    const check = checkAddress(address);
    assert.equal(check.isCut, true, address);
    assert.equal(check.instead, whole, address);
    assert.match(check.words, /begin with/, address);
  }
});

test('spacesAreOfferedToBeLeftOut', () => {
  const check = checkAddress('rtsp://a b/c');

  assert.equal(check.instead, 'rtsp://ab/c');
  assert.equal(check.isCut, undefined);
  assert.equal(checkAddress('rtsp://ann:my dog@a b/c').instead, 'rtsp://ann:my dog@ab/c');
});
