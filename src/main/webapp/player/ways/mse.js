// @ts-check
import { isInit, readFragment, readInit } from '../fmp4.js';
import { LiveEdge } from '../live-edge.js';
import { LiveStream } from '../live-stream.js';
import { Trouble } from '../way.js';

/** @typedef {import('../live-stream.js').Piece} Piece */
/** @typedef {import('../way.js').Way} Way */

/** How far the picture is kept behind the end of the newest one, in seconds. */
const targetGap = 0.075;
const targetGapWithSound = 0.15;
/** Who hears it would hear more than this: its pitch is not kept. */
const fastestHeard = 1.05;
/** A picture that stands for longer is not waited for. */
const maxFrameSeconds = 1;
/** What is behind the picture is dropped, in seconds, when more than the first is held. */
const maxHeld = 30;
const keptBehind = 10;
/** Messages that wait for the source buffer; more means that it has stopped working. */
const maxWaiting = 500;

/**
 * Fragmented MP4 through Media Source Extensions in a video element: works on plain http as well,
 * and is the way that has sound. The picture is held near the live edge by the speed of playing.
 *
 * @implements {Way}
 */
export class MseWay {
  static isSupported() {
    return 'ManagedMediaSource' in globalThis || 'MediaSource' in globalThis;
  }

  element = document.createElement('video');
  #options;
  /** @type {LiveStream | null} */
  #stream = null;
  /** @type {MediaSource | null} */
  #mediaSource = null;
  /** @type {SourceBuffer | null} */
  #buffer = null;
  #objectUrl = '';
  #mime = '';
  #appliedMime = '';
  /** @type {{bytes: ArrayBuffer, piece: Piece}[]} messages not yet appended */
  #waiting = [];
  /** @type {import('../fmp4.js').Track[]} of the run that is being appended */
  #tracks = [];
  /** Whether the next fragment is the first of a run, which is put where the last run ended. */
  #isRunBeginning = false;
  /** @type {{mediaTime: number, captureMillis: number, piece: Piece}[]} frames not yet shown, in order */
  #coming = [];
  #edge = new LiveEdge(targetGap, false);
  /** From one frame of the picture to the next. */
  #frameSeconds = 0;
  #hasAudio = false;
  #frameCallback = 0;
  #stats = { label: 'MSE', width: 0, height: 0, frames: 0, captureMillis: NaN, hasSound: false, isCard: false };

  /** @param {import('../way.js').WayOptions} options */
  constructor(options) {
    this.#options = options;
  }

  start() {
    const video = this.element;
    video.muted = !this.#options.sound;
    video.volume = this.#options.volume;
    video.preservesPitch = false; // to keep it, Chromium holds sound back for up to 0.2 s, once and for all
    video.playsInline = true;
    video.autoplay = true;
    video.disableRemotePlayback = true; // a condition of ManagedMediaSource
    this.#mediaSource = 'ManagedMediaSource' in globalThis
        ? new /** @type {any} */ (globalThis).ManagedMediaSource()
        : new MediaSource();
    this.#mediaSource?.addEventListener('sourceopen', this.#appendNext);
    this.#objectUrl = URL.createObjectURL(/** @type {MediaSource} */ (this.#mediaSource));
    video.src = this.#objectUrl;
    video.addEventListener('error', this.#onVideoError);
    this.#watchFrames();
    this.#play(); // within the click that asked for sound, else some browsers refuse it

    const { src, rendition, width, sound, onlapped } = this.#options;
    this.#stream = new LiveStream({ src, format: 'fmp4', tracks: sound ? 'both' : 'video', rendition, width }, {
      oninit: (mime) => this.#expectRun(mime),
      onbinary: (bytes, piece) => this.#receive(bytes, piece),
      onlapped,
      onend: (trouble) => this.#fail(trouble),
    });
  }

  stop() {
    this.#stream?.close();
    this.#stream = null;
    const video = this.element;
    if ('cancelVideoFrameCallback' in video) {
      video.cancelVideoFrameCallback(this.#frameCallback);
    } else {
      cancelAnimationFrame(this.#frameCallback);
    }
    video.removeEventListener('error', this.#onVideoError);
    this.#mediaSource?.removeEventListener('sourceopen', this.#appendNext);
    this.#buffer?.removeEventListener('updateend', this.#onUpdateEnd);
    this.#buffer = null;
    this.#mediaSource = null;
    this.#waiting = [];
    if (this.#objectUrl) {
      URL.revokeObjectURL(this.#objectUrl);
      this.#objectUrl = '';
      video.removeAttribute('src');
      video.load(); // lets go of the decoder
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
    this.element.volume = volume;
    this.element.muted = isMuted || !this.#options.sound;
    this.#stats.hasSound = !this.element.muted && this.#hasAudio;
  }

  /** @param {string} mime */
  #expectRun(mime) {
    const MediaSourceType = /** @type {typeof MediaSource | undefined} */ (this.#mediaSource?.constructor);
    if (!MediaSourceType?.isTypeSupported(mime)) {
      this.#fail(new Trouble('unsupported', `MSE from ${mime}`));
      return;
    }
    this.#mime = mime;
  }

  /**
   * @param {ArrayBuffer} bytes
   * @param {Piece} piece
   */
  #receive(bytes, piece) {
    this.#waiting.push({ bytes, piece });
    if (this.#waiting.length > maxWaiting) {
      this.#fail(new Trouble('lost', `MSE: ${maxWaiting} messages wait for the source buffer`));
    } else {
      this.#appendNext();
    }
  }

  /** Appends one message, if there is one and the buffer is ready for it. */
  #appendNext = () => {
    if (this.#mediaSource?.readyState !== 'open' || this.#buffer?.updating || !this.#mime) {
      return;
    }
    const message = this.#waiting[0];
    if (!message) {
      return;
    }
    const { bytes, piece } = message;
    try {
      if (isInit(bytes)) {
        this.#prepareRun(bytes);
      } else {
        this.#prepareFragment(bytes, piece);
      }
      this.#buffer?.appendBuffer(bytes);
      this.#waiting.shift();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError' && this.#dropBehind(1)) {
        return; // goes on with the same message at updateend
      }
      this.#fail(new Trouble('lost', `MSE: ${error}`));
    }
  };

  /** @param {ArrayBuffer} init */
  #prepareRun(init) {
    this.#tracks = readInit(init);
    this.#hasAudio = this.#tracks.some(({ kind }) => kind === 'audio');
    const usual = this.#hasAudio ? targetGapWithSound : targetGap;
    const { latencyMillis } = this.#options;
    this.#edge = new LiveEdge(latencyMillis / 1000 || usual, latencyMillis > 0);
    this.#stats.hasSound = !this.element.muted && this.#hasAudio;
    const video = this.#tracks.find(({ kind }) => kind === 'video');
    this.#stats.width = video?.width ?? 0;
    this.#stats.height = video?.height ?? 0;
    if (!this.#buffer) {
      this.#buffer = /** @type {MediaSource} */ (this.#mediaSource).addSourceBuffer(this.#mime);
      this.#buffer.addEventListener('updateend', this.#onUpdateEnd);
    } else if (this.#mime !== this.#appliedMime) {
      this.#buffer.changeType(this.#mime);
    }
    this.#appliedMime = this.#mime;
    this.#isRunBeginning = true;
  }

  /**
   * @param {ArrayBuffer} bytes
   * @param {Piece} piece
   */
  #prepareFragment(bytes, piece) {
    const buffer = this.#buffer;
    if (!buffer) {
      return;
    }
    const { track, captureMillis, samples } = readFragment(bytes, this.#tracks);
    if (samples.length === 0) {
      return;
    }
    if (this.#isRunBeginning) {
      // Each run has a clock of its own; played one after the other they make one timeline.
      buffer.timestampOffset = bufferedEnd(buffer) - samples[0].decodeTime / track.timescale;
      this.#isRunBeginning = false;
    }
    if (track.kind === 'video') {
      this.#frameSeconds = Math.min(maxFrameSeconds, samples[0].duration / track.timescale);
      const mediaTime = samples[0].presentationTime / track.timescale + buffer.timestampOffset;
      this.#coming.push({ mediaTime, captureMillis, piece });
      if (this.#coming.length > maxWaiting) {
        this.#coming.shift();
      }
    }
  }

  #onUpdateEnd = () => {
    this.#keepAtLiveEdge();
    if (document.hidden) {
      this.#noteShown(this.element.currentTime); // browsers do not tell of frames that nobody sees
    }
    if (!this.#dropBehindIfTooMuch()) {
      this.#appendNext();
    }
  };

  #keepAtLiveEdge() {
    const video = this.element;
    const buffered = video.buffered;
    if (buffered.length === 0) {
      return;
    }
    const start = buffered.start(buffered.length - 1);
    const end = buffered.end(buffered.length - 1);
    const speed = this.#edge.speed(end - video.currentTime, this.#frameSeconds);
    if (Number.isNaN(speed) || video.currentTime < start) {
      video.currentTime = Math.max(start, end - this.#edge.target(this.#frameSeconds));
      video.playbackRate = 1;
    } else {
      video.playbackRate = this.#stats.hasSound ? Math.min(speed, fastestHeard) : speed;
    }
    if (video.paused) {
      this.#play();
    }
  }

  async #play() {
    try {
      await this.element.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError' && !this.element.muted) {
        // No click yet in this page: the picture goes on, the player sees that it is silent.
        this.element.muted = true;
        this.#stats.hasSound = false;
      }
      // An AbortError comes from stop() or from the next play(): nothing to do.
    }
  }

  #dropBehindIfTooMuch() {
    const buffered = this.element.buffered;
    return buffered.length > 0 && this.element.currentTime - buffered.start(0) > maxHeld && this.#dropBehind(keptBehind);
  }

  /**
   * @param {number} seconds that are kept
   * @returns {boolean} whether there was something to drop; the buffer is then updating
   */
  #dropBehind(seconds) {
    const buffered = this.element.buffered;
    const end = this.element.currentTime - seconds;
    if (!this.#buffer || buffered.length === 0 || end <= buffered.start(0)) {
      return false;
    }
    this.#buffer.remove(0, end);
    return true;
  }

  #watchFrames() {
    const video = this.element;
    if ('requestVideoFrameCallback' in video) {
      /** @param {number} _now @param {VideoFrameCallbackMetadata} metadata */
      const onFrame = (_now, metadata) => {
        this.#frameCallback = video.requestVideoFrameCallback(onFrame);
        this.#stats.frames++;
        this.#noteShown(metadata.mediaTime);
        this.#options.onframe();
      };
      this.#frameCallback = video.requestVideoFrameCallback(onFrame);
      return;
    }
    const poll = () => {
      this.#frameCallback = requestAnimationFrame(poll);
      const { currentTime } = this.element;
      const frames = this.element.getVideoPlaybackQuality().totalVideoFrames;
      if (frames > this.#stats.frames) {
        this.#stats.frames = frames;
        this.#noteShown(currentTime);
        this.#options.onframe();
      }
    };
    this.#frameCallback = requestAnimationFrame(poll);
  }

  /** @param {number} mediaTime of the frame on screen */
  #noteShown(mediaTime) {
    const tolerance = 0.005; // half of the shortest frame there is
    const next = this.#coming.findIndex((frame) => frame.mediaTime > mediaTime + tolerance);
    const passed = this.#coming.splice(0, next < 0 ? this.#coming.length : next);
    const shown = passed.at(-1);
    this.#stats.captureMillis = shown?.captureMillis ?? NaN;
    if (shown) {
      this.#stats.isCard = shown.piece.isCard;
      this.#stream?.shown(shown.piece.sequence);
    }
  }

  #onVideoError = () => {
    const error = this.element.error;
    const reason = error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED ? 'unsupported' : 'lost';
    this.#fail(new Trouble(reason, `MSE: ${error?.message}`));
  };

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (this.#stream) {
      this.#stream.close();
      this.#stream = null;
      this.#options.onerror(trouble);
      this.stop();
    }
  }
}

/** @param {SourceBuffer} buffer */
function bufferedEnd({ buffered }) {
  return buffered.length === 0 ? 0 : buffered.end(buffered.length - 1);
}
