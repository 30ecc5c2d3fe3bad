// @ts-check
import { Attempt } from './attempt.js';
import { Backoff } from './backoff.js';
import { Detail } from './detail.js';
import { firstFrameMillis, isAtFaultForNothing, isAtFaultForStanding, isNewer, stallMillis } from './fault.js';
import { Ladder } from './ladder.js';
import { LiveLinks } from './live-links.js';
import { Meter } from './meter.js';
import { pictureIn } from './screen.js';
import { Served } from './served.js';
import { Stage } from './stage.js';
import { Still } from './still.js';
import { Trouble } from './way.js';
import { ways } from './ways.js';

/**
 * @typedef {import('./meter.js').PlayerStats} PlayerStats
 * @typedef {import('./screen.js').Screen} Screen
 * @typedef {import('./texts.js').Say} Say
 *
 * @typedef {object} Settings what the page and the viewer wish for now
 * @property {string[]} order names of ways, the best first
 * @property {string} rendition empty for the usual one
 * @property {number} width pixels across of the element on this screen
 * @property {number} latencyMillis 0 for the way's own
 * @property {boolean} isMuted
 * @property {number} volume 0 to 1
 *
 * @typedef {object} Listeners none may call back into the playback before it has returned
 * @property {(state: 'connecting' | 'playing' | 'stalled' | 'retrying' | 'failed', message: (say: Say) => string) => void} onstate
 * @property {(from: string, to: string, reason: string) => void} onwaychange
 * @property {(width: number, height: number) => void} onsize of the picture that is shown
 * @property {(stats: PlayerStats) => void} onstats once a second
 * @property {(trouble: Trouble) => void} onfail trying again does not help
 */

/** A way that stands for so long is begun anew where there is no other. */
const reopenMillis = 15_000;
/** A way that played for so long is a good one. */
const steadyMillis = 10_000;
const judgeMillis = 1_000;
const tickMillis = 1_000;
const stillMillis = 2_000;
const calmStillMillis = 5_000;
/** So many connections in a row that broke before long are the way's fault. */
const maxMisses = 2;
/** A server that has not said so often whether there is sound is one that never does. */
const maxSoundQuestions = 3;

/**
 * Plays one source: the newest still first, then the best way that works, another when it does not,
 * and always with a picture. A way on screen stays until the next one has painted, or else its last
 * picture does. Made for one source; does nothing until told to.
 */
export class Playback {
  #src;
  #screen;
  #stage;
  #settings;
  #listeners;
  #ladder;
  #still;
  #clock;
  #backoff = new Backoff();
  #detail = new Detail(() => performance.now());
  #meter = new Meter();
  #life = new AbortController();
  /** @type {'resting' | 'calm' | 'playing'} what it was told to */
  #mode = 'resting';
  /** @type {'' | 'connecting' | 'playing' | 'stalled' | 'retrying' | 'failed'} */
  #state = '';
  /** Another object whenever something was decided: who waited for an answer then comes too late. */
  #turn = {};
  /** @type {Map<string, number>} connections in a row that broke before long, by way */
  #misses = new Map();
  /** @type {Trouble | null} why we may not watch some way */
  #denial = null;
  #served;
  #newestStillMillis = NaN;
  #isAsking = false;
  #soundQuestions = 0;
  #retryTimer = 0;
  #tickTimer = 0;
  /** @type {PlayerStats | null} */
  #stats = null;

  /**
   * @param {string} src the source's whole address, without an ending
   * @param {Screen} screen
   * @param {() => Settings} settings
   * @param {Listeners} listeners
   */
  constructor(src, screen, settings, listeners) {
    this.#src = src;
    this.#screen = screen;
    this.#stage = new Stage(screen, {
      onshown: (attempt, from) => this.#tookOver(attempt, from),
      onfrozen: ({ name }) => this.#ladder.left(name, 'stalled'),
    });
    this.#settings = settings;
    this.#listeners = listeners;
    this.#served = new Served(src, this.#life.signal);
    this.#ladder = new Ladder(this.#order(), () => performance.now());
    this.#clock = LiveLinks.of(src).clock;
    this.#still = new Still(src, {
      onpicture: (picture, captureMillis) => this.#stillCame(picture, captureMillis),
      ondenied: (words) => this.#stillRefused(new Trouble('denied', '', words)),
      onmissing: (trouble) => trouble.isPassing || this.#stillRefused(trouble),
    });
  }

  /** Name of the way on screen, empty without. */
  get way() {
    return this.#stage.shown?.name ?? '';
  }

  /** Names of those ways of the order that the source has, and that have not been found wanting. */
  get waysThere() {
    return this.#order().filter((name) => this.#ladder.has(name));
  }

  /** Whether the source has sound; undefined while nobody knows. */
  get hasSound() {
    return this.#served.hasSound;
  }

  /** What is on screen. */
  get picture() {
    return this.#stage.shown ? pictureIn(this.#stage.shown.way.element) : this.#screen.still;
  }

  /** Of the last second; null while no way is on screen. */
  get stats() {
    return this.#stage.shown ? this.#stats : null;
  }

  /** @param {string} reason for those who listen */
  play(reason) {
    this.#halt(reason);
    this.#mode = 'playing';
    this.#backoff.reset();
    this.#ladder.reorder(this.#order());
    this.#still.refresh();
    this.#open(reason);
    this.#learnFormats();
  }

  /**
   * Shows a still now and then, and nothing else.
   *
   * @param {string} reason for those who listen
   */
  calm(reason) {
    this.#halt(reason);
    this.#mode = 'calm';
    this.#still.refresh();
    this.#still.every(calmStillMillis);
  }

  /**
   * Lets go of all connections; the last picture stays.
   *
   * @param {string} reason for those who listen
   */
  rest(reason) {
    this.#halt(reason);
    this.#mode = 'resting';
  }

  /** Shows the newest still, if there is no picture yet. */
  peek() {
    if (!this.#screen.still) {
      this.#still.refresh();
    }
  }

  /**
   * Something that was wished for is another. What is shown stays until it has been followed.
   *
   * @param {string} reason for those who listen
   * @param {string} [pardoned] name of a way that need not rest any more
   */
  change(reason, pardoned = '') {
    this.#ladder.reorder(this.#order());
    this.#ladder.steady(pardoned);
    if (this.#mode !== 'playing') {
      return;
    }
    const name = this.#ladder.best;
    const opening = this.#stage.opening;
    if (opening?.name === name && this.#isAsWished(opening)) {
      this.#hasten();
    } else if (this.#stage.shown?.name === name && this.#isAsWished(this.#stage.shown)) {
      this.#stay();
    } else {
      this.#backoff.reset();
      this.#open(reason);
    }
  }

  /** Muted or not, and how loud, is another. */
  changeSound() {
    const { isMuted, volume } = this.#settings();
    this.#stage.shown?.way.setSound?.(isMuted, volume);
    this.#stage.opening?.way.setSound?.(isMuted, volume);
    this.change('sound');
  }

  /** The end; nothing is told any more. */
  close() {
    this.rest('removed');
    this.#life.abort();
  }

  /** @param {string} reason */
  #halt(reason) {
    this.#turn = {};
    this.#state = '';
    clearTimeout(this.#retryTimer);
    clearInterval(this.#tickTimer);
    this.#tickTimer = 0;
    this.#stage.giveUp();
    this.#leaveScreen(reason);
    this.#still.stop();
  }

  /**
   * Begins the best way that there is, even if all rest.
   *
   * @param {string} reason
   */
  #open(reason) {
    const name = this.#ladder.best;
    if (name) {
      this.#begin(name, reason);
    } else {
      this.#fail(this.#denial ?? new Trouble('unsupported'));
    }
  }

  /**
   * @param {string} name
   * @param {string} reason
   * @param {boolean} [isBeside]
   */
  #begin(name, reason, isBeside = false) {
    this.#turn = {};
    clearTimeout(this.#retryTimer);
    this.#tickTimer ||= setInterval(() => this.#tick(), tickMillis);
    const { rendition, latencyMillis, isMuted, volume } = this.#settings();
    const attempt = new Attempt(name, reason, this.#wish(name), isBeside, {
      src: this.#src,
      rendition,
      width: this.#width(),
      sound: ways[name].hasSound && !isMuted,
      volume,
      latencyMillis,
      onframe: () => this.#painted(attempt),
      onlapped: () => (attempt.isLapped = true),
      onerror: (trouble) => this.#stopped(attempt, trouble),
    });
    this.#stage.open(attempt);
    attempt.timer = setTimeout(() => this.#judge(attempt), firstFrameMillis);
    if (!isBeside) {
      this.#tell('connecting');
    }
    if (!this.#stage.shown) {
      this.#still.every(stillMillis);
    }
    try {
      attempt.way.start();
    } catch (error) {
      this.#stopped(attempt, new Trouble('lost', `${name}: ${error}`));
    }
    this.#clock.refresh(); // over the link that was begun just now, if there was none
  }

  /** For how many pixels across to ask. */
  #width() {
    const { rendition, width } = this.#settings();
    return rendition ? 0 : this.#detail.of(width);
  }

  /** @param {string} name what a way of that name would be begun with now */
  #wish(name) {
    const { rendition, latencyMillis, isMuted } = this.#settings();
    return JSON.stringify([rendition, latencyMillis, ways[name].hasSound && !isMuted]);
  }

  /** @param {Attempt} attempt */
  #isAsWished(attempt) {
    const { format } = ways[attempt.name];
    const isOfThatSize = this.#served.fit(format, attempt.width) === this.#served.fit(format, this.#width());
    return isOfThatSize && attempt.wish === this.#wish(attempt.name);
  }

  /** @param {Attempt} attempt */
  #painted(attempt) {
    const serverMillis = this.#clock.now();
    if (attempt.painted(serverMillis)) {
      this.#stage.painted(attempt);
    }
    if (attempt === this.#stage.shown) {
      this.#meter.note(serverMillis - attempt.way.stats().captureMillis);
      if (this.#state !== 'playing' && (!this.#stage.opening || this.#stage.opening.isBeside)) {
        this.#screen.lowerStill();
        this.#stay();
      }
      if (attempt.isLapped) {
        attempt.isLapped = false;
        this.#lapped(attempt);
      }
    }
  }

  /**
   * @param {Attempt} attempt that is on screen from now on
   * @param {Attempt | null} from
   */
  #tookOver(attempt, from) {
    const { isMuted, volume } = this.#settings();
    attempt.way.setSound?.(isMuted, volume);
    this.#meter.begin(attempt.way.stats().frames, attempt.shownAt);
    if (from?.name !== attempt.name) {
      this.#listeners.onwaychange(from?.name ?? '', attempt.name, attempt.reason);
    }
    this.#stay();
  }

  /** What is on screen is right: nothing else is needed. */
  #stay() {
    this.#turn = {};
    if (this.#stage.opening && !this.#stage.opening.isBeside) {
      this.#stage.giveUp();
    }
    clearTimeout(this.#retryTimer);
    this.#still.stop();
    this.#tell('playing');
    this.#measureSize();
  }

  /** What is being tried beside another is needed now. */
  #hasten() {
    if (this.#stage.opening?.isBeside) {
      this.#stage.hasten();
      if (this.#stage.opening) {
        this.#tell('connecting');
      }
    }
  }

  /** @param {string} reason why the way on screen goes before another one has come */
  #leaveScreen(reason) {
    const left = this.#stage.leave();
    if (left) {
      this.#listeners.onwaychange(left.name, '', reason);
    }
  }

  /**
   * @param {Attempt} attempt
   * @param {Trouble} trouble
   */
  #stopped(attempt, trouble) {
    if (trouble.detail) {
      console.info(`zoetrope-player: ${trouble.detail}`);
    }
    if (attempt === this.#stage.shown) {
      this.#leaveScreen(trouble.reason);
      if (this.#stage.opening) {
        this.#still.every(stillMillis);
        this.#hasten();
        return;
      }
    } else if (attempt === this.#stage.opening) {
      this.#stage.giveUp();
      if (attempt.isBeside) {
        this.#ladder.left(attempt.name, trouble.isPassing ? 'no-frame' : 'unsupported');
        return;
      }
    } else {
      return;
    }
    this.#tell('connecting');
    this.#goOnAfter(attempt, trouble);
  }

  /**
   * @param {Attempt} attempt that is no more
   * @param {Trouble} trouble
   */
  #goOnAfter(attempt, trouble) {
    if (trouble.reason === 'unsupported') {
      this.#ladder.left(attempt.name, 'unsupported');
      this.#goOn('unsupported', trouble);
    } else if (trouble.reason === 'denied' && attempt.isShown) {
      this.#fail(trouble); // allowed no more, or cut by an operator
    } else if (trouble.reason === 'denied') {
      this.#denial = trouble; // a link may be for some ways only
      this.#leaveFormat(ways[attempt.name].format, 'denied');
      this.#goOn('denied', trouble);
    } else if (trouble.isPassing && (attempt.isSteady || trouble.waitMillis > 0 || trouble.awayMillis > 0)) {
      this.#retry(trouble); // it was not the way's fault
    } else {
      this.#inquire(attempt, trouble);
    }
  }

  /**
   * @param {string} format of which no way will do
   * @param {string} reason
   */
  #leaveFormat(format, reason) {
    for (const [name, kind] of Object.entries(ways)) {
      if (kind.format === format) {
        this.#ladder.left(name, reason);
      }
    }
  }

  /**
   * Goes on with the best way that is left, or waits.
   *
   * @param {string} reason
   * @param {Trouble} trouble
   */
  #goOn(reason, trouble) {
    const name = this.#ladder.best;
    const shown = this.#stage.shown;
    const isAllAtRest = name !== '' && this.#ladder.restMillis(name) > 0;
    if (shown && this.#state !== 'stalled' && (isAllAtRest || (shown.name === name && this.#isAsWished(shown)))) {
      this.#stay();
    } else if (isAllAtRest) {
      this.#retry(trouble);
    } else {
      this.#open(reason);
    }
  }

  /** @param {Trouble} trouble */
  #retry(trouble) {
    this.#turn = {};
    const own = this.#backoff.next(trouble.reason, trouble.awayMillis);
    // The players of a page share a link, and wait for it together; they do not come all at one moment.
    const millis = trouble.waitMillis > 0 ? trouble.waitMillis + own / 5 : own;
    const seconds = Math.max(1, Math.round(millis / 1000));
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open('again'), millis);
    this.#still.every(Math.max(stillMillis, millis));
    this.#tell('retrying', (say) => say('trying-again', { why: say(trouble.reason), seconds }));
  }

  /**
   * Images do not say why they failed, and a broken connection not whose fault it is; the list of
   * sources does.
   *
   * @param {Attempt} attempt that is no more
   * @param {Trouble} trouble
   */
  async #inquire(attempt, trouble) {
    const { name } = attempt;
    const turn = (this.#turn = {});
    const answer = await this.#ask();
    if (turn !== this.#turn) {
      return;
    }
    const isServerThere = answer !== undefined;
    if (answer === null) {
      this.#refuse();
    } else if (isServerThere && trouble.reason === 'no-such-source') {
      this.#ladder.left(name, 'unsupported'); // it is only not served like this
      this.#goOn('unsupported', trouble);
    } else if (isServerThere && trouble.reason === 'lost') {
      this.#missed(attempt, trouble);
    } else if (trouble.reason === 'unavailable' && answer?.source.state === 'live') {
      this.#ladder.left(name, 'no-frame'); // the server has answered: at once it would do so again
      this.#goOn('unavailable', trouble);
    } else {
      this.#retry(trouble);
    }
  }

  /**
   * @param {Attempt} attempt whose connection broke, though the server is there
   * @param {Trouble} trouble
   */
  #missed({ name, hasPainted }, trouble) {
    const misses = (this.#misses.get(name) ?? 0) + 1;
    this.#misses.set(name, misses);
    if (misses >= maxMisses) {
      this.#misses.delete(name);
      this.#ladder.left(name, 'no-frame');
      this.#goOn('lost', trouble);
    } else if (hasPainted) {
      this.#retry(trouble);
    } else {
      this.#open('again'); // the server may only just have come back
    }
  }

  /** Ends it with the reason why the source is not in the list. */
  async #refuse() {
    const turn = (this.#turn = {});
    const trouble = await this.#served.whyNot();
    if (turn !== this.#turn) {
      return;
    }
    if (trouble.isPassing) {
      this.#retry(trouble);
    } else {
      this.#fail(trouble);
    }
  }

  /** @param {Trouble} trouble that trying again does not help */
  #fail(trouble) {
    this.#halt(trouble.reason);
    if (trouble.reason === 'denied') {
      this.#screen.clear(); // what may not be watched is not shown either
    }
    this.#tell('failed', (say) => trouble.words || say(trouble.reason));
    this.#listeners.onfail(trouble);
  }

  /** What the server says of the source, null and undefined as {@link Served} has it. */
  async #ask() {
    const answer = await this.#served.ask();
    if (answer) {
      this.#ladder.reorder(this.#order());
    }
    return answer;
  }

  /** What the source is not served in is not tried first, and not offered. */
  async #learnFormats() {
    await this.#ask();
    if (this.#stage.opening && !this.#ladder.has(this.#stage.opening.name)) {
      this.#goOn('unsupported', new Trouble('unsupported'));
    }
  }

  /** What is wished for, without what the source is not served in, as far as we know. */
  #order() {
    const { order, rendition } = this.#settings();
    const served = order.filter((name) => !ways[name].format || this.#served.has(ways[name].format, rendition));
    return served.length > 0 ? served : order; // then the server says what is wrong
  }

  /**
   * No frame yet: whose fault is that?
   *
   * @param {Attempt} attempt
   */
  async #judge(attempt) {
    const answer = await this.#ask();
    if (attempt !== this.#stage.opening || attempt.hasPainted) {
      return;
    }
    const hasOther = this.#ladder.otherThan(attempt.name) !== '';
    if (!document.hidden && isAtFaultForNothing(attempt.ageMillis, hasOther, answer)) {
      this.#stage.giveUp();
      this.#ladder.left(attempt.name, 'no-frame');
      if (!attempt.isBeside) {
        this.#goOn('no-frame', new Trouble('timeout'));
      }
      return;
    }
    if (!attempt.isBeside) {
      this.#tell('connecting', (say) => say('late'));
    }
    attempt.timer = setTimeout(() => this.#judge(attempt), judgeMillis);
  }

  #tick() {
    const now = performance.now();
    const shown = this.#stage.shown;
    this.#clock.refresh();
    this.#measure(now);
    if (!shown) {
      return;
    }
    if (this.hasSound === undefined && this.#soundQuestions < maxSoundQuestions) {
      this.#soundQuestions++;
      this.#ask(); // the server did not know before the source was there
    }
    if (!shown.isSteady && this.#state === 'playing' && now - shown.shownAt > steadyMillis) {
      shown.isSteady = true;
      this.#ladder.steady(shown.name);
      this.#misses.delete(shown.name);
      this.#backoff.reset();
    }
    if (this.#stage.opening || document.hidden) {
      return; // frames of a tab that nobody sees are not told of
    }
    if (shown.stoodMillis > stallMillis) {
      this.#stands(shown);
    } else if (this.#state === 'playing') {
      this.#climb(shown);
    }
  }

  /** @param {Attempt} shown */
  #stands(shown) {
    if (this.#state === 'playing') {
      this.#tell('stalled', (say) => say('stalled'));
      this.#still.refresh();
      this.#still.every(stillMillis);
    }
    if (!this.#isAsking) {
      this.#judgeStall(shown);
    }
  }

  /**
   * The picture stands: is it the source, or the way?
   *
   * @param {Attempt} shown
   */
  async #judgeStall(shown) {
    this.#isAsking = true;
    const answer = await this.#ask();
    this.#isAsking = false;
    if (shown !== this.#stage.shown || this.#stage.opening || this.#state !== 'stalled') {
      return;
    }
    const stood = shown.stoodMillis;
    if (!isAtFaultForStanding(stood, answer?.source.state, isNewer(this.#newestStillMillis, shown.shownMillis))) {
      return;
    }
    if (this.#ladder.otherThan(shown.name)) {
      this.#ladder.left(shown.name, 'stalled');
      this.#begin(this.#ladder.best, 'stalled');
    } else if (stood > reopenMillis) {
      this.#begin(shown.name, 'stalled');
    }
  }

  /** @param {Attempt} shown which may be followed by something better */
  #climb(shown) {
    const better = this.#ladder.better(shown.name);
    this.#detail.eased();
    if (better) {
      this.#begin(better, 'better', true);
    } else if (this.#ladder.restMillis(shown.name) === 0 && !this.#isAsWished(shown)) {
      this.#begin(shown.name, 'resized', true); // it is shown larger or smaller, or there is room for more
    }
  }

  /** @param {Attempt} attempt on screen, whose link does not carry all */
  #lapped(attempt) {
    if (!this.#stage.opening && this.#detail.lapped() && !this.#isAsWished(attempt)) {
      this.#begin(attempt.name, 'lapped');
    }
  }

  /**
   * @param {ImageBitmap} picture
   * @param {number} captureMillis
   */
  #stillCame(picture, captureMillis) {
    this.#newestStillMillis = captureMillis;
    const shown = this.#stage.shown;
    if (!shown) {
      this.#screen.showStill(picture, false);
      this.#listeners.onsize(picture.width, picture.height);
    } else if (shown.stoodMillis > stallMillis && isNewer(captureMillis, shown.shownMillis) !== false) {
      this.#screen.showStill(picture, true);
    } // else what plays is newer
  }

  /** @param {Trouble} trouble with which a still was refused; ways find out by themselves */
  #stillRefused(trouble) {
    if (this.#mode === 'calm') {
      this.#fail(trouble);
    }
  }

  /** @param {number} now */
  #measure(now) {
    const wasCard = this.#stats?.isCard ?? false;
    this.#stats = this.#meter.read(this.way, this.#stage.shown?.way.stats(), this.#settings().rendition, now);
    this.#listeners.onstats(this.#stats);
    if (wasCard && !this.#stats.isCard) {
      this.#ask(); // it may be back with sound, or without
    }
    if (this.#state === 'playing') {
      this.#measureSize();
    }
  }

  #measureSize() {
    const { width = 0, height = 0 } = this.#stage.shown?.way.stats() ?? {};
    if (width > 0 && height > 0) {
      this.#listeners.onsize(width, height);
    }
  }

  /**
   * @param {'connecting' | 'playing' | 'stalled' | 'retrying' | 'failed'} state
   * @param {(say: Say) => string} [message]
   */
  #tell(state, message = () => '') {
    this.#state = state;
    this.#listeners.onstate(state, message);
  }
}
