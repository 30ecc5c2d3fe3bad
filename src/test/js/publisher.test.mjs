import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

/** What the publisher opens, in that order. */
let sockets = [];
let recorders = [];
let clock = 0;

class FakeSocket {
  sent = [];
  isClosed = false;

  constructor(url) {
    this.url = url;
    sockets.push(this);
  }

  send(message) {
    this.sent.push(message);
  }

  close() {
    this.isClosed = true;
  }

  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  /** The server lets it in. */
  letIn(most = 1_048_576) {
    this.onopen();
    this.say({ type: 'ready', version: 1, now: 0, most });
  }

  texts() {
    return this.sent.filter((message) => typeof message === 'string').map((text) => JSON.parse(text));
  }
}

class FakeRecorder {
  state = 'inactive';

  constructor(stream, options) {
    this.options = options;
    recorders.push(this);
  }

  static isTypeSupported(type) {
    return type.startsWith('video/webm');
  }

  start() {
    this.state = 'recording';
  }

  stop() {
    this.state = 'inactive';
  }

  give(bytes) {
    this.ondataavailable?.({ data: new Blob([new Uint8Array(bytes)]) });
  }
}

Object.assign(globalThis, {
  WebSocket: FakeSocket, MediaRecorder: FakeRecorder, addEventListener() {}, removeEventListener() {},
});
mock.method(performance, 'now', () => clock);
mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
const { Publisher, recordedType } = await import('../../main/webapp/pages/publisher.js');

function pass(millis) {
  for (let i = 0; i < millis; i += 250) {
    clock += 250;
    mock.timers.tick(250);
  }
}

const newest = () => sockets.at(-1);

function begin() {
  return new Publisher('https://here.example/publish/gate', { key: 'secret' }, {}, recordedType(), 1_000_000);
}

/** As the server does after the end. */
function end(publisher) {
  publisher.stop();
  newest().onclose({ code: 1000, reason: '' });
  assert.equal(publisher.state, 'ended');
}

beforeEach(() => {
  sockets = [];
  recorders = [];
});

test('of what can be recorded the first that the browser knows is taken', () => {
  assert.equal(recordedType(), 'video/webm;codecs=vp8,opus');
});

test('what is recorded is sent once the server is ready, and ended when it is stopped', () => {
  const publisher = begin();
  assert.equal(newest().url, 'wss://here.example/publish/gate');
  assert.equal(recorders.length, 0);

  newest().letIn(100);
  recorders[0].give(250);
  assert.equal(publisher.state, 'sending');
  assert.deepEqual(newest().texts(), [{ type: 'publish', key: 'secret' }]);
  assert.deepEqual(newest().sent.slice(1).map(({ size }) => size), [100, 100, 50]);

  publisher.stop();
  assert.equal(publisher.state, 'ending');
  assert.equal(recorders[0].state, 'inactive');
  assert.deepEqual(newest().texts().at(-1), { type: 'end' });
  newest().onclose({ code: 1000, reason: '' });
  assert.equal(publisher.state, 'ended');
  pass(60_000);
  assert.equal(sockets.length, 1);
});

test('what the server tells is there to be shown', () => {
  const publisher = begin();
  newest().letIn();
  recorders[0].give(100);
  recorders[0].give(100);
  clock += 40;
  newest().say({ type: 'taken', bytes: 100, now: 1, state: 'live', viewers: 3 });

  assert.equal(publisher.sourceState, 'live');
  assert.equal(publisher.viewers, 3);
  assert.equal(publisher.lagMillis, 40);
  end(publisher);
});

test('a stream that is too much for the line is ended, and begun anew with fewer bits', () => {
  const publisher = begin();
  newest().letIn();
  recorders[0].give(5_000_000);
  pass(250);

  assert.equal(publisher.state, 'behind');
  assert.equal(recorders[0].state, 'inactive');
  assert.deepEqual(newest().texts().at(-1), { type: 'end' });
  assert.equal(sockets.length, 1); // not before the old one is taken

  newest().onclose({ code: 1000, reason: '' });
  newest().letIn();
  assert.equal(sockets.length, 2);
  assert.equal(publisher.state, 'sending');
  assert.equal(recorders[1].options.videoBitsPerSecond, 600_000);
  end(publisher);
});

test('after a break it comes again, though its old place is still in use', () => {
  const publisher = begin();
  newest().letIn();
  recorders[0].give(100);
  newest().onclose({ code: 1006, reason: '' });
  assert.equal(publisher.state, 'retrying');
  assert.equal(recorders[0].state, 'inactive');

  pass(1_000);
  newest().onopen();
  newest().onclose({ code: 4409, reason: 'somebody else is publishing already' });
  assert.equal(publisher.state, 'retrying');
  pass(2_000);
  newest().letIn();

  assert.equal(sockets.length, 3);
  assert.equal(publisher.state, 'sending');
  assert.equal(publisher.message, '');
  end(publisher);
});

test('a server that stops is left alone for as long as it says, then the publisher comes again', () => {
  const publisher = begin();
  newest().letIn();
  newest().onclose({ code: 1012, reason: 'the server is stopping, retry in 2 s' });
  assert.equal(publisher.state, 'retrying');

  pass(2_000);
  assert.equal(sockets.length, 1);
  pass(1_250);
  newest().letIn();

  assert.equal(sockets.length, 2);
  assert.equal(publisher.state, 'sending');
  end(publisher);
});

for (const code of [1009, 4400, 4401, 4403, 4404, 4409, 4415]) {
  test(`a publisher that is refused with ${code} does not come again`, () => {
    const publisher = begin();
    newest().onopen();
    newest().onclose({ code, reason: 'for a reason' });
    pass(60_000);

    assert.equal(publisher.state, 'refused');
    assert.equal(publisher.message, 'for a reason');
    assert.equal(publisher.code, code);
    assert.equal(sockets.length, 1);
  });
}

test('who is taken over does not fight for the place', () => {
  const publisher = begin();
  newest().letIn();
  recorders[0].give(100);
  newest().onclose({ code: 4409, reason: 'another publisher took over' });
  pass(60_000);

  assert.equal(publisher.state, 'refused');
  assert.equal(sockets.length, 1);
});

test('a server that says nothing for 10 s is gone', () => {
  const publisher = begin();
  newest().letIn();
  pass(10_000);
  assert.equal(publisher.state, 'sending');
  pass(500);

  assert.equal(publisher.state, 'retrying');
  assert.equal(sockets[0].isClosed, true);
  pass(1_000);
  assert.equal(sockets.length, 2);
  publisher.stop();
  assert.equal(publisher.state, 'ended');
  pass(60_000);
  assert.equal(sockets.length, 2);
});
