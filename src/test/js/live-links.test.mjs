// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';
import { LiveLinks } from '../../main/webapp/player/live-links.js';

/** @type {FakeSocket[]} */
let sockets = [];

/** Does what the test says the server does. */
class FakeSocket {
  /** @type {any} */
  onopen = null;
  /** @type {any} */
  onmessage = null;
  /** @type {any} */
  onclose = null;
  /** @type {any[]} texts as objects, others as they are */
  sent = [];
  isClosed = false;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    sockets.push(this);
  }

  /** @param {any} data */
  send(data) {
    this.sent.push(typeof data === 'string' ? JSON.parse(data) : new Uint8Array(data));
  }

  close() {
    this.isClosed = true;
  }

  /** @param {object} message */
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  greet(most = 64) {
    this.onopen();
    this.say({ type: 'hello', version: 1, now: 0, most });
  }

  /** @param {number} code @param {string} [reason] */
  break(code, reason = '') {
    this.onclose({ code, reason });
  }

  /**
   * @param {number} n
   * @param {number} sequence
   * @param {number} [flags]
   */
  frame(n, sequence, flags = 0) {
    const message = new DataView(new ArrayBuffer(17));
    message.setUint8(0, 1);
    message.setUint8(1, flags);
    message.setUint16(2, n);
    message.setUint32(4, sequence);
    message.setBigUint64(8, 1_764_380_000_123_500n);
    message.setUint8(16, 7);
    this.onmessage({ data: message.buffer });
  }

  get requests() {
    return this.sent.filter((message) => !(message instanceof Uint8Array) && message.type !== 'clock');
  }

  get acknowledgements() {
    return this.sent.filter((message) => message instanceof Uint8Array).map((bytes) => [...bytes]);
  }
}

/** What one subscriber has heard. */
function listener() {
  /** @type {any[]} */
  const heard = [];
  return {
    heard,
    onsubscribed: (/** @type {string} */ rendition) => heard.push(['subscribed', rendition]),
    oninit: (/** @type {string} */ mime) => heard.push(['init', mime]),
    onbinary: (/** @type {ArrayBuffer} */ payload, /** @type {any} */ tag) => heard.push([[...new Uint8Array(payload)], tag.sequence, tag.captureMillis]),
    onend: (/** @type {any} */ trouble) => heard.push(['end', trouble.reason, trouble.waitMillis]),
  };
}

const wish = { source: 'gate', format: 'fmp4' };
let place = 0;
/** @type {LiveLinks} */
let links;

beforeEach(() => {
  sockets = [];
  /** @type {any} */ (globalThis).WebSocket = FakeSocket;
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  links = LiveLinks.of(`http://host${place++}/app/live/gate?link=abc`);
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** @param {number} millis that go by */
function pass(millis) {
  const until = performance.now() + millis;
  mock.restoreAll();
  mock.method(performance, 'now', () => until);
  mock.timers.tick(millis);
}

test('oneSocketIsForAllSourcesOfAServerWhoeverAsks', () => {
  const again = LiveLinks.of(`http://host${place - 1}/app/live/yard`);
  links.subscribe(wish, listener());
  again.subscribe({ source: 'yard', format: 'mpeg1', width: 320, link: 'abc' }, listener());
  sockets[0].greet();

  assert.equal(again, links);
  assert.deepEqual(sockets.map(({ url }) => url), [`ws://host${place - 1}/app/live?version=1`]);
  assert.deepEqual(sockets[0].requests, [
    { type: 'subscribe', n: 1, source: 'gate', format: 'fmp4' },
    { type: 'subscribe', n: 2, source: 'yard', format: 'mpeg1', width: 320, link: 'abc' },
  ]);
});

test('eachSubscriptionGetsItsOwn', () => {
  const [one, two] = [listener(), listener()];
  links.subscribe(wish, one);
  links.subscribe(wish, two);
  const [socket] = sockets;
  socket.greet();

  socket.say({ type: 'subscribed', n: 2, source: 'gate', format: 'fmp4', rendition: 'small' });
  socket.say({ type: 'init', n: 2, run: 0, mime: 'video/mp4', segment: true });
  socket.frame(2, 5);
  socket.frame(3, 1);
  socket.say({ type: 'end', n: 1, code: 4404, message: 'there is no such source', retry: false });
  socket.frame(1, 9);

  assert.deepEqual(one.heard, [['end', 'no-such-source', 0]]);
  assert.deepEqual(two.heard, [['subscribed', 'small'], ['init', 'video/mp4'], [[7], 5, 1_764_380_000_123.5]]);
});

test('whoLeavesDisturbsNobodyAndItsNumberIsNotUsedAtOnce', () => {
  const first = links.subscribe(wish, listener());
  links.subscribe(wish, listener());
  sockets[0].greet();

  first.close();
  first.close();
  links.subscribe(wish, listener());

  assert.deepEqual(sockets[0].requests.slice(2), [
    { type: 'unsubscribe', n: 1 },
    { type: 'subscribe', n: 3, source: 'gate', format: 'fmp4' },
  ]);
});

test('whoComesWhenOneIsFullGetsASecond', () => {
  links.subscribe(wish, listener());
  sockets[0].greet(2);
  links.subscribe(wish, listener());

  links.subscribe(wish, listener());

  assert.equal(sockets.length, 2);
});

test('whatIsShownIsToldAtOnceAndThenTenTimesASecond', () => {
  const one = links.subscribe(wish, listener());
  const two = links.subscribe(wish, listener());
  sockets[0].greet();
  pass(1_000);

  one.shown(1);
  one.shown(2);
  two.shown(258);
  two.shown(259);
  one.shown(3);
  pass(100);

  assert.deepEqual(sockets[0].acknowledgements, [
    [0, 1, 0, 0, 0, 0, 0, 1],
    [0, 1, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 1, 2],
    [0, 2, 0, 0, 0, 0, 1, 3, 0, 1, 0, 0, 0, 0, 0, 3],
  ]);
});

test('whatComesIsToldOfOneThatShowsNothingMore', () => {
  const one = links.subscribe(wish, listener());
  sockets[0].greet();
  sockets[0].frame(1, 1);
  one.shown(1);
  pass(200);
  sockets[0].frame(1, 2);
  pass(400);
  assert.equal(sockets[0].acknowledgements.length, 1);

  sockets[0].frame(1, 3);
  pass(100);

  assert.deepEqual(sockets[0].acknowledgements, [
    [0, 1, 0, 0, 0, 0, 0, 1],
    [0, 1, 0, 0, 0, 0, 0, 3],
  ]);
});

test('serverWithoutSuchASocketIsLeftAloneForAMinute', () => {
  const one = listener();
  links.subscribe(wish, one);

  sockets[0].break(1006);

  assert.deepEqual(one.heard, [['end', 'lost', 0]]);
  assert.equal(links.isWithout, true);
  pass(61_000);
  assert.equal(links.isWithout, false);
});

test('serverThatAnswersNothingHasNoSuchSocket', () => {
  const one = listener();
  links.subscribe(wish, one);
  sockets[0].onopen();

  pass(4_000);

  assert.deepEqual(one.heard, [['end', 'lost', 0]]);
  assert.equal(links.isWithout, true);
  assert.equal(sockets[0].isClosed, true);
});

test('linkThatHasPlayedAndBreaksIsWaitedForByAllTogether', () => {
  const [one, two] = [listener(), listener()];
  links.subscribe(wish, one);
  links.subscribe(wish, two);
  sockets[0].greet();

  sockets[0].break(1006);

  const [[, reason, waitMillis]] = one.heard;
  assert.equal(reason, 'lost');
  assert.ok(waitMillis > 0 && waitMillis < 5_000, `${waitMillis}`);
  assert.deepEqual(two.heard, one.heard);
  assert.equal(links.isWithout, false);
  assert.ok(links.waitMillis > waitMillis - 100, `${links.waitMillis}`);
  pass(waitMillis);
  assert.equal(links.waitMillis, 0);
});

test('serverThatStopsIsLeftAloneForAsLongAsItSaysByAllTogether', () => {
  const [one, two] = [listener(), listener()];
  links.subscribe(wish, one);
  links.subscribe(wish, two);
  sockets[0].greet();

  sockets[0].break(1012, 'the server is stopping, retry in 2 s');

  const [[, reason, waitMillis]] = one.heard;
  assert.equal(reason, 'stopping');
  assert.ok(waitMillis >= 2_000 && waitMillis < 7_000, `${waitMillis}`);
  assert.deepEqual(two.heard, one.heard);
  assert.ok(links.waitMillis > waitMillis - 100, `${links.waitMillis}`);
  assert.equal(links.isWithout, false);
});

test('serverThatIsRestartedOftenIsNotDoneWithout', () => {
  for (let i = 0; i < 6; i++) {
    links.subscribe(wish, listener());
    sockets[i].greet();
    sockets[i].break(1012, 'the server is stopping, retry in 2 s');
  }

  assert.equal(links.isWithout, false);
});

test('linkThatIsCutAgainAndAgainIsDoneWithout', () => {
  for (let i = 0; i < 6; i++) {
    assert.equal(links.isWithout, false);
    links.subscribe(wish, listener());
    sockets[i].greet();
    sockets[i].break(1006);
  }

  assert.equal(links.isWithout, true);
  links.forgive();
  assert.equal(links.isWithout, false);
});

test('linkIsClosedAWhileAfterTheLastHasLeft', () => {
  const one = links.subscribe(wish, listener());
  sockets[0].greet();

  one.close();
  pass(4_000);
  assert.equal(sockets[0].isClosed, false);
  pass(1_000);

  assert.equal(sockets[0].isClosed, true);
  assert.equal(links.isWithout, false);
  links.subscribe(wish, listener());
  assert.equal(sockets.length, 2);
});

test('linkThatFallsSilentIsAskedAndThenLeft', () => {
  const one = listener();
  links.subscribe(wish, one);
  sockets[0].greet();

  pass(5_000); // hello was heard
  pass(5_000);
  assert.deepEqual(one.heard, []);
  pass(5_000);

  assert.equal(one.heard[0][1], 'lost');
});

test('whoHasSignedInSinceIsKnownByTheNextSocket', () => {
  links.subscribe(wish, listener());
  sockets[0].greet();
  assert.equal(links.renew(), false);
  pass(3_000);

  assert.equal(links.renew(), true);
  links.subscribe(wish, listener());

  assert.equal(sockets.length, 2);
  assert.equal(sockets[0].isClosed, false);
});

test('clockIsAskedOverTheLink', async () => {
  links.subscribe(wish, listener());
  sockets[0].greet();

  for (let i = 1; i <= 3; i++) {
    const { id } = sockets[0].sent.at(-1);
    assert.equal(sockets[0].sent.at(-1).type, 'clock');
    sockets[0].say({ type: 'clock', id, now: performance.timeOrigin + performance.now() + 60_000 });
    await new Promise((resolve) => setImmediate(resolve));
  }

  const ahead = links.clock.now() - (performance.timeOrigin + performance.now());
  assert.ok(Math.abs(ahead - 60_000) < 50, `${ahead}`);
});
