// @ts-check

/** Whether that is the name of the computer itself, which means another one elsewhere. @param {string} hostname */
export function isHereOnly(hostname) {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]';
}

/** What to say where addresses are given away; empty where they work elsewhere too. */
export function hereOnlyWords() {
  return isHereOnly(location.hostname)
      ? `“${location.hostname}” is this computer alone. For others, open this page by the name or number that the server has in the network, such as 192.168.1.10: then that is what stands here.`
      : '';
}
