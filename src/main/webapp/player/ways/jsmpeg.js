// @ts-check
import { LiveStream } from '../live-stream.js';
import { playerUrl } from '../player-url.js';
import { Trouble } from '../way.js';

/** @typedef {import('../way.js').Way} Way */

const libraryUrl = new URL('../lib/jsmpeg/jsmpeg-player.esm.js', playerUrl).href;
/** About a second of picture at the usual rates; what is older is overwritten. */
const videoBufferBytes = 512 * 1024;
const audioBufferBytes = 64 * 1024;
/** Sound that waits longer than this, in seconds, is skipped. */
const maxAudioLag = 0.25;

/** @type {any} the library, once it has been loaded; it has no types */
let library = null;

/**
 * MPEG-1 decoded by JSMpeg onto a canvas: for browsers that have no H.264, and on plain http.
 * Pictures are decoded when they arrive, not at the next repaint, which saves about 15 ms.
 *
 * @implements {Way}
 */
export class JsmpegWay {
  static isSupported() {
    return 'WebAssembly' in globalThis && 'WebSocket' in globalThis;
  }

  element = document.createElement('canvas');
  #options;
  #volume;
  #isStopped = false;
  /** @type {any} JSMpeg's player */
  #player = null;
  /** @type {LiveStream | null} */
  #stream = null;
  #stats = { label: 'JSMpeg', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false, isCard: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
    this.#volume = options.volume;
  }

  start() {
    if (library) {
      this.#open(); // at once: sound on iPhones must begin within the click that asked for it
    } else {
      this.#load();
    }
  }

  stop() {
    this.#isStopped = true;
    const player = this.#player;
    this.#player = null;
    if (player) {
      player.destroy();
      player.renderer.gl?.getExtension('WEBGL_lose_context')?.loseContext();
    }
  }

  stats() {
    return { ...this.#stats, rendition: this.#stream?.rendition, lapped: this.#stream?.lapped };
  }

  /**
   * @param {boolean} isMuted
   * @param {number} volume
   */
  setSound(isMuted, volume) {
    this.#volume = isMuted ? 0 : volume;
    if (this.#player) {
      this.#player.volume = this.#volume;
    }
  }

  async #load() {
    try {
      library = (await import(libraryUrl)).default;
    } catch (error) {
      this.#fail(new Trouble('lost', `JSMpeg did not load: ${error}`));
      return;
    }
    if (!this.#isStopped) {
      this.#open();
    }
  }

  #open() {
    const { sound } = this.#options;
    const way = this;
    /** JSMpeg makes its source itself, from a class. */
    class Source {
      streaming = true;
      established = false;
      completed = false;
      progress = 1;
      /** @type {{write: (bytes: ArrayBuffer) => void} | null} */
      #destination = null;
      /** @type {LiveStream | null} */
      #stream = null;
      #isDestroyed = false;

      /** @param {{write: (bytes: ArrayBuffer) => void}} destination */
      connect(destination) {
        this.#destination = destination;
      }

      /** Called when the decoder has been compiled, which may be after the end. */
      start() {
        if (!this.#isDestroyed) {
          this.#stream = way.#openStream((bytes) => this.#destination?.write(bytes));
        }
      }

      destroy() {
        this.#isDestroyed = true;
        this.#stream?.close();
      }
    }

    try {
      this.#player = new library.Player('', {
        source: Source,
        canvas: this.element,
        audio: sound,
        video: true,
        videoBufferSize: videoBufferBytes,
        audioBufferSize: audioBufferBytes,
        maxAudioLag,
        preserveDrawingBuffer: true, // so that the last picture can be kept
        pauseWhenHidden: false, // its listener would never be removed
        onVideoDecode: () => this.#onDecoded(),
      });
    } catch (error) {
      this.#fail(new Trouble('unsupported', `JSMpeg: ${error}`));
      return;
    }
    // Its own loop over animation frames is not wanted: #decode is called for each message.
    this.#player.autoplay = false;
    this.#player.pause();
    this.#player.volume = this.#volume;
    if (sound && this.#player.audioOut) {
      this.#player.audioOut.context.resume();
      this.#player.audioOut.unlock();
    }
  }

  /** @param {(bytes: ArrayBuffer) => void} write to JSMpeg */
  #openStream(write) {
    const { src, rendition, width, sound, onlapped } = this.#options;
    this.#stream = new LiveStream({ src, format: 'mpeg1', tracks: sound ? 'both' : 'video', rendition, width }, {
      onbinary: (bytes, piece) => {
        write(bytes);
        this.#decode(piece);
      },
      onlapped,
      onend: (trouble) => this.#fail(trouble),
    });
    return this.#stream;
  }

  /** @param {import('../live-stream.js').Piece} piece that has just been written */
  #decode(piece) {
    const player = this.#player;
    const before = this.#stats.frames;
    if (!piece.isSound) {
      this.#stats.captureMillis = piece.captureMillis;
      this.#stats.isCard = piece.isCard;
    }
    while (player?.video.decode()) {
      // All there is, so that only the newest picture stays.
    }
    if (this.#stats.frames > before) {
      this.#stream?.shown(piece.sequence);
    }
    if (player?.audio) {
      player.updateForStreaming(); // plays the sound, dropping what comes too late
      this.#stats.hasSound = player.audio.bytesWritten > 0;
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
