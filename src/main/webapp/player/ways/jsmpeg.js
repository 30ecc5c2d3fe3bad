// @ts-check
import { LiveStream } from '../live-stream.js';
import { playerUrl } from '../player-url.js';
import { Playout } from '../playout.js';
import { Speaker } from '../speaker.js';
import { Trouble } from '../way.js';

/**
 * @typedef {import('../live-stream.js').Piece} Piece
 * @typedef {import('../way.js').Way} Way
 */

const libraryUrl = new URL('../lib/jsmpeg/jsmpeg-player.esm.js', playerUrl).href;
/** About a second of picture at the usual rates; what is older is overwritten. */
const videoBufferBytes = 512 * 1024;
const audioBufferBytes = 64 * 1024;
/** From when a picture is to be decoded until it is on the screen, about. */
const drawingMillis = 20;
/** A picture that would wait longer than this for its sound is of another timeline. */
const maxWaitMillis = 500;

/** @type {any} the library, once it and its decoders have been loaded; it has no types */
let library = null;

/**
 * MPEG-1 by JSMpeg's decoders onto a canvas: for browsers that have no H.264, and on plain http.
 * Pictures are shown when they arrive; with sound, when that of their moment is heard. They are drawn
 * without WebGL, of which a page has some 16 at a time: the oldest canvases of more would go black.
 *
 * @implements {Way}
 */
export class JsmpegWay {
  static isSupported() {
    return 'WebAssembly' in globalThis && 'WebSocket' in globalThis;
  }

  element = document.createElement('canvas');
  #options;
  #isStopped = false;
  /** @type {LiveStream | null} */
  #stream = null;
  /** @type {any} what takes picture and sound apart */
  #demuxer = null;
  /** @type {any} */
  #video = null;
  /** @type {any} null where no sound is wanted */
  #audio = null;
  /** @type {Speaker | null} null where no sound is wanted */
  #speaker = null;
  #playout = new Playout();
  /** Of the sound that is being decoded, in milliseconds. */
  #soundPts = 0;
  /** @type {Piece | null} that is being taken apart */
  #piece = null;
  /** @type {{pts: number, buffers: Uint8Array[], piece: Piece | null}[]} pictures that are not due, in order */
  #waiting = [];
  #timer = 0;
  #stats = { label: 'JSMpeg', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false, isCard: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
  }

  start() {
    const { sound, volume } = this.#options;
    if (sound && Speaker.isSupported()) {
      this.#speaker = new Speaker(volume); // at once: within the click that asked for it
    }
    if (library) {
      this.#open();
    } else {
      this.#load();
    }
  }

  stop() {
    if (this.#isStopped) {
      return;
    }
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#stream?.close();
    this.#video?.destroy();
    this.#audio?.destroy();
    this.#speaker?.close();
  }

  stats() {
    return { ...this.#stats, rendition: this.#stream?.rendition, lapped: this.#stream?.lapped };
  }

  /**
   * @param {boolean} isMuted
   * @param {number} volume
   */
  setSound(isMuted, volume) {
    if (this.#speaker) {
      this.#speaker.volume = isMuted ? 0 : volume;
    }
  }

  async #load() {
    try {
      library = await loadLibrary();
    } catch (error) {
      this.#fail(new Trouble('lost', `JSMpeg did not load: ${error}`));
      return;
    }
    if (!this.#isStopped) {
      this.#open();
    }
  }

  #open() {
    const { Demuxer, Decoder, Renderer, WASMModule } = library;
    const common = { streaming: true, wasmModule: WASMModule.GetModule() };
    try {
      this.#demuxer = new Demuxer.TS();
      this.#video = new Decoder.MPEG1VideoWASM({
        ...common,
        videoBufferSize: videoBufferBytes,
        onVideoDecode: () => this.#onDecoded(),
      });
      this.#video.connect(new Renderer.Canvas2D({ canvas: this.element }));
      this.#demuxer.connect(Demuxer.TS.STREAM.VIDEO_1, {
        write: (/** @type {number} */ pts, /** @type {Uint8Array[]} */ buffers) => this.#pictureCame(pts * 1000, buffers),
      });
      if (this.#speaker) {
        this.#audio = new Decoder.MP2AudioWASM({ ...common, audioBufferSize: audioBufferBytes });
        this.#audio.connect(this.#audioOutput(this.#speaker));
        this.#demuxer.connect(Demuxer.TS.STREAM.AUDIO_1, {
          write: (/** @type {number} */ pts, /** @type {Uint8Array[]} */ buffers) => this.#soundCame(pts * 1000, buffers),
        });
      }
    } catch (error) {
      this.#fail(new Trouble('unsupported', `JSMpeg: ${error}`));
      return;
    }
    this.#connect();
  }

  /** @param {Speaker} speaker as JSMpeg's decoders want it */
  #audioOutput(speaker) {
    return {
      enqueuedTime: 0,
      /**
       * @param {number} sampleRate
       * @param {Float32Array} left
       * @param {Float32Array} right
       */
      play: (sampleRate, left, right) => {
        const due = this.#playout.due(this.#soundPts, performance.now());
        if (!Number.isNaN(due)) {
          speaker.play(sampleRate, left, right, due);
        }
        this.#soundPts += (left.length * 1000) / sampleRate;
      },
    };
  }

  #connect() {
    const { src, rendition, width, onlapped } = this.#options;
    const tracks = this.#speaker ? 'both' : 'video';
    this.#stream = new LiveStream({ src, format: 'mpeg1', tracks, rendition, width }, {
      onbinary: (bytes, piece) => this.#receive(bytes, piece),
      onlapped,
      onend: (trouble) => this.#fail(trouble),
    });
  }

  /**
   * @param {ArrayBuffer} bytes of one frame of picture or sound, whole
   * @param {Piece} piece
   */
  #receive(bytes, piece) {
    this.#piece = piece;
    this.#demuxer.write(bytes);
  }

  /**
   * @param {number} pts in milliseconds
   * @param {Uint8Array[]} buffers
   */
  #soundCame(pts, buffers) {
    const speaker = /** @type {Speaker} */ (this.#speaker);
    this.#playout.soundCame(pts, performance.now(), speaker.leadMillis);
    this.#soundPts = pts;
    this.#audio.write(pts / 1000, buffers);
    while (!this.#isStopped && this.#audio.decode()) {
      // All there is: it is played at its time.
    }
    this.#stats.hasSound = speaker.isHeard;
  }

  /**
   * @param {number} pts in milliseconds
   * @param {Uint8Array[]} buffers
   */
  #pictureCame(pts, buffers) {
    this.#waiting.push({ pts, buffers, piece: this.#piece });
    this.#showDue();
  }

  /** Shows what is due of what waits; without sound that is all. */
  #showDue() {
    clearTimeout(this.#timer);
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const now = performance.now();
      const wait = this.#playout.due(next.pts, now) - drawingMillis - now;
      if (wait > 0 && wait < maxWaitMillis) {
        this.#timer = setTimeout(() => this.#showDue(), wait);
        return;
      }
      this.#waiting.shift();
      this.#decode(next.pts, next.buffers, next.piece);
    }
  }

  /**
   * @param {number} pts in milliseconds
   * @param {Uint8Array[]} buffers
   * @param {Piece | null} piece
   */
  #decode(pts, buffers, piece) {
    const before = this.#stats.frames;
    if (piece) {
      this.#stats.captureMillis = piece.captureMillis;
      this.#stats.isCard = piece.isCard;
    }
    this.#video.write(pts / 1000, buffers); // decodes the first one already
    while (!this.#isStopped && this.#video.decode()) {
      // All there is, so that only the newest picture stays.
    }
    if (piece && this.#stats.frames > before) {
      this.#stream?.shown(piece.sequence);
    }
  }

  #onDecoded() {
    this.#stats.frames++;
    this.#stats.width = this.element.width;
    this.#stats.height = this.element.height;
    this.#options.onframe();
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (!this.#isStopped) {
      this.#options.onerror(trouble);
      this.stop();
    }
  }
}

/** JSMpeg, with its decoders compiled. */
async function loadLibrary() {
  const loaded = (await import(libraryUrl)).default;
  const module = loaded.WASMModule.GetModule();
  if (!module.ready) {
    const binary = loaded.Base64ToArrayBuffer(loaded.WASM_BINARY_INLINED);
    await new Promise((resolve) => module.loadFromBuffer(binary, resolve));
  }
  return loaded;
}
