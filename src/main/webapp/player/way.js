// @ts-check

/**
 * What every way of playing keeps to, so that the player need not know which one it has.
 *
 * A way is made, put into the page by its `element`, started once, and stopped once; after a
 * trouble it has stopped itself, once `onerror` has returned: until then its last picture can still
 * be seen. To try again, make a new one.
 *
 * @typedef {object} Way
 * @property {HTMLElement} element what shows the picture; empty until the first frame
 * @property {() => void} start connects; the picture comes later, by `onframe`
 * @property {() => void} stop lets go of every socket, timer and decoder; may be called twice
 * @property {() => WayStats} stats
 * @property {(isMuted: boolean, volume: number) => void} [setSound] volume from 0 to 1; ways without
 *     sound need not have it
 *
 * @typedef {object} WayOptions
 * @property {string} src address of the source, without an ending: `http://host/live/demo`,
 *     perhaps with `?link=`
 * @property {string} rendition name of the rendition, empty for the usual one
 * @property {number} width for about so many pixels across, 0 if that does not matter; not together
 *     with a rendition
 * @property {boolean} sound whether sound is wanted; ways without sound ignore it
 * @property {number} volume from 0 to 1
 * @property {number} latencyMillis how far behind the newest picture to stay, 0 for the way's own
 * @property {() => void} onframe a frame was painted; at least once, for the first one
 * @property {() => void} onlapped frames were left out, as the link does not carry all
 * @property {(trouble: Trouble) => void} onerror at most once; the way has stopped
 *
 * @typedef {object} WayStats
 * @property {string} label how the picture is decoded and shown, in a word or two
 * @property {number} width coded width in pixels, 0 while unknown
 * @property {number} height coded height in pixels, 0 while unknown
 * @property {number} frames painted since start; NaN if the browser does not tell
 * @property {number} captureMillis when the frame on screen was captured, server's clock, unix
 *     milliseconds; NaN if not known
 * @property {boolean} hasSound whether a sound track is being played
 * @property {boolean} [isCard] whether it is a card in the place of a source that is not there
 * @property {string} [rendition] name of the rendition that plays
 * @property {number} [lapped] how often frames were left out since start
 * @property {number} [dropped] frames that came and were not shown, since start
 */

/**
 * Why a way stopped.
 *
 * - `no-such-source`: for good
 * - `denied`: we may not watch it; the words say why
 * - `unsupported`: this browser cannot play this stream by this way
 * - `unavailable`: the source gives no picture now
 * - `restarting`: the stream goes on in a way that this connection cannot follow
 * - `stopping`: the server goes away for a moment
 * - `timeout`: nothing came
 * - `lost`: the connection broke
 */
export class Trouble {
  /**
   * @param {'no-such-source' | 'denied' | 'unsupported' | 'unavailable' | 'restarting' | 'stopping' | 'timeout' | 'lost'} reason
   * @param {string} [detail] for the console and the curious
   * @param {string} [words] for people, where the server tells more than the reason
   * @param {number} [waitMillis] for how long it is of no use to try again
   * @param {number} [awayMillis] for how long a server that stops wants to be left alone
   */
  constructor(reason, detail = '', words = '', waitMillis = 0, awayMillis = 0) {
    this.reason = reason;
    this.detail = detail;
    this.words = words;
    this.waitMillis = waitMillis;
    this.awayMillis = awayMillis;
  }

  /** Whether trying again the same way can help. */
  get isPassing() {
    return !['no-such-source', 'denied', 'unsupported'].includes(this.reason);
  }
}

/**
 * The address of one stream of a source.
 *
 * @param {string} src address of the source, without an ending; its query stays
 * @param {string} ending `.gif`, `/fmp4`
 * @param {Record<string, string>} [parameters] empty values are left out
 */
export function streamUrl(src, ending, parameters = {}) {
  const url = new URL(src);
  url.pathname += ending;
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      url.searchParams.set(name, value);
    }
  }
  return url.href;
}
