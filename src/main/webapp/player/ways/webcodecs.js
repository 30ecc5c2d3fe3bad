// @ts-check
import { isInit, readFragment, readInit } from '../fmp4.js';
import { LiveStream } from '../live-stream.js';
import { Trouble } from '../way.js';

/** @typedef {import('../live-stream.js').Piece} Piece */
/** @typedef {import('../way.js').Way} Way */
/** @typedef {import('../fmp4.js').Sample} Sample */

/** A decoder that has so many frames before it is too late: it goes on at the next key frame. */
const maxQueuedFrames = 5;
/** A decoder that fails so often within a connection cannot play this stream. */
const maxDecoderErrors = 3;

/**
 * Fragmented MP4 decoded by WebCodecs onto a canvas, each frame drawn the moment it is decoded: the
 * shortest way there is. Picture only. Needs a secure context.
 *
 * @implements {Way}
 */
export class WebCodecsWay {
  static isSupported() {
    return isSecureContext && 'VideoDecoder' in globalThis;
  }

  element = document.createElement('canvas');
  #options;
  #context = this.element.getContext('2d', { alpha: false });
  /** @type {LiveStream | null} */
  #stream = null;
  /** @type {VideoDecoder | null} */
  #decoder = null;
  /** @type {VideoDecoderConfig | null} */
  #config = null;
  /** @type {import('../fmp4.js').Track[]} of the present run */
  #tracks = [];
  #needsKey = true;
  #decoderErrors = 0;
  /** @type {Map<number, {captureMillis: number, piece: Piece}>} frames in the decoder, by timestamp */
  #decoding = new Map();
  #stats = { label: 'WebCodecs', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false, isCard: false, dropped: 0 };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
  }

  start() {
    const { src, rendition, width, onlapped } = this.#options;
    this.#stream = new LiveStream({ src, format: 'fmp4', tracks: 'video', rendition, width }, {
      onbinary: (bytes, piece) => this.#receive(bytes, piece),
      onlapped,
      onend: (trouble) => this.#fail(trouble),
    });
  }

  stop() {
    this.#stream?.close();
    this.#stream = null;
    this.#closeDecoder();
  }

  stats() {
    return { ...this.#stats, rendition: this.#stream?.rendition, lapped: this.#stream?.lapped };
  }

  /**
   * @param {ArrayBuffer} bytes
   * @param {Piece} piece
   */
  #receive(bytes, piece) {
    try {
      if (isInit(bytes)) {
        this.#begin(bytes);
      } else {
        this.#decode(bytes, piece);
      }
    } catch (error) {
      this.#fail(new Trouble('lost', String(error)));
    }
  }

  /** @param {ArrayBuffer} init */
  #begin(init) {
    this.#tracks = readInit(init);
    const video = this.#tracks.find(({ kind }) => kind === 'video');
    if (!video?.description) {
      this.#fail(new Trouble('unsupported', `WebCodecs from ${video?.codec ?? 'a stream without picture'}`));
      return;
    }
    this.#config = { codec: video.codec, description: video.description, optimizeForLatency: true };
    this.#stats.width = video.width;
    this.#stats.height = video.height;
    this.#openDecoder(this.#config);
    this.#refuseIfUnsupported(this.#config);
  }

  /** @param {VideoDecoderConfig} config */
  async #refuseIfUnsupported(config) {
    const { supported } = await VideoDecoder.isConfigSupported(config);
    if (!supported && this.#config === config) {
      this.#fail(new Trouble('unsupported', `WebCodecs from ${config.codec}`));
    }
  }

  /** @param {VideoDecoderConfig} config */
  #openDecoder(config) {
    this.#closeDecoder();
    this.#needsKey = true;
    const decoder = new VideoDecoder({
      output: (frame) => this.#paint(frame),
      error: (error) => {
        if (decoder === this.#decoder) {
          this.#recover(error);
        }
      },
    });
    this.#decoder = decoder;
    decoder.configure(config);
  }

  #closeDecoder() {
    if (this.#decoder && this.#decoder.state !== 'closed') {
      this.#decoder.close();
    }
    this.#decoder = null;
    this.#decoding.clear();
  }

  /** @param {DOMException} error after which the decoder is closed */
  #recover(error) {
    this.#decoderErrors++;
    if (this.#decoderErrors >= maxDecoderErrors || !this.#config) {
      this.#fail(new Trouble('unsupported', `WebCodecs: ${error.message}`));
    } else {
      this.#openDecoder(this.#config);
    }
  }

  /**
   * @param {ArrayBuffer} bytes
   * @param {Piece} piece
   */
  #decode(bytes, piece) {
    const { track, captureMillis, samples } = readFragment(bytes, this.#tracks);
    if (track.kind !== 'video' || !this.#decoder) {
      return;
    }
    const microsPerUnit = 1e6 / track.timescale;
    for (const sample of samples) {
      if (this.#isTooLate(sample)) {
        this.#stats.dropped++;
        continue;
      }
      const timestamp = Math.round(sample.presentationTime * microsPerUnit);
      const sinceFirst = (sample.decodeTime - samples[0].decodeTime) * microsPerUnit;
      this.#decoding.set(timestamp, { captureMillis: captureMillis + sinceFirst / 1000, piece });
      this.#decoder.decode(
        new EncodedVideoChunk({
          type: sample.isKey ? 'key' : 'delta',
          timestamp,
          duration: Math.round(sample.duration * microsPerUnit),
          data: sample.data,
        }),
      );
    }
  }

  /** @param {Sample} sample */
  #isTooLate(sample) {
    if (sample.isKey) {
      this.#needsKey = false;
    } else if (this.#decoder && this.#decoder.decodeQueueSize > maxQueuedFrames) {
      this.#needsKey = true;
    }
    return this.#needsKey;
  }

  /** @param {VideoFrame} frame */
  #paint(frame) {
    const { displayWidth, displayHeight, timestamp } = frame;
    if (this.element.width !== displayWidth || this.element.height !== displayHeight) {
      this.element.width = displayWidth;
      this.element.height = displayHeight;
    }
    this.#context?.drawImage(frame, 0, 0);
    frame.close();
    this.#stats.frames++;
    const decoded = this.#decoding.get(timestamp);
    this.#stats.captureMillis = decoded?.captureMillis ?? NaN;
    if (decoded) {
      this.#stats.isCard = decoded.piece.isCard;
      this.#stream?.shown(decoded.piece.sequence);
    }
    // Frames come out in the order they are shown in: what is older was skipped or lost.
    for (const earlier of this.#decoding.keys()) {
      if (earlier <= timestamp) {
        this.#decoding.delete(earlier);
      }
    }
    this.#options.onframe();
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (this.#stream) {
      this.stop();
      this.#options.onerror(trouble);
    }
  }
}
