// @ts-check
import { troubleOf } from './close-codes.js';
import { Tag } from './tag.js';
import { Trouble } from './way.js';

const version = 1;
/** So many subscriptions at a time, until the server has said how many. */
const usualMost = 64;
const mostNumber = 65_535;
/** From one message of what is on screen to the next. */
const acknowledgeMillis = 100;
/** Where nothing is shown for so long, the link is not to blame: what comes is acknowledged as it comes. */
const standingMillis = 500;
const entryBytes = 8;
const mostEntries = 64;
/** A server that has such a socket says hello within that. */
const helloMillis = 4_000;
/** A server that says nothing for so long is asked, and is gone if it still says nothing. */
const silenceMillis = 5_000;
/** Who looks away for a moment finds the link open. */
const lingerMillis = 5_000;

/**
 * @typedef {object} Wish the words of a `subscribe`: docs/PROTOCOL.md, 2.2
 * @property {string} source
 * @property {string} format
 * @property {string} [rendition]
 * @property {number} [width]
 * @property {string} [tracks]
 * @property {string} [link]
 *
 * @typedef {object} SubscriptionListeners none is called any more after `close()`
 * @property {(rendition: string) => void} onsubscribed the server has said yes
 * @property {(mime: string) => void} oninit a run begins; an init segment follows where the format
 *     has one
 * @property {(payload: ArrayBuffer, tag: Tag) => void} onbinary
 * @property {(trouble: Trouble) => void} onend once; nothing comes after it
 */

/** What somebody has asked for over a link, until it is closed or has ended. */
export class LiveSubscription {
  number;
  wish;
  listeners;
  hasShown = false;
  shownAt = NaN;
  #link;

  /**
   * @param {LiveLink} link
   * @param {number} number
   * @param {Wish} wish
   * @param {SubscriptionListeners} listeners
   */
  constructor(link, number, wish, listeners) {
    this.#link = link;
    this.number = number;
    this.wish = wish;
    this.listeners = listeners;
  }

  /** @param {number} sequence of what is on screen; what came before it counts as seen or dropped */
  shown(sequence) {
    this.#link.shown(this, sequence);
  }

  close() {
    this.#link.unsubscribe(this);
  }
}

/**
 * One `WS /live`: many sources over one WebSocket, each under a number; docs/PROTOCOL.md, 2. Connects
 * at once, and ends when nobody has been subscribed for a while. Over is over: another is made.
 */
export class LiveLink {
  #socket;
  #listeners;
  /** @type {Map<number, LiveSubscription>} by number */
  #subscriptions = new Map();
  #nextNumber = 1;
  #most = usualMost;
  #isOpen = false;
  #isOver = false;
  /** When the server said hello; NaN before. */
  #greetedAt = NaN;
  #helloTimer;
  #lingerTimer = 0;
  /** @type {Map<number, number>} sequences on screen that have not been told, by number */
  #shown = new Map();
  #acknowledgedAt = -Infinity;
  #acknowledgeTimer = 0;
  /** @type {Map<number, {resolve: (now: number) => void, reject: (error: Error) => void}>} by id */
  #questions = new Map();
  #nextQuestion = 1;
  #silenceTimer = 0;
  #hasSpoken = false;
  #isAskedToSpeak = false;

  /**
   * @param {string} url http or https; the WebSocket is at the same place
   * @param {object} listeners
   * @param {() => void} listeners.onhello the server is there
   * @param {(trouble: Trouble) => Trouble} listeners.onend it broke; gives what its subscribers are told
   */
  constructor(url, listeners) {
    this.#listeners = listeners;
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}?version=${version}`);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ code, reason }) => this.#end(troubleOf(code, reason));
    this.#helloTimer = setTimeout(() => this.#end(new Trouble('lost', 'no hello came')), helloMillis);
  }

  /** Whether it can take another subscription. */
  get hasRoom() {
    return !this.#isOver && this.#subscriptions.size < this.#most;
  }

  /** Whether the server has said hello, and is still there. */
  get isGreeted() {
    return !this.#isOver && !Number.isNaN(this.#greetedAt);
  }

  /** Since the server said hello; NaN before. */
  get ageMillis() {
    return performance.now() - this.#greetedAt;
  }

  /**
   * @param {Wish} wish
   * @param {SubscriptionListeners} listeners
   */
  subscribe(wish, listeners) {
    clearTimeout(this.#lingerTimer);
    const subscription = new LiveSubscription(this, this.#freeNumber(), wish, listeners);
    this.#subscriptions.set(subscription.number, subscription);
    if (this.#isOpen) {
      this.#ask(subscription);
    }
    return subscription;
  }

  /** @param {LiveSubscription} subscription may have ended */
  unsubscribe(subscription) {
    if (this.#forget(subscription) && this.#isOpen) {
      this.#send({ type: 'unsubscribe', n: subscription.number });
    }
  }

  /**
   * @param {LiveSubscription} subscription
   * @param {number} sequence
   */
  shown(subscription, sequence) {
    if (!this.#has(subscription)) {
      return;
    }
    this.#shown.set(subscription.number, sequence);
    subscription.shownAt = performance.now();
    if (!subscription.hasShown) {
      subscription.hasShown = true;
      this.#acknowledge();
    } else {
      this.#acknowledgeIfDue();
    }
  }

  /** The server's time, unix milliseconds; rejected if the link ends before the answer. */
  askTime() {
    /** @type {Promise<number>} */
    const answer = new Promise((resolve, reject) => this.#questions.set(this.#nextQuestion, { resolve, reject }));
    this.#send({ type: 'clock', id: this.#nextQuestion++ });
    return answer;
  }

  /** The next number that is free; that of one that has just ended comes last. */
  #freeNumber() {
    let number = this.#nextNumber;
    while (this.#subscriptions.has(number)) {
      number = (number % mostNumber) + 1;
    }
    this.#nextNumber = (number % mostNumber) + 1;
    return number;
  }

  #opened() {
    this.#isOpen = true;
    this.#subscriptions.forEach((subscription) => this.#ask(subscription));
    this.#lingerIfUnused();
  }

  /** @param {LiveSubscription} subscription */
  #ask({ number, wish }) {
    this.#send({ type: 'subscribe', n: number, ...wish });
  }

  /** @param {object} message */
  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#hasSpoken = true;
    if (typeof data === 'string') {
      this.#told(JSON.parse(data));
    } else if (data.byteLength >= Tag.bytes) {
      const tag = new Tag(data);
      const subscription = this.#subscriptions.get(tag.number);
      if (tag.isKnown && subscription) {
        subscription.listeners.onbinary(data.slice(Tag.bytes), tag);
        if (performance.now() - subscription.shownAt > standingMillis) {
          this.#shown.set(tag.number, tag.sequence); // else it would hold up all that share the link
        }
      }
    }
    this.#acknowledgeIfDue(); // timers of tabs that nobody sees are late
  }

  /** @param {any} message of docs/PROTOCOL.md, 2; others are passed over */
  #told(message) {
    const subscription = this.#subscriptions.get(message.n);
    switch (message.type) {
      case 'hello':
        this.#greeted(message.most);
        break;
      case 'clock':
        this.#questions.get(message.id)?.resolve(message.now);
        this.#questions.delete(message.id);
        break;
      case 'subscribed':
        subscription?.listeners.onsubscribed(message.rendition);
        break;
      case 'init':
        subscription?.listeners.oninit(message.mime);
        break;
      case 'end':
        if (subscription) {
          this.#forget(subscription);
          subscription.listeners.onend(troubleOf(message.code, message.message));
        }
        break;
      case 'error':
        console.info(`zoetrope-player: the server did not understand: ${message.message}`);
        break;
    }
  }

  /** @param {number} most subscriptions at a time */
  #greeted(most) {
    clearTimeout(this.#helloTimer);
    this.#greetedAt = performance.now();
    this.#most = most;
    this.#silenceTimer = setInterval(() => this.#listen(), silenceMillis);
    this.#listeners.onhello();
  }

  /** A network that has gone tells nobody. */
  #listen() {
    if (this.#hasSpoken) {
      this.#isAskedToSpeak = false;
    } else if (this.#isAskedToSpeak) {
      this.#end(new Trouble('lost', 'the link has fallen silent'));
      return;
    } else {
      this.#isAskedToSpeak = true;
      this.askTime().catch(() => {}); // the end is told to who has to know of it
    }
    this.#hasSpoken = false;
  }

  /** @param {LiveSubscription} subscription */
  #has(subscription) {
    return this.#subscriptions.get(subscription.number) === subscription;
  }

  /**
   * @param {LiveSubscription} subscription
   * @returns {boolean} whether it was there
   */
  #forget(subscription) {
    if (!this.#has(subscription)) {
      return false;
    }
    this.#subscriptions.delete(subscription.number);
    this.#shown.delete(subscription.number);
    this.#lingerIfUnused();
    return true;
  }

  #lingerIfUnused() {
    clearTimeout(this.#lingerTimer);
    if (this.#subscriptions.size === 0) {
      this.#lingerTimer = setTimeout(() => this.#close('nobody needs it'), lingerMillis);
    }
  }

  #acknowledgeIfDue() {
    const wait = this.#acknowledgedAt + acknowledgeMillis - performance.now();
    if (this.#shown.size === 0) {
      return;
    }
    if (wait <= 0) {
      this.#acknowledge();
    } else {
      this.#acknowledgeTimer ||= setTimeout(() => this.#acknowledge(), wait);
    }
  }

  /** Tells the server what is on screen, all in one message; docs/PROTOCOL.md, 2.4. */
  #acknowledge() {
    clearTimeout(this.#acknowledgeTimer);
    this.#acknowledgeTimer = 0;
    this.#acknowledgedAt = performance.now();
    const entries = [...this.#shown].slice(0, mostEntries);
    const message = new DataView(new ArrayBuffer(entries.length * entryBytes));
    entries.forEach(([number, sequence], i) => {
      message.setUint16(i * entryBytes, number);
      message.setUint32(i * entryBytes + 4, sequence);
      this.#shown.delete(number);
    });
    if (entries.length > 0) {
      this.#socket.send(message.buffer);
    }
  }

  /** @param {Trouble} trouble */
  #end(trouble) {
    this.#close(trouble.detail);
    const left = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    const told = this.#listeners.onend(trouble);
    left.forEach(({ listeners }) => listeners.onend(told));
  }

  /** @param {string} why */
  #close(why) {
    this.#isOver = true;
    this.#isOpen = false;
    clearTimeout(this.#helloTimer);
    clearTimeout(this.#lingerTimer);
    clearTimeout(this.#acknowledgeTimer);
    clearInterval(this.#silenceTimer);
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#questions.forEach(({ reject }) => reject(new Error(why)));
  }
}
