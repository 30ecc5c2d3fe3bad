// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test, { afterEach, mock } from 'node:test';
import { Still } from '../../main/webapp/player/still.js';

/** @type {any[]} what was told, in order */
let told = [];
/** @type {{url: string, signal: AbortSignal, answer: (response: any) => void, fail: (error: Error) => void}[]} */
let requests = [];

globalThis.createImageBitmap = /** @type {any} */ (async (/** @type {any} */ blob) => ({ ...blob, close: () => told.push('closed') }));
globalThis.fetch = /** @type {any} */ ((/** @type {string} */ url, /** @type {any} */ { signal }) =>
  new Promise((answer, fail) => {
    signal.addEventListener('abort', () => fail(new Error('aborted')));
    requests.push({ url, signal, answer, fail });
  }));

afterEach(() => {
  mock.timers.reset();
  told = [];
  requests = [];
});

function still() {
  return new Still('http://host/live/gate?link=abc', {
    onpicture: (picture, captureMillis) => told.push(picture, captureMillis),
    ondenied: (words) => told.push(words),
    onmissing: ({ reason }) => told.push(reason),
  });
}

/** @param {string} [timestamp] */
function picture(timestamp) {
  return { ok: true, headers: new Headers(timestamp ? { 'X-Timestamp': timestamp } : {}), blob: async () => ({ width: 4 }) };
}

/** Lets everything happen that waits for nothing. */
async function settle() {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
}

test('pictureComesWithItsTimeAndIsClosed', async () => {
  still().refresh();
  requests[0].answer(picture('1700000000.25'));
  await settle();

  assert.match(requests[0].url, /^http:\/\/host\/live\/gate\.jpg\?link=abc&n=\d+$/);
  assert.equal(told[0].width, 4);
  assert.deepEqual(told.slice(1), [1_700_000_000_250, 'closed']);
});

test('oneIsLoadedAtATime', async () => {
  const one = still();
  one.refresh();
  one.refresh();

  assert.equal(requests.length, 1);
  requests[0].answer(picture());
  await settle();
  one.refresh();
  assert.equal(requests.length, 2);
  one.stop();
});

test('stoppedStillTellsNothing', async () => {
  const one = still();
  one.refresh();
  one.stop();
  await settle();

  assert.equal(requests[0].signal.aborted, true);
  assert.deepEqual(told, []);
});

test('refusalsAreTold', async () => {
  const one = still();
  for (const [status, text] of /** @type {[number, string][]} */ ([[403, 'this link has expired\n'], [404, ''], [503, '']])) {
    one.refresh();
    requests.at(-1)?.answer({ ok: false, status, text: async () => text });
    await settle();
  }
  one.refresh();
  requests.at(-1)?.fail(new Error('network'));
  await settle();

  assert.deepEqual(told, ['This link has expired.', 'no-such-source', 'unavailable', 'lost']);
});

test('theNextComesAfterAboutThePeriod', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const one = still();
  one.every(2_000);
  assert.equal(requests.length, 0);

  mock.timers.tick(2_500);
  assert.equal(requests.length, 1);
  requests[0].answer(picture());
  await settle();
  mock.timers.tick(1_499);
  assert.equal(requests.length, 1);
  mock.timers.tick(1_001);
  assert.equal(requests.length, 2);
  one.stop();
  mock.timers.tick(60_000);
  assert.equal(requests.length, 2);
});
