// @ts-check

/**
 * What can be said of an address while it is typed.
 *
 * @typedef {object} AddressCheck
 * @property {'empty' | 'wrong' | 'doubtful' | 'good'} verdict
 * @property {string} words for people
 * @property {string} [instead] what was probably meant
 * @property {boolean} [isCut] only its beginning is missing: taken for granted once it is typed to the end
 * @property {string} [user] stands in the address and belongs into a field of its own
 * @property {string} [password]
 * @property {string} [without] the address without them
 */

/** What can be pulled, and what each is, for people. */
const schemes = Object.freeze({
  rtsp: 'RTSP, as most cameras speak it',
  rtsps: 'RTSP with TLS',
  rtmp: 'RTMP, pulled from a server',
  rtmps: 'RTMP with TLS',
  http: 'HTTP: MJPEG, HLS, or a file',
  https: 'HTTPS: MJPEG, HLS, or a file',
  srt: 'SRT',
  udp: 'MPEG-TS by UDP',
});

/** By which port what is fetched shows, where nobody says it. */
const schemesOfPorts = Object.freeze({ 80: 'http', 81: 'http', 443: 'https', 1935: 'rtmp', 8080: 'http', 8081: 'http' });

const beginning = new RegExp(`^(${Object.keys(schemes).join('|')})(?::|$)/*`, 'i');
const form = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[0-9a-f:.]*\]?|[^:/?#]*)(?::([^/?#]*))?([/?#].*)?$/i;

/** The beginning, if it is there, and user and password: which may have spaces, and what else ends them in an address. */
const beforeHost = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*|[^/?#:@]+:(?!\d{1,5}(?:[/?]|$)).*)@/i;

/** @param {string} text @returns {AddressCheck} */
export function checkAddress(text) {
  const address = text.trim();
  if (address === '') {
    return { verdict: 'empty', words: 'Such as rtsp://192.168.1.20/stream1. The number stands in the camera’s app, or in the list of devices of your router; what follows it, in the camera’s manual, often under “RTSP”.' };
  }
  const [kept, begun = '', login = ''] = beforeHost.exec(address) ?? [''];
  if (/[/?#]/.test(login)) {
    const [user, ...password] = login.split(':');
    return checkAddress(`${begun}${encodeURIComponent(user)}:${encodeURIComponent(password.join(':'))}@${address.slice(kept.length)}`);
  }
  if (/\s/.test(address.slice(kept.length))) {
    return { verdict: 'wrong', words: 'There is a space in it.', instead: kept + address.slice(kept.length).replaceAll(/\s/g, '') };
  }
  const parts = form.exec(address);
  if (!parts) {
    const [cut, known] = beginning.exec(address) ?? [''];
    const rest = address.slice(cut.length);
    if (rest === '') {
      return { verdict: 'wrong', words: 'After the beginning, :// and the camera’s name or number are expected, such as rtsp://192.168.1.20.' };
    }
    const scheme = known ?? usualScheme(rest);
    return { verdict: 'doubtful', words: `It has to begin with how it is fetched: ${scheme}:// is taken.`, instead: `${scheme}://${rest}`, isCut: true };
  }
  const [, scheme, told, host, port, path = ''] = parts;
  const kind = schemes[/** @type {keyof typeof schemes} */ (scheme.toLowerCase())];
  if (!kind) {
    return { verdict: 'wrong', words: `${scheme}:// is not known. Known are ${Object.keys(schemes).join(', ')}.` };
  }
  if (host === '' && scheme.toLowerCase() !== 'udp') {
    return { verdict: 'wrong', words: 'The camera’s name or number is missing after ://. It is such as 192.168.1.20.' };
  }
  if (host.startsWith('[') && !host.endsWith(']')) {
    return { verdict: 'wrong', words: 'The bracket of the IPv6 address has no end: ].' };
  }
  if (/^[\d.]+$/.test(host) && !isFourNumbers(host)) {
    return { verdict: 'wrong', words: `${host} has to be four numbers up to 255, such as 192.168.1.20.` };
  }
  if (port !== undefined && (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)) {
    return { verdict: 'wrong', words: `After the colon a port from 1 to 65535 is expected, not “${port}”.` };
  }
  if (told !== undefined) {
    const [user, ...password] = told.split(':');
    return {
      verdict: 'good', words: `${kind}. User and password go into fields of their own.`,
      user: decoded(user), password: decoded(password.join(':')),
      without: `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}`,
    };
  }
  return doubt(scheme.toLowerCase(), host, port, path) ?? { verdict: 'good', words: `${kind}.` };
}

/** The camera's name or number in what was typed so far; empty if there is none. @param {string} text */
export function hostOf(text) {
  const address = text.trim();
  const parts = form.exec(address) ?? form.exec(`rtsp://${address.replace(beginning, '')}`);
  return parts?.[3] ?? '';
}

/** How an address is fetched that begins with the camera's name or number. @param {string} address */
function usualScheme(address) {
  const port = /^(?:[^/?#]*@)?[^:/?#]*:(\d+)/.exec(address)?.[1] ?? '';
  return schemesOfPorts[/** @type {keyof typeof schemesOfPorts} */ (/** @type {unknown} */ (port))] ?? 'rtsp';
}

/**
 * @param {string} scheme
 * @param {string} host
 * @param {string | undefined} port
 * @param {string} path
 * @returns {AddressCheck | undefined}
 */
function doubt(scheme, host, port, path) {
  if (/^169\.254\./.test(host)) {
    return { verdict: 'doubtful', words: '169.254… are addresses of machines that got none from the network; the server refuses them unless it is told otherwise.' };
  }
  if (scheme.startsWith('rtsp') && /^\/?$/.test(path)) {
    return { verdict: 'doubtful', words: 'Most cameras want a path after the name, such as /stream1: the camera’s make tells which, below. It may work without.' };
  }
  if (scheme.startsWith('http') && /^\/?$/.test(path)) {
    return { verdict: 'doubtful', words: 'This looks like the camera’s web page. Its stream often is /video.mjpg, or an address that ends with .m3u8.' };
  }
  if (/(^|\.)(youtube\.com|youtu\.be|twitch\.tv|facebook\.com)$/i.test(host)) {
    return { verdict: 'doubtful', words: 'This is the address of a page: such sites do not hand out their streams by it.' };
  }
  if ((scheme === 'srt' || scheme === 'udp') && port === undefined) {
    return { verdict: 'doubtful', words: 'A port is missing, such as :9000.' };
  }
  return undefined;
}

/** @param {string} host */
function isFourNumbers(host) {
  const numbers = host.split('.');
  return numbers.length === 4 && numbers.every((number) => /^\d{1,3}$/.test(number) && Number(number) <= 255);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that stands for itself
  }
}
