// @ts-check

/** @typedef {'camera' | 'screen' | 'microphone'} Kind */

/**
 * @typedef {object} Wish
 * @property {Kind} kind
 * @property {string} camera its id; empty for whichever the browser takes
 * @property {string} microphone its id; empty for whichever the browser takes
 * @property {boolean} hasSound
 * @property {number} height of the picture, pixels
 */

const mostFps = 25;
/** Of the picture that stands for sound: enough for a needle. */
const soundFps = 10;
const soundSize = Object.freeze({ width: 640, height: 360 });
const columns = 48;

/** What a browser records, held until it is closed. */
export class Studio {
  /** What is seen and heard. */
  stream;
  #close;

  /** @param {MediaStream} stream @param {() => void} close */
  constructor(stream, close) {
    this.stream = stream;
    this.#close = close;
  }

  /**
   * Asks the browser, which asks whoever sits before it.
   *
   * @param {Wish} wish
   * @returns {Promise<Studio>}
   */
  static async open(wish) {
    switch (wish.kind) {
      case 'camera': return ofDevices(await navigator.mediaDevices.getUserMedia({ video: video(wish), audio: audio(wish) }));
      case 'screen': return screen(wish);
      case 'microphone': return microphone(wish);
    }
  }

  /** Whether there is sound to send, be it silenced. */
  get hasSound() {
    return this.stream.getAudioTracks().length > 0;
  }

  /** @param {boolean} isMuted */
  mute(isMuted) {
    for (const track of this.stream.getAudioTracks()) {
      track.enabled = !isMuted;
    }
  }

  /** Calls once when a picture or its sound ends by itself: unplugged, or no longer shared. @param {() => void} listener */
  onend(listener) {
    for (const track of this.stream.getTracks()) {
      track.addEventListener('ended', listener, { once: true }); // not fired by close()
    }
  }

  close() {
    this.#close();
  }
}

/** @param {MediaStream} stream */
function ofDevices(stream) {
  return new Studio(stream, () => stop(stream));
}

/** @param {MediaStream} stream */
function stop(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

/** @param {Wish} wish */
function video({ camera, height }) {
  return { ...(camera && { deviceId: { exact: camera } }), height: { ideal: height }, width: { ideal: Math.round((height * 16) / 9) }, frameRate: { ideal: mostFps, max: mostFps } };
}

/** @param {Wish} wish */
function audio({ microphone: id, hasSound }) {
  return hasSound && (id ? { deviceId: { exact: id } } : true);
}

/** The screen, with its own sound where that is shared, else with the microphone's. @param {Wish} wish */
async function screen(wish) {
  const shared = await navigator.mediaDevices.getDisplayMedia({
    video: { height: { max: wish.height }, frameRate: { max: mostFps } }, audio: wish.hasSound,
  });
  if (wish.hasSound && shared.getAudioTracks().length === 0) {
    try {
      const voice = await navigator.mediaDevices.getUserMedia({ audio: audio(wish) });
      voice.getAudioTracks().forEach((track) => shared.addTrack(track));
    } catch (error) {
      stop(shared);
      throw error;
    }
  }
  return ofDevices(shared);
}

/** Sound alone, with a picture of how loud it is: sources have a picture. @param {Wish} wish */
async function microphone(wish) {
  const voice = await navigator.mediaDevices.getUserMedia({ audio: audio({ ...wish, hasSound: true }) });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(voice).connect(analyser);
  const canvas = Object.assign(document.createElement('canvas'), soundSize);
  const samples = new Float32Array(analyser.fftSize);
  /** @type {number[]} */
  const levels = new Array(columns).fill(0);
  const paint = () => {
    analyser.getFloatTimeDomainData(samples);
    const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    levels.push(Math.min(1, Math.sqrt(mean) * 4));
    levels.shift();
    paintLevels(canvas, levels);
  };
  paint();
  const timer = setInterval(paint, 1000 / soundFps);
  const picture = canvas.captureStream(soundFps);
  const stream = new MediaStream([...picture.getVideoTracks(), ...voice.getAudioTracks()]);
  return new Studio(stream, () => {
    clearInterval(timer);
    stop(stream);
    context.close().catch(console.info);
  });
}

/** @param {HTMLCanvasElement} canvas @param {number[]} levels from 0 to 1, the newest last */
function paintLevels(canvas, levels) {
  const { width, height } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = '#14161d';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#ffc52e';
  const step = width / levels.length;
  levels.forEach((level, i) => {
    const tall = 4 + level * (height - 40);
    context.fillRect(i * step + 2, (height - tall) / 2, step - 4, tall);
  });
}

/** The devices to choose from; without names until the browser may tell them. */
export async function devices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return {
    cameras: all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId),
    microphones: all.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId),
  };
}
