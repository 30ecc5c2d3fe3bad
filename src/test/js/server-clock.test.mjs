// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { ServerClock } from '../../main/webapp/player/server-clock.js';

const AHEAD = 5_000;

/** A server whose clock is ahead, and answers that need so long to come back; nothing to get there. */
class Server {
  millis = 100;
  timeOrigin = 1_000_000;
  asked = 0;
  backMillis = 0;

  now = () => this.millis;

  ask = async () => {
    this.asked++;
    const now = this.timeOrigin + this.millis + AHEAD;
    this.millis += this.backMillis;
    return now;
  };

  /** @param {ServerClock} clock */
  error = (clock) => clock.now() - (this.timeOrigin + this.millis + AHEAD);
}

test('quickestAnswerOfTheLastMinuteCounts', async () => {
  const server = new Server();
  const clock = new ServerClock(() => server.ask, server);

  server.backMillis = 200; // a page that is just being built
  await clock.refresh();
  assert.equal(server.error(clock), -100);

  server.millis += 1_000;
  server.backMillis = 2;
  await clock.refresh();
  assert.equal(server.error(clock), -1);

  server.millis += 2_000;
  server.backMillis = 50;
  await clock.refresh();
  assert.equal(server.error(clock), -1);

  server.millis += 61_000; // clocks drift apart
  await clock.refresh();
  assert.equal(server.error(clock), -25);
});

test('asksLessAndLessOften', async () => {
  const server = new Server();
  const clock = new ServerClock(() => server.ask, server);

  for (let second = 0; second < 64; second++) {
    await clock.refresh();
    server.millis += 1_000;
  }

  assert.equal(server.asked, 3 * 7); // after 0, 1, 3, 7, 15, 31 and 63 seconds
});

test('unknownUntilSomebodyTells', async () => {
  const server = new Server();
  let ask = /** @type {(() => Promise<number>) | null} */ (null);
  const clock = new ServerClock(() => ask, server);

  await clock.refresh();
  assert.ok(Number.isNaN(clock.now()));

  ask = async () => Promise.reject(new Error('gone'));
  await clock.refresh();
  assert.ok(Number.isNaN(clock.now()));

  ask = server.ask;
  await clock.refresh();
  assert.ok(Number.isNaN(clock.now())); // not at once after it failed

  server.millis += 5_000;
  await clock.refresh();
  assert.equal(server.error(clock), 0);
});
