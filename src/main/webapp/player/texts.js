// @ts-check
import en from './texts/en.js';

/**
 * @typedef {Record<string, string>} Texts by key, with `{name}` for what is filled in
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Say
 */

/** The languages there is a file for in `texts/`. */
export const languages = Object.freeze(['de', 'en', 'es', 'fr']);

/** @type {Map<string, Texts>} what has been loaded, by language */
const loaded = new Map([['en', en]]);
/** @type {Map<string, Promise<boolean>>} what has been asked for; whether it came */
const loading = new Map();

/**
 * What the player says, in the language of the nearest `lang` attribute, else in the viewer's first
 * language that there is, else in English; in English also until the other has been loaded.
 *
 * @param {Element} element
 * @param {() => void} [onload] a language has been loaded: what was said before may read otherwise
 * @returns {Say}
 */
export function texts(element, onload = () => {}) {
  const language = choose([nearestLanguage(element), ...(globalThis.navigator?.languages ?? [])]);
  if (!loaded.has(language)) {
    load(language).then((isLoaded) => isLoaded && onload());
  }
  return (key, values = {}) => fill(loaded.get(language)?.[key] ?? /** @type {Texts} */ (en)[key] ?? key, values);
}

/**
 * @param {readonly string[]} wanted as browsers write them, `de-AT`; the first that there is
 * @returns {string}
 */
export function choose(wanted) {
  const known = wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => languages.includes(tag));
  return known ?? 'en';
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values for `{name}`; what has no value stays
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Also through the borders of shadow trees.
 *
 * @param {Element} element
 */
function nearestLanguage(element) {
  for (let place = element; ; ) {
    const found = place.closest('[lang]');
    if (found) {
      return found.getAttribute('lang') ?? '';
    }
    const root = place.getRootNode();
    if (!('host' in root)) {
      return '';
    }
    place = /** @type {ShadowRoot} */ (root).host;
  }
}

/** @param {string} language whose file is loaded once for all players of the page */
function load(language) {
  let coming = loading.get(language);
  if (!coming) {
    coming = import(new URL(`texts/${language}.js`, import.meta.url).href).then(
      (file) => {
        loaded.set(language, file.default);
        return true;
      },
      (error) => {
        console.info(`zoetrope-player: no texts in ${language}: ${error}`);
        return false;
      },
    );
    loading.set(language, coming);
  }
  return coming;
}
