// @ts-check

/**
 * One key of a source's file, as the form asks for it.
 *
 * @typedef {object} Field
 * @property {string} key with dots for what is within a key: `process.nice`
 * @property {string} label
 * @property {'text' | 'address' | 'number' | 'switch' | 'choice' | 'secret' | 'key' | 'lines' | 'origins'} type
 * @property {boolean} [required]
 * @property {string} [usual] what counts where nothing is set, shown in the empty field
 * @property {boolean} [isOn] of a switch: whether it is on where nothing is set
 * @property {[string, string][]} [choices] value and label; the first one counts where nothing is set
 * @property {number} [least]
 * @property {number} [most]
 * @property {number} [step]
 * @property {string} [hint]
 * @property {RegExp} [only] addresses that it makes sense with
 * @property {boolean} [isInMedia] whether it is a path below the folder media
 * @property {boolean} [isIdElse] whether the source's own id counts where nothing is set
 *
 * @typedef {object} Kind
 * @property {string} kind
 * @property {string} name
 * @property {string} about
 * @property {Field[]} fields
 * @property {'rtmp' | 'srt' | 'http' | 'pictures'} [publish] somebody brings it
 */

/** @param {string} width @param {string} height @param {string} fps @returns {Field[]} */
const pictureSize = (width, height, fps) => [
  { key: 'width', label: 'Width', type: 'number', usual: width, least: 16, most: 3840, step: 2 },
  { key: 'height', label: 'Height', type: 'number', usual: height, least: 16, most: 2160, step: 2 },
  { key: 'fps', label: 'Frames per second', type: 'number', usual: fps, least: 1, most: 60 },
];

/** @type {Field} */
const publishKey = { key: 'key', label: 'Key', type: 'key', required: true, hint: 'Whoever brings the stream has to know it. One was made; it is shown again, ready to paste, when the source is there.' };

/** @type {Field} */
const takeOver = { key: 'takeOver', label: 'A second publisher takes the first one’s place', type: 'switch', hint: 'Else it is refused for as long as the first one is there.' };

/** @type {Kind[]} */
export const kinds = [
  {
    kind: 'url', name: 'Camera or stream by its address', about: 'an IP camera, or what another server sends: RTSP, HTTP, HLS, RTMP, SRT, UDP',
    fields: [
      { key: 'url', label: 'Address', type: 'address', required: true },
      { key: 'user', label: 'User', type: 'text', hint: 'Of the camera, if it asks for one.', only: /^(?!srt|udp)/i },
      { key: 'password', label: 'Password', type: 'secret', hint: 'It is kept apart, and never shown again.', only: /^(?!srt|udp)/i },
      { key: 'passphrase', label: 'Passphrase', type: 'secret', hint: '10 to 79 characters, if the other side has one.', only: /^srt/i },
    ],
  },
  {
    kind: 'rtmp-publish', name: 'OBS or ffmpeg sends it', about: 'somebody streams to this server, by RTMP', publish: 'rtmp',
    fields: [publishKey, takeOver],
  },
  {
    kind: 'srt-publish', name: 'Sent by SRT', about: 'encrypted, for networks that lose packets', publish: 'srt',
    fields: [
      { key: 'port', label: 'Port', type: 'number', required: true, least: 1, most: 65_535, hint: 'Such as 9000, by UDP; each source has its own. Whoever sends has to reach it.' },
      { key: 'passphrase', label: 'Passphrase', type: 'secret', hint: '10 to 79 characters; without one anybody may send.' },
    ],
  },
  {
    kind: 'http-publish', name: 'Sent by HTTP', about: 'a program streams in one request: ffmpeg, curl', publish: 'http',
    fields: [publishKey, takeOver],
  },
  {
    kind: 'pictures', name: 'Single pictures', about: 'a program sends one now and then: a plot, a dashboard', publish: 'pictures',
    fields: [publishKey, takeOver, { key: 'lostAfter', label: 'Lost after', type: 'text', usual: '1m', hint: 'When no new picture comes for so long, such as 30s, 5m or 2h.' }],
  },
  {
    kind: 'webcam', name: 'Webcam', about: 'at a USB port of the server',
    fields: [
      { key: 'device', label: 'Device', type: 'text', usual: '/dev/video0', hint: 'Or one below /dev/v4l/by-id/, which stays the same whatever else is plugged in.' },
      ...pictureSize('640', '480', '30'),
      { key: 'pixels', label: 'Form of its pictures', type: 'choice', choices: [['auto', 'The best it has'], ['h264', 'H.264'], ['mjpeg', 'MJPEG'], ['raw', 'Raw']] },
    ],
  },
  {
    kind: 'pi-camera', name: 'Raspberry Pi camera', about: 'at the ribbon cable; the Pi’s hardware encodes',
    fields: [
      { key: 'camera', label: 'Camera', type: 'number', usual: '0', least: 0, most: 7 },
      ...pictureSize('1280', '720', '30'),
      { key: 'bitrate', label: 'Bits per second', type: 'text', usual: '2M', hint: 'k and M are 1000 and 1,000,000.' },
      { key: 'rotation', label: 'Rotation', type: 'choice', choices: [['0', 'None'], ['180', 'Upside down']] },
      { key: 'flip', label: 'Mirrored', type: 'choice', choices: [['none', 'Not'], ['horizontal', 'Left and right'], ['vertical', 'Up and down'], ['both', 'Both']] },
      { key: 'keyframeSeconds', label: 'Seconds between keyframes', type: 'number', usual: '2', least: 1, most: 10 },
    ],
  },
  {
    kind: 'file', name: 'File', about: 'films that lie on the server, in its folder “media”',
    fields: [
      { key: 'path', label: 'File', type: 'text', hint: 'Such as clips/a.mp4', isInMedia: true },
      { key: 'paths', label: 'Or several, played in turn', type: 'lines', hint: 'One a line; then the field before stays empty.' },
      { key: 'loop', label: 'Begin again at the end', type: 'switch', isOn: true },
    ],
  },
  {
    kind: 'folder', name: 'Folder of pictures', about: 'JPEGs on the server, one after another or always the newest',
    fields: [
      { key: 'path', label: 'Folder', type: 'text', required: true, hint: 'Such as pictures/gate', isInMedia: true },
      { key: 'mode', label: 'Show', type: 'choice', choices: [['loop', 'All of them, again and again'], ['watch', 'The newest, and each that comes']] },
      { key: 'fps', label: 'Pictures per second', type: 'number', usual: '25', least: 1, most: 60 },
    ],
  },
  {
    kind: 'screen', name: 'Screen of the server', about: 'what is shown on its display, by X11',
    fields: [
      { key: 'display', label: 'Display', type: 'text', usual: ':0' },
      { key: 'left', label: 'Pixels from the left', type: 'number', usual: '0', least: 0, most: 16_384 },
      { key: 'top', label: 'Pixels from the top', type: 'number', usual: '0', least: 0, most: 16_384 },
      ...pictureSize('1280', '720', '15'),
    ],
  },
  {
    kind: 'relay', name: 'Source of another Zoetrope', about: 'had from there once, however many watch it here',
    fields: [
      { key: 'origin', label: 'Address of that node', type: 'origins', required: true, hint: 'Such as https://ingress.example:8443. Several that have the same source: one a line, the preferred one first. What is another for one of them stands behind it, such as key=b-key.' },
      { key: 'source', label: 'Source there', type: 'text', required: true, isIdElse: true, hint: 'Its id at that node, such as front-gate; * for all of them.' },
      { key: 'form', label: 'What is taken', type: 'choice', choices: [['renditions', 'Its renditions, as they are there'], ['packets', 'What the source brings; renditions are made here']], hint: 'The second takes a processor here, and lets you choose sizes here.' },
      { key: 'prefix', label: 'Put before their ids', type: 'text', hint: 'Where it is all of them: such as north-, so that they do not meet those here.' },
      { key: 'key', label: 'Node key', type: 'secret', hint: 'Made at that node, at its page “Nodes”. It is kept apart, and never shown again. It is not needed where each address has its own.' },
      { key: 'ca', label: 'Certificates that sign that node’s', type: 'text', hint: 'A file in PEM below this server’s home folder, such as certs/own-ca.pem, if the node’s certificate is signed by an authority of your own.' },
      { key: 'pin', label: 'Or that very certificate', type: 'text', hint: 'sha256: and its fingerprint, if it signed itself.' },
    ],
  },
  { kind: 'test-pattern', name: 'Test pattern', about: 'a moving picture, to try things', fields: pictureSize('640', '360', '25') },
];

/** @param {string} kind */
export function kindOf(kind) {
  return kinds.find((each) => each.kind === kind);
}

/** @type {Field[]} */
export const nameFields = [
  { key: 'title', label: 'Title', type: 'text', hint: 'What people see, such as Front gate.' },
  { key: 'access', label: 'Who may watch', type: 'choice', choices: [['public', 'Everybody'], ['signed-in', 'Who is signed in and may watch it, or has a link'], ['link', 'Who has a share link']], hint: 'Everybody means whoever reaches this server, without a password.' },
];

/** @type {Field[]} */
export const runningFields = [
  { key: 'keepRunning', label: 'Keep it running without viewers', type: 'switch', hint: 'Then its first picture is there at once; but it takes network and processor all the time.' },
  { key: 'linger', label: 'Go on after the last viewer', type: 'text', usual: '10s' },
  { key: 'startTimeout', label: 'Wait for the first picture', type: 'text', usual: '15s' },
  { key: 'stallTimeout', label: 'Begin anew after silence of', type: 'text', usual: '5s', hint: 'All times are such as 500ms, 10s, 5m or 2h.' },
];

/** @type {Field[]} */
export const furtherFields = [
  { key: 'origins', label: 'Pages that may play it for who is signed in', type: 'lines', hint: 'One origin a line, such as https://example.com. Pages of this server always may.' },
  { key: 'process.nice', label: 'Nice level', type: 'number', usual: '0', least: 0, most: 19, hint: 'The higher, the more it gives way to other programs.' },
  { key: 'process.cpu', label: 'Most CPU, percent of a core', type: 'number', usual: 'any', least: 1, most: 6400 },
  { key: 'process.memory', label: 'Most memory', type: 'text', usual: 'any', hint: 'Such as 500m or 2g.' },
  { key: 'process.threads', label: 'Threads of an encoder', type: 'number', usual: '1', least: 1, most: 64 },
];

/**
 * The formats that can be switched off, each with its settings.
 *
 * @type {{format: string, name: string, about: string, fields: Field[]}[]}
 */
export const renditionFields = [
  {
    format: 'fmp4', name: 'fMP4', about: 'What the player takes first: the sharpest, with sound.',
    fields: [
      { key: 'renditions.fmp4.encode', label: 'Encode', type: 'choice', choices: [['auto', 'Only what browsers cannot play'], ['always', 'Always']] },
      { key: 'renditions.fmp4.width', label: 'Most width', type: 'number', usual: '1280', least: 16, most: 3840, step: 2 },
      { key: 'renditions.fmp4.bitrate', label: 'Bits per second', type: 'text', usual: '2500k' },
    ],
  },
  {
    format: 'mpeg1', name: 'MPEG-1', about: 'With sound, for old devices and VLC.',
    fields: [
      { key: 'renditions.mpeg1.width', label: 'Most width', type: 'number', usual: '640', least: 16, most: 3840, step: 2 },
      { key: 'renditions.mpeg1.bitrate', label: 'Bits per second', type: 'text', usual: '800k' },
    ],
  },
  {
    format: 'mjpeg', name: 'MJPEG', about: 'For image elements and home automation; without sound.',
    fields: [
      { key: 'renditions.mjpeg.width', label: 'Most width', type: 'number', usual: '640', least: 16, most: 3840, step: 2 },
      { key: 'renditions.mjpeg.quality', label: 'Quality, 2 is best', type: 'number', usual: '5', least: 2, most: 31 },
    ],
  },
  {
    format: 'gif', name: 'GIF', about: 'Plays wherever an image does; without sound.',
    fields: [
      { key: 'renditions.gif.width', label: 'Most width', type: 'number', usual: '320', least: 16, most: 3840, step: 2 },
      { key: 'renditions.gif.fps', label: 'Frames per second', type: 'number', usual: '10', least: 1, most: 50 },
      { key: 'renditions.gif.bytesPerSecond', label: 'Most bytes per second', type: 'text', usual: 'any', hint: 'Such as 200k.' },
    ],
  },
];
