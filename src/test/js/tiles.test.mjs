// @ts-check
// Run by: node --test src/test/js
import assert from 'node:assert/strict';
import test from 'node:test';
import { layoutFor, moved, placeAfter } from '../../main/webapp/pages/tiles.js';

test('tilesAreAsLargeAsThereIsRoomFor', () => {
  assert.deepEqual(layoutFor(1, 1280, 720, 0), { columns: 1, width: 1280 });
  assert.deepEqual(layoutFor(4, 1280, 720, 0), { columns: 2, width: 640 });
  assert.deepEqual(layoutFor(24, 1920, 1080, 2), { columns: 5, width: 379 });
  assert.deepEqual(layoutFor(3, 400, 900, 0), { columns: 1, width: 400 });
});

test('tilesThatWouldBeTooSmallAreScrolled', () => {
  assert.deepEqual(layoutFor(24, 320, 600, 2), { columns: 2, width: 157 });
  assert.deepEqual(layoutFor(5, 100, 100, 0), { columns: 1, width: 100 });
});

test('arrowsLeadThroughTheGridAndNotOutOfIt', () => {
  assert.equal(placeAfter('ArrowRight', 0, 6, 3), 1);
  assert.equal(placeAfter('ArrowDown', 1, 6, 3), 4);
  assert.equal(placeAfter('ArrowDown', 4, 6, 3), 4);
  assert.equal(placeAfter('ArrowLeft', 0, 6, 3), 0);
  assert.equal(placeAfter('End', 2, 6, 3), 5);
  assert.equal(placeAfter('Home', 2, 6, 3), 0);
  assert.equal(placeAfter('x', 2, 6, 3), 2);
});

test('whatIsMovedLeavesTheOthersInOrder', () => {
  assert.deepEqual(moved(['a', 'b', 'c', 'd'], 0, 2), ['b', 'c', 'a', 'd']);
  assert.deepEqual(moved(['a', 'b', 'c', 'd'], 3, 0), ['d', 'a', 'b', 'c']);
});
