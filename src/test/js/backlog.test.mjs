import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backlog } from '../../main/webapp/pages/backlog.js';

test('what is taken is no longer on the way', () => {
  const backlog = new Backlog();
  backlog.sent(100, 0);
  backlog.sent(100, 50);

  assert.equal(backlog.bytes, 200);
  assert.equal(backlog.millis(80), 80);
  assert.equal(backlog.lagMillis, NaN);
  backlog.taken(100, 80);
  assert.equal(backlog.bytes, 100);
  assert.equal(backlog.millis(90), 40);
  assert.equal(backlog.lagMillis, 30);
  backlog.taken(200, 100);
  assert.equal(backlog.lagMillis, 0);
  assert.equal(backlog.bytes, 0);
  assert.equal(backlog.millis(9000), 0);
});

test('a piece that is taken in part is on the way', () => {
  const backlog = new Backlog();
  backlog.sent(100, 0);
  backlog.taken(99, 0);

  assert.equal(backlog.bytes, 1);
  assert.equal(backlog.millis(10), 10);
});

test('an older count changes nothing', () => {
  const backlog = new Backlog();
  backlog.sent(100, 0);
  backlog.taken(80, 0);
  backlog.taken(10, 0);

  assert.equal(backlog.bytes, 20);
});

test('4 MiB or 5 s on the way are too much', () => {
  const many = new Backlog();
  many.sent(4 * 1024 * 1024, 0);
  assert.equal(many.isTooMuch(0), false);
  many.sent(1, 0);
  assert.equal(many.isTooMuch(0), true);

  const old = new Backlog();
  old.sent(1, 0);
  assert.equal(old.isTooMuch(5000), false);
  assert.equal(old.isTooMuch(5001), true);
  old.taken(1, 0);
  assert.equal(old.isTooMuch(60_000), false);
});

test('pieces are as old as they are far apart', () => {
  const backlog = new Backlog();
  assert.equal(backlog.pieceMillis(0), NaN);
  for (let at = 0; at <= 600; at += 60) {
    backlog.sent(1, at);
  }
  assert.equal(backlog.pieceMillis(600), 60);
});

test('bits per second are those of the last seconds', () => {
  const backlog = new Backlog();
  backlog.sent(1_000_000, 0);
  for (let at = 10_000; at < 13_000; at += 100) {
    backlog.sent(12_500, at);
  }

  assert.equal(backlog.bitrate(12_999), 1_000_000);
  assert.equal(backlog.bitrate(60_000), 0);
});
