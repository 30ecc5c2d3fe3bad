// @ts-check

const speaker = '<path d="M3 9v6h4l5 5V4L7 9z"/>';

/** Drawn on 24 by 24; what is a line has the class `line`. */
const drawings = Object.freeze({
  play: '<path d="M7 4.5v15l13-7.5z"/>',
  pause: '<path d="M6 5h4v14H6zM14 5h4v14h-4z"/>',
  sound: `${speaker}<path class="line" d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"/>`,
  mute: `${speaker}<path class="line" d="m16 9.5 5 5m0-5-5 5"/>`,
  way: '<path class="line" d="M3 7h9m7 0h2M3 17h2m7 0h9"/><circle class="line" cx="15.5" cy="7" r="2.5"/><circle class="line" cx="8.5" cy="17" r="2.5"/>',
  statistics: '<path d="M4 20v-7h4v7zM10 20V4h4v16zM16 20v-10h4v10z"/>',
  snapshot: '<path class="line" d="M3 8h4l2-3h6l2 3h4v11H3z"/><circle class="line" cx="12" cy="13" r="3.2"/>',
  pictureInPicture: '<path class="line" d="M3 5h18v14H3z"/><path d="M12 12h7v5h-7z"/>',
  fullScreen: '<path class="line" d="M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5"/>',
  window: '<path class="line" d="M9 4v5H4m16 0h-5V4m0 16v-5h5M4 15h5v5"/>',
});

/**
 * A button's picture, which says nothing: its label does.
 *
 * @param {keyof typeof drawings} name
 */
export function icon(name) {
  const template = document.createElement('template');
  template.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawings[name]}</svg>`;
  return /** @type {SVGElement} */ (template.content.firstChild);
}
