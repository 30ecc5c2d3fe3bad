// @ts-check
import { Backoff } from '../player/backoff.js';
import { awayMillisOf } from '../player/close-codes.js';
import { Backlog } from './backlog.js';

/**
 * What browsers record that can be shown live, best first: H.264 needs no encoder at the server, and Chromium's MP4
 * holds pictures back.
 */
const types = Object.freeze([
  'video/x-matroska;codecs=avc1,opus',
  'video/webm;codecs=vp8,opus',
  'video/webm',
  'video/mp4',
]);
/** So often the recorder gives what it has; it does so with the next packet of sound after that. */
const sliceMillis = 20;
/** So far apart are the pictures at which viewers can join. */
const keyMillis = 1_000;
const lookMillis = 250;
/** The server says something each second: after such a silence it is gone. */
const silentMillis = 10_000;
/** After a break, the server may take us for somebody else who is still publishing, so long. */
const ourPlaceMillis = 30_000;
/** How much of its bits a stream keeps that was too much for the line, and the least. */
const lessBits = 0.6;
const leastBits = 200_000;

/** Codes after which coming again is of no use: docs/PROTOCOL.md, 4. */
const finalCodes = new Set([1009, 4400, 4401, 4403, 4404, 4409, 4415]);

/** The type that this browser records; undefined if there is none. */
export function recordedType() {
  return typeof MediaRecorder === 'undefined' ? undefined : types.find((type) => MediaRecorder.isTypeSupported(type));
}

/** @typedef {'connecting' | 'sending' | 'retrying' | 'behind' | 'ending' | 'ended' | 'refused'} PublisherState */

/**
 * Brings a stream to a source until it is stopped. When the socket breaks, or more is on the way than is of use, it
 * begins anew, with a new recorder: a stream cannot be taken up in its middle.
 *
 * @fires change when {@link state}, {@link message} or the figures are others
 */
export class Publisher extends EventTarget {
  /** @type {PublisherState} */
  state = 'connecting';
  /** Why it was refused or has broken off; empty while all is well. */
  message = '';
  /** The code with which the server closed; 0 while it has not. */
  code = 0;
  /** What the server tells of the source; empty until it has. */
  sourceState = '';
  viewers = NaN;
  #url;
  #proof;
  #stream;
  #type;
  #bits;
  #backoff = new Backoff();
  #backlog = new Backlog();
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #mostBytes = 0;
  #heardAt = 0;
  #sentAt = -Infinity;
  #retryTimer = 0;
  #look;
  #online = () => this.state === 'retrying' && this.#connect();

  /**
   * @param {string} url http or https; the WebSocket is at the same place
   * @param {{key: string} | {link: string}} proof
   * @param {MediaStream} stream
   * @param {string} type of {@link recordedType}
   * @param {number} bits of the picture, per second
   */
  constructor(url, proof, stream, type, bits) {
    super();
    this.#url = url.replace(/^http/, 'ws');
    this.#proof = proof;
    this.#stream = stream;
    this.#type = type;
    this.#bits = bits;
    this.#look = setInterval(() => this.#lookAfter(), lookMillis);
    addEventListener('online', this.#online);
    this.#connect();
  }

  /** Bits per second that are sent. */
  get bitrate() {
    return this.#backlog.bitrate(performance.now());
  }

  /** How long the recorder keeps what it records, at most; NaN while nothing is sent. */
  get recorderMillis() {
    return this.state === 'sending' ? this.#backlog.pieceMillis(performance.now()) : NaN;
  }

  /** How long what is sent has been on the way to the server, at most; NaN while nothing is sent. */
  get lagMillis() {
    return this.state === 'sending' ? this.#backlog.lagMillis : NaN;
  }

  /** Ends the stream: viewers see it to its end. */
  stop() {
    if (this.state === 'sending' || this.state === 'behind') {
      this.#endStream('ending');
    } else if (this.state !== 'ending' && this.state !== 'refused') {
      this.#over('ended', '');
    }
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    this.#backlog = new Backlog();
    this.#heardAt = performance.now();
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: 'publish', ...this.#proof }));
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
    this.#change('connecting', '');
  }

  /** @param {any} message */
  #hear(message) {
    this.#heardAt = performance.now();
    if (message.type === 'ready') {
      this.#mostBytes = message.most;
      this.#record();
      this.#change('sending', '');
    } else if (message.type === 'taken') {
      this.#backlog.taken(message.bytes, performance.now());
      this.sourceState = message.state;
      this.viewers = message.viewers;
      if (message.state === 'live') {
        this.#backoff.reset();
      }
      this.#change(this.state, this.message);
    }
  }

  #record() {
    const recorder = new MediaRecorder(this.#stream, /** @type {MediaRecorderOptions} */ ({
      mimeType: this.#type, videoBitsPerSecond: this.#bits, videoKeyFrameIntervalDuration: keyMillis,
    }));
    this.#recorder = recorder;
    recorder.ondataavailable = ({ data }) => this.#send(data);
    recorder.onerror = (event) => this.#over('refused', `This browser could not record: ${/** @type {any} */ (event).error?.message ?? 'it does not say why'}.`);
    recorder.start(sliceMillis);
  }

  /** @param {Blob} data */
  #send(data) {
    const now = performance.now();
    this.#sentAt = now;
    for (let at = 0; at < data.size; at += this.#mostBytes) {
      const piece = data.slice(at, at + this.#mostBytes);
      this.#socket?.send(piece);
      this.#backlog.sent(piece.size, now);
    }
  }

  #lookAfter() {
    const now = performance.now();
    if (this.state === 'sending' && this.#backlog.isTooMuch(now)) {
      this.#bits = Math.max(leastBits, this.#bits * lessBits);
      this.#endStream('behind');
    }
    if (this.state !== 'retrying' && now - this.#heardAt > silentMillis) {
      this.#again('The server does not answer.');
    }
  }

  /**
   * What is on the way comes to its end; the server closes then.
   *
   * @param {'ending' | 'behind'} state
   */
  #endStream(state) {
    if (this.state !== 'behind') {
      this.#stopRecorder();
      this.#socket?.send('{"type":"end"}');
    }
    this.#change(state, state === 'behind' ? 'Your line was too slow for a moment.' : '');
  }

  #stopRecorder() {
    if (this.#recorder) {
      this.#recorder.ondataavailable = null;
      this.#recorder.onerror = null;
      if (this.#recorder.state !== 'inactive') {
        this.#recorder.stop();
      }
      this.#recorder = null;
    }
  }

  /** @param {number} code @param {string} reason */
  #closed(code, reason) {
    this.code = code;
    const isOurPlace = code === 4409 && this.state === 'connecting' && performance.now() - this.#sentAt < ourPlaceMillis;
    if (this.state === 'ending') {
      this.#over('ended', '');
    } else if (this.state === 'behind' && code === 1000) {
      this.#connect();
    } else if (finalCodes.has(code) && !isOurPlace) {
      this.#over('refused', reason);
    } else {
      this.#again(reason || 'The connection broke.', awayMillisOf(code, reason));
    }
  }

  /** @param {string} why @param {number} [awayMillis] for how long the server wants to be left alone */
  #again(why, awayMillis = 0) {
    this.#drop();
    if (this.state === 'ending') {
      this.#over('ended', '');
      return;
    }
    this.#retryTimer = setTimeout(() => this.#connect(), this.#backoff.next('', awayMillis));
    this.#change('retrying', why);
  }

  #drop() {
    this.#stopRecorder();
    if (this.#socket) {
      this.#socket.onopen = null;
      this.#socket.onmessage = null;
      this.#socket.onclose = null;
      this.#socket.close();
      this.#socket = null;
    }
  }

  /** @param {'ended' | 'refused'} state @param {string} message */
  #over(state, message) {
    clearInterval(this.#look);
    clearTimeout(this.#retryTimer);
    removeEventListener('online', this.#online);
    this.#drop();
    this.#change(state, message);
  }

  /** @param {PublisherState} state @param {string} message */
  #change(state, message) {
    this.state = state;
    this.message = message;
    this.dispatchEvent(new Event('change'));
  }
}
