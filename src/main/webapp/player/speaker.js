// @ts-check

/** Sound scheduled less than so long before it is heard may come too late, in seconds. */
const leadSeconds = 0.02;
/** So much out of step, in seconds, it is not drawn there but begins anew. */
const jumpSeconds = 0.04;
/** The most by which the speed changes to be in step again: nobody hears that. */
const mostStretch = 0.01;
/** Of what it is out of step, in a second. */
const stretchPerSecond = 0.3;
/** Clocks are compared by their mean over about so many frames of sound: one of them goes in steps. */
const framesToCompare = 20;

/**
 * One for a page, kept although nobody uses it: iPhones let each be heard only after a click.
 *
 * @type {AudioContext | null}
 */
let context = null;
let users = 0;

/**
 * Plays decoded sound, each piece at its time: what comes too late is left out, small differences
 * of clocks are made up by its speed. Made within a click, where browsers want one.
 */
export class Speaker {
  #context;
  #gain;
  /** Until when sound has been scheduled, in seconds of the context. */
  #end = 0;
  /** Seconds of the context less those of our clock; NaN while unknown. */
  #ahead = NaN;
  #isClosed = false;

  static isSupported() {
    return 'AudioContext' in globalThis;
  }

  /** @param {number} volume 0 to 1 */
  constructor(volume) {
    context ??= new AudioContext();
    users++;
    this.#context = context;
    this.#context.resume().catch((error) => console.info(`zoetrope-player: no sound: ${error}`));
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = volume;
    this.#gain.connect(this.#context.destination);
  }

  /** @param {number} volume 0 to 1 */
  set volume(volume) {
    this.#gain.gain.value = volume;
  }

  /** Whether the browser lets it be heard. */
  get isHeard() {
    return this.#context.state === 'running';
  }

  /** How long it takes from here until sound is heard, in milliseconds. */
  get leadMillis() {
    return (leadSeconds + this.#latency) * 1000;
  }

  /**
   * @param {number} sampleRate in Hz
   * @param {Float32Array} left
   * @param {Float32Array} right as long
   * @param {number} due when it is to be heard, in milliseconds of `performance.now()`
   */
  play(sampleRate, left, right, due) {
    this.#compareClocks();
    if (!this.isHeard) {
      return;
    }
    const now = this.#context.currentTime;
    const at = due / 1000 + this.#ahead - this.#latency;
    const isGoingOn = this.#end > now;
    const behind = isGoingOn ? this.#end - at : 0;
    if (behind > jumpSeconds || at < now) {
      return; // what follows is in step again
    }
    const buffer = this.#context.createBuffer(2, left.length, sampleRate);
    buffer.getChannelData(0).set(left);
    buffer.getChannelData(1).set(right);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#gain);
    const begin = isGoingOn && behind > -jumpSeconds ? this.#end : at;
    const stretch = Math.max(-mostStretch, Math.min(mostStretch, (begin - at) * stretchPerSecond));
    source.playbackRate.value = 1 + stretch;
    source.start(begin);
    this.#end = begin + buffer.duration / (1 + stretch);
  }

  /** Idempotent. */
  close() {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#gain.disconnect(); // with what is scheduled
    users--;
    if (users === 0) {
      this.#context.suspend();
    }
  }

  /** Seconds from the context's time until it is heard. */
  get #latency() {
    return this.#context.outputLatency || this.#context.baseLatency || 0;
  }

  #compareClocks() {
    const ahead = this.#context.currentTime - performance.now() / 1000;
    if (Math.abs(ahead - this.#ahead) < jumpSeconds) {
      this.#ahead += (ahead - this.#ahead) / framesToCompare;
    } else {
      this.#ahead = ahead; // the first, or it was suspended
    }
  }
}
