// @ts-check
import { stallMillis } from './fault.js';

/**
 * @typedef {import('./attempt.js').Attempt} Attempt
 * @typedef {import('./screen.js').Screen} Screen
 */

/** A better way must have shown frames for so long before it takes over. */
const proofMillis = 1_000;

/**
 * The attempt on screen and the one that is to follow it. The first stays until the second has
 * painted; one that is tried beside it must have gone on for a while.
 */
export class Stage {
  #screen;
  #listeners;
  /** @type {Attempt | null} */
  #shown = null;
  /** @type {Attempt | null} */
  #opening = null;

  /**
   * @param {Screen} screen
   * @param {object} listeners
   * @param {(shown: Attempt, from: Attempt | null) => void} listeners.onshown it is on screen from now on
   * @param {(attempt: Attempt) => void} listeners.onfrozen it was tried beside another, stood after
   *     its first frame, and is no more
   */
  constructor(screen, listeners) {
    this.#screen = screen;
    this.#listeners = listeners;
  }

  /** What is on screen. */
  get shown() {
    return this.#shown;
  }

  /** What is to follow it, or to be the first. */
  get opening() {
    return this.#opening;
  }

  /** @param {Attempt} attempt that is to follow; the one before it that was to is given up */
  open(attempt) {
    this.giveUp();
    this.#opening = attempt;
    this.#screen.add(attempt.way);
  }

  /** @param {Attempt} attempt that has painted its first frame */
  painted(attempt) {
    if (attempt !== this.#opening) {
      return;
    }
    clearTimeout(attempt.timer);
    if (attempt.isBeside) {
      attempt.timer = setTimeout(() => this.#prove(attempt), proofMillis);
    } else {
      this.#show(attempt);
    }
  }

  /** What is being tried beside another is needed now: it is shown as soon as it has painted. */
  hasten() {
    const opening = this.#opening;
    if (opening) {
      opening.isBeside = false;
      if (opening.hasPainted) {
        this.#show(opening);
      }
    }
  }

  /** Drops what has not been shown yet. */
  giveUp() {
    if (this.#opening) {
      clearTimeout(this.#opening.timer);
      this.#screen.remove(this.#opening.way);
      this.#opening = null;
    }
  }

  /** Takes away what is on screen; its last picture stays. @returns {Attempt | null} what it was */
  leave() {
    const shown = this.#shown;
    if (shown) {
      this.#shown = null;
      this.#screen.remove(shown.way);
    }
    return shown;
  }

  /** @param {Attempt} attempt which takes over if it has gone on after its first frame */
  #prove(attempt) {
    if (attempt.way.stats().frames !== 1) {
      this.#show(attempt);
    } else if (attempt.stoodMillis > stallMillis) {
      this.giveUp();
      this.#listeners.onfrozen(attempt);
    } else {
      attempt.timer = setTimeout(() => this.#prove(attempt), proofMillis);
    }
  }

  /** @param {Attempt} attempt */
  #show(attempt) {
    clearTimeout(attempt.timer);
    const from = this.leave();
    this.#shown = attempt;
    this.#opening = null;
    this.#screen.reveal(attempt.way);
    attempt.shownAt = performance.now();
    this.#listeners.onshown(attempt, from);
  }
}
