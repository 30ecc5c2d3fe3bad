// @ts-check

/** @typedef {import('./sources.js').Source} Source */

/** A way that has given no frame after so long, though the source is live, is at fault. */
export const firstFrameMillis = 3_000;
/** The same where there is no other way: whatever is slow may need it. */
const lastHopeMillis = 12_000;
/** The same where the server does not tell of the source either. */
const silenceMillis = 10_000;
/** A picture that stands for so long is looked into. */
export const stallMillis = 5_000;
/** It is the way's fault after so long, where nobody knows whether the source has newer ones. */
const doubtMillis = 10_000;
/** The source's newest picture is so much newer than a picture that stands. */
const newerMillis = 1_000;

/**
 * Whether it is a way's own fault that it has shown nothing yet. While the source is starting, or
 * gives no picture, it is not.
 *
 * @param {number} waitedMillis since it was begun
 * @param {boolean} hasOther whether there is another way that could be tried
 * @param {{source: Source, now: number} | null | undefined} answer of `fetchSource`
 */
export function isAtFaultForNothing(waitedMillis, hasOther, answer) {
  if (!hasOther) {
    return waitedMillis > lastHopeMillis;
  }
  if (!answer) {
    return waitedMillis > silenceMillis;
  }
  const { source, now } = answer;
  const isNew = now - source.since < firstFrameMillis;
  // Idle though we are here: we have not come through.
  return source.state === 'idle' || (source.state === 'live' && !isNew);
}

/**
 * Whether it is a way's own fault that its picture stands. A source may be live and yet have a new
 * picture only now and then.
 *
 * @param {number} stoodMillis for how long it has shown the same
 * @param {string | undefined} state of the source, undefined if the server does not tell
 * @param {boolean | undefined} hasNewer of {@link isNewer}
 */
export function isAtFaultForStanding(stoodMillis, state, hasNewer) {
  return state === 'live' && (hasNewer ?? stoodMillis > doubtMillis);
}

/**
 * @param {number} newestMillis when the source's newest picture was captured; NaN if not known
 * @param {number} shownMillis when the picture on screen was, or at least was painted; NaN if not known
 * @returns {boolean | undefined} whether the first is newer; undefined if that is not known
 */
export function isNewer(newestMillis, shownMillis) {
  const ahead = newestMillis - shownMillis;
  return Number.isNaN(ahead) ? undefined : ahead > newerMillis;
}
