// @ts-check

/** What the player says, in English; every other language has the same keys. */
export default Object.freeze({
  picture: 'Live picture',
  'play-moving': 'Play',
  'no-such-source': 'There is no such source.',
  denied: 'You may not watch this source.',
  unsupported: 'This browser cannot play the stream this way. Please choose another way.',
  unavailable: 'The source gives no picture at the moment.',
  restarting: 'The stream restarts.',
  timeout: 'No picture comes.',
  lost: 'The connection was lost.',
  'trying-again': '{why} Trying again in {seconds} s.',
  late: 'No picture yet. Still trying; meanwhile you see the newest still.',
  stalled: 'No new picture for some seconds. Waiting for the source.',
});
