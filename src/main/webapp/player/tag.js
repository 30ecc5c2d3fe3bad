// @ts-check

const fragmentKind = 1;
const segmentKind = 2;
const startFlag = 1;
const soundFlag = 4;
const cardFlag = 8;

/** What stands before the payload of each binary message of a link: docs/PROTOCOL.md, 2.3. */
export class Tag {
  static bytes = 16;

  /** Whether the payload is of a kind that we know. */
  isKnown;
  isSegment;
  /** Whether what was before is not continued. */
  isStart;
  isSound;
  /** Whether a card is shown in the place of a source that is not there. */
  isCard;
  /** Of the subscription. */
  number;
  sequence;
  /** When it was captured, server's clock, unix milliseconds; NaN of an init segment. */
  captureMillis;

  /** @param {ArrayBuffer} message at least as long as a tag */
  constructor(message) {
    const view = new DataView(message);
    const kind = view.getUint8(0);
    const flags = view.getUint8(1);
    this.isKnown = kind === fragmentKind || kind === segmentKind;
    this.isSegment = kind === segmentKind;
    this.isStart = (flags & startFlag) !== 0;
    this.isSound = (flags & soundFlag) !== 0;
    this.isCard = (flags & cardFlag) !== 0;
    this.number = view.getUint16(2);
    this.sequence = view.getUint32(4);
    this.captureMillis = Number(view.getBigUint64(8)) / 1000 || NaN;
  }
}
