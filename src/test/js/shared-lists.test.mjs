// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { SharedLists } from '../../main/webapp/player/shared-lists.js';

const url = 'http://host/live/';
const never = () => new AbortController().signal;

/** A server that answers when it is told to. */
class Server {
  now = 0;
  /** @type {string[]} */
  requests = [];
  /** @type {((list: any) => void)[]} */
  answer = [];
  /** @type {((error: Error) => void)[]} */
  fail = [];
  lists = new SharedLists(
      (asked) => new Promise((resolve, reject) => {
        this.requests.push(asked);
        this.answer.push(resolve);
        this.fail.push(reject);
      }),
      () => this.now,
  );
}

test('whoAsksAtTheSameTimeSharesARequest', async () => {
  const server = new Server();
  const all = [server.lists.ask(url, never()), server.lists.ask(url, never())];

  server.now = 5_000;
  all.push(server.lists.ask(url, never()));
  server.answer[0]({ sources: [] });

  assert.deepEqual(await Promise.all(all), [{ sources: [] }, { sources: [] }, { sources: [] }]);
  assert.equal(server.requests.length, 1);
});

test('answerIsOldAfterASecond', async () => {
  const server = new Server();
  const first = server.lists.ask(url, never());
  server.answer[0]('first');
  await first;

  server.now = 999;
  assert.equal(await server.lists.ask(url, never()), 'first');
  server.now = 1_000;
  const second = server.lists.ask(url, never());
  server.answer[1]('second');

  assert.equal(await second, 'second');
});

test('otherAddressIsAskedByItself', () => {
  const server = new Server();

  server.lists.ask(url, never());
  server.lists.ask(`${url}?link=a`, never());

  assert.deepEqual(server.requests, [url, `${url}?link=a`]);
});

test('failureIsToldToAllAndTriedAgain', async () => {
  const server = new Server();
  const all = [server.lists.ask(url, never()), server.lists.ask(url, never())];

  server.fail[0](new Error('gone'));

  for (const each of all) {
    await assert.rejects(each, /gone/);
  }
  server.lists.ask(url, never());
  assert.equal(server.requests.length, 2);
});

test('whoHasEnoughOfWaitingLeavesTheOthersWaiting', async () => {
  const server = new Server();
  const impatient = new AbortController();
  const one = server.lists.ask(url, impatient.signal);
  const other = server.lists.ask(url, never());

  impatient.abort();
  await assert.rejects(one);
  server.answer[0]('there');

  assert.equal(await other, 'there');
});
