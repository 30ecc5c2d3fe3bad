// @ts-check

/**
 * A node that has a source, as files write it: its address, or that with keys of its own.
 *
 * @typedef {string | Record<string, string>} OriginEntry
 */

/** As a line that can be typed: the address, then what is its own, such as key=b-key. @param {unknown} entry */
export function originLine(entry) {
  if (typeof entry !== 'object' || entry === null) {
    return String(entry ?? '');
  }
  const { url = '', ...own } = /** @type {Record<string, unknown>} */ (entry);
  return [url, ...Object.entries(own).map(([key, value]) => `${key}=${value}`)].join(' ');
}

/** What a line means. @param {string} line @returns {OriginEntry} */
export function originEntry(line) {
  const [url, ...own] = line.trim().split(/\s+(?=[a-z]+=)/i);
  if (own.length === 0) {
    return url;
  }
  return Object.fromEntries([['url', url], ...own.map((each) => {
    const at = each.indexOf('=');
    return [each.slice(0, at), each.slice(at + 1)];
  })]);
}
