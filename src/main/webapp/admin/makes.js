// @ts-check
import { hostOf } from './address.js';
import { labelled, make, setText } from './dom.js';

/**
 * A make of cameras, and where its stream mostly is.
 *
 * @typedef {object} Make
 * @property {string} name
 * @property {string} address without the camera's own name, which goes behind `://`
 * @property {string} [hint] what else is to be known of it
 */

/** @type {readonly Make[]} */
export const makes = Object.freeze([
  { name: 'Axis', address: 'rtsp:///axis-media/media.amp' },
  { name: 'Dahua, Amcrest, Lorex', address: 'rtsp:///cam/realmonitor?channel=1&subtype=0', hint: 'subtype=1 is its smaller stream.' },
  { name: 'D-Link', address: 'rtsp:///live1.sdp', hint: 'live2.sdp is its smaller stream.' },
  { name: 'ESP32-CAM', address: 'http://:81/stream' },
  { name: 'Foscam', address: 'rtsp://:88/videoMain', hint: 'The port is that of its web page; videoSub is its smaller stream.' },
  { name: 'Hanwha, Samsung Wisenet', address: 'rtsp:///profile2/media.smp', hint: 'profile3 is mostly its smaller stream.' },
  { name: 'Hikvision', address: 'rtsp:///Streaming/Channels/101', hint: '102 is its smaller stream.' },
  { name: 'Reolink', address: 'rtsp:///h264Preview_01_main', hint: 'RTSP may have to be switched on at the camera first, among its network ports. sub instead of main is its smaller stream.' },
  { name: 'TP-Link Tapo, VIGI', address: 'rtsp:///stream1', hint: 'First make a “camera account” in its app, among the advanced settings: user and password are those, not the app’s own. stream2 is its smaller stream.' },
  { name: 'UniFi Protect', address: 'rtsps://:7441/', hint: 'Its page shows the whole address, once RTSP is switched on in the settings of the camera.' },
  { name: 'Vivotek', address: 'rtsp:///live.sdp', hint: 'live2.sdp is its smaller stream.' },
  { name: 'Android phone with the app “IP Webcam”', address: 'http://:8080/video' },
  { name: 'MJPG-Streamer', address: 'http://:8080/?action=stream' },
  { name: 'MediaMTX, go2rtc', address: 'rtsp://:8554/NAME', hint: 'NAME is what the stream is called there.' },
]);

/**
 * The address that a camera of this make mostly has.
 *
 * @param {Make} make
 * @param {string} host empty where it is not known yet
 */
export function typicalAddress({ address }, host) {
  return address.replace('://', `://${host}`);
}

/**
 * Offers the makes, and fills in the address of the one that is chosen.
 *
 * @param {HTMLInputElement} input of the address; a camera's name or number that is in it stays
 */
export function makeChoice(input) {
  const choice = make('select', { name: 'make' }, make('option', { value: '' }, 'Choose its make'),
      ...makes.map(({ name }, i) => make('option', { value: String(i) }, name)));
  const hint = make('p', { class: 'hint', role: 'status' });
  choice.addEventListener('change', () => {
    const chosen = choice.value === '' ? undefined : makes[Number(choice.value)];
    setText(hint, chosen?.hint ?? '');
    if (chosen) {
      input.value = typicalAddress(chosen, hostOf(input.value));
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  input.addEventListener('focus', () => requestAnimationFrame(() => leadToHost(input)));
  input.addEventListener('paste', (event) => pasteWhole(event, input));
  const field = labelled('Not sure? Typical addresses', choice, 'Fills in what is usual; the camera’s manual has the last word.');
  field.append(hint);
  return field;
}

/**
 * Puts the cursor where the camera's name or number is missing, unless all is chosen to be replaced.
 *
 * @param {HTMLInputElement} input
 */
function leadToHost(input) {
  const [beginning] = /^[a-z]+:\/\/(?=[:/])/i.exec(input.value) ?? [];
  if (beginning && input.selectionStart === input.selectionEnd) {
    input.setSelectionRange(beginning.length, beginning.length);
  }
}

/**
 * A whole address takes the place of all that is there, wherever the cursor has been led to.
 *
 * @param {ClipboardEvent} event @param {HTMLInputElement} input
 */
function pasteWhole(event, input) {
  const text = event.clipboardData?.getData('text').trim() ?? '';
  if (/^[a-z]+:\/\//i.test(text)) {
    event.preventDefault();
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
