// @ts-check

/** The shape that most pictures have; others are shown within it. */
const ratio = 16 / 9;
/** Narrower ones, in CSS pixels, say nothing: the page is scrolled instead. */
const minWidth = 150;

/**
 * How many tiles beside each other are largest, without scrolling if that leaves something to see.
 *
 * @param {number} tiles
 * @param {number} width of the room there is, in pixels
 * @param {number} height of it
 * @param {number} gap around each, in pixels
 * @returns {{columns: number, width: number}} with the width of a tile
 */
export function layoutFor(tiles, width, height, gap) {
  const acrossOf = (/** @type {number} */ columns) => (width - gap * (columns + 1)) / columns;
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= tiles; columns++) {
    const rows = Math.ceil(tiles / columns);
    const byHeight = ((height - gap * (rows + 1)) / rows) * ratio;
    const across = Math.floor(Math.min(acrossOf(columns), byHeight));
    if (across > best.width) {
      best = { columns, width: across };
    }
  }
  if (best.width < minWidth) {
    const columns = Math.max(1, Math.floor(width / minWidth));
    best = { columns, width: Math.floor(acrossOf(columns)) };
  }
  return best;
}

/**
 * Where an arrow key leads.
 *
 * @param {string} key
 * @param {number} index where it is pressed
 * @param {number} tiles
 * @param {number} columns
 * @returns {number} the same if it leads nowhere
 */
export function placeAfter(key, index, tiles, columns) {
  const steps = /** @type {Record<string, number>} */ ({
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -index,
    End: tiles - 1 - index,
  });
  const place = index + (steps[key] ?? 0);
  return place >= 0 && place < tiles ? place : index;
}

/**
 * A copy in which one has gone to another place; those between move up.
 *
 * @template T
 * @param {readonly T[]} all
 * @param {number} from
 * @param {number} to
 */
export function moved(all, from, to) {
  const copy = [...all];
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}
